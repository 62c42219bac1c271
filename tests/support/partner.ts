import { join } from "node:path";
import { fabrikam } from "../../twin/index";
import { createCheckpoint } from "./checkpoint";
import { type EngineFixture, setClockToNow } from "./engine-fixture";

/** Fabrikam's tenant as a second one of Contoso's stack and account: an entry of `access.identityProviders`. */
export const partner = {
  owned: true,
  tenantId: fabrikam.tenantId,
  clientId: fabrikam.deployer.appId,
  clientSecret: fabrikam.deployer.secret,
};

/** Creates settings of a stack with both tenants, without access rules. */
export const withPartner = (more: object = {}) => ({
  "entra-access:access": { identityProviders: { fabrikam: { ...partner, ...more } } },
});

/** Deploys a stack with both tenants. @returns also its outputs about Fabrikam, and a checkpoint */
export async function deployBoth(lab: EngineFixture) {
  const directory = join(lab.folder, "stack");
  const stack = await lab.stack({ directory, config: withPartner() });
  await stack.up();
  setClockToNow(lab);
  const made: Record<string, string> = (await stack.outputs()).identityProviders?.value.fabrikam;
  return { stack, made, deployed: createCheckpoint(lab, directory) };
}
