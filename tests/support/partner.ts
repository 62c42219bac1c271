import { join } from "node:path";
import { fabrikam } from "../../twin/index";
import { checkpoint } from "./checkpoint";
import { afterTheUpdate, type Lab } from "./lab";

/** Fabrikam's tenant as a second one of Contoso's stack and account: an entry of `access.identityProviders`. */
export const partner = {
  owned: true,
  tenantId: fabrikam.tenantId,
  clientId: fabrikam.deployer.appId,
  clientSecret: fabrikam.deployer.secret,
};

/** Settings of a stack with both tenants, and nothing that anybody reaches. */
export const withPartner = (more: object = {}) => ({
  "entra-access:access": { identityProviders: { fabrikam: { ...partner, ...more } } },
});

/** Brings a stack with both tenants up. @returns also what it put out of Fabrikam's, and how to come back to this */
export async function deployBoth(lab: Lab) {
  const directory = join(lab.folder, "stack");
  const stack = await lab.stack({ directory, config: withPartner() });
  await stack.up();
  afterTheUpdate(lab);
  const made: Record<string, string> = (await stack.outputs()).identityProviders?.value.fabrikam;
  return { stack, made, deployed: checkpoint(lab, directory) };
}
