import type { Clouds } from "../../../ops/clients/clouds";
import type { ConfigValues, Stack } from "../../../ops/stacks";
import { contoso, type Seed } from "../../../twin/index";
import { accessSeed } from "../../support/access-seed";

/** Permissions of the administrator by hand, to change people and provisioning as well. */
const BY_HAND = ["User.ReadWrite.All", "Synchronization.ReadWrite.All"];
export const usersToken = {
  name: "users",
  value: "users_not_a_real_token_0000000000000000000000",
  permissions: ["Access: Users Read"],
};

/** Permissions of the deployer beside those that it needs, for `verify`. */
const TO_VERIFY = ["Directory.Read.All"];

/** {@link accessSeed}, with an administrator who may change people and provisioning, and a token that reads seats. */
export const managedSeed: Seed = {
  tenants: accessSeed.tenants.map((tenant) => ({
    ...tenant,
    principals: tenant.principals.map((one) => {
      const { deployer, administrator } = contoso;
      const more = { [administrator.appId]: BY_HAND, [deployer.appId]: TO_VERIFY }[one.appId] ?? [];
      return { ...one, permissions: [...one.permissions, ...more] };
    }),
  })),
  accounts: accessSeed.accounts.map((account) =>
    account.id === contoso.accountId ? { ...account, tokens: [...account.tokens, usersToken] } : account,
  ),
};

export const managedScim = {
  enabled: true,
  userDeprovision: true,
  seatDeprovision: true,
  provisioning: "managed",
};

/** Settings of a stack that manages provisioning, with applications for the group Engineers. */
export function managedConfig(scim: object = managedScim, ...groups: string[]): ConfigValues {
  const entraGroups = ["Engineers", ...groups];
  const access = {
    groups: { people: { include: { entraGroups } } },
    policies: { people: { include: ["people"] } },
    applications: Object.fromEntries(
      ["wiki", "ci"].map((name) => [name, { hostnames: [`${name}.contoso.test`], policies: ["people"] }]),
    ),
  };
  return { "entra-access:access": access, "entra-access:identityProvider": { scim } };
}

/** The Entra side of a managed stack, as the administrator sees it. */
export async function readManaged(stack: Stack, { graph }: Pick<Clouds, "graph">) {
  const { provisioning } = await stack.outputs();
  if (!provisioning) throw new Error("the stack does not manage provisioning");
  const { applicationObjectId, servicePrincipalObjectId, jobId } = provisioning.value;
  const principal = `/servicePrincipals/${servicePrincipalObjectId}`;
  const job = `${principal}/synchronization/jobs/${jobId}`;
  return {
    application: `/applications/${applicationObjectId}`,
    principal,
    job,
    readJob: () => graph.api(job).get(),
    /** Fails unless Cloudflare takes the credentials that Entra has. */
    validate: () => graph.api(`${job}/validateCredentials`).post({ useSavedCredentials: true }),
    async listAssigned(): Promise<{ id: string; principalDisplayName: string; appRoleId: string }[]> {
      return (await graph.api(`${principal}/appRoleAssignedTo`).get()).value;
    },
  };
}
