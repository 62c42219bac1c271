import { listRoleTemplateIds } from "../store/entra/directory-roles";
import { AZURE_CLI_ID } from "../store/entra/registrations";
import type { Store } from "../store/store";
import { signToken } from "./access-tokens";

/**
 * The delegated permissions on Microsoft Graph that the Azure CLI has in every tenant. It cannot get others: AADSTS65002,
 * https://github.com/Azure/azure-cli/issues/33062
 */
export const AZURE_CLI_SCOPES = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "AuditLog.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.AccessAsUser.All",
  "Group.ReadWrite.All",
  "User.Read.All",
  "User.ReadWrite.All",
];

/**
 * Issues the access token for Microsoft Graph that `az account get-access-token` prints once this person has signed in.
 *
 * @throws RangeError when no tenant has this person
 */
export function issueAzureCliToken(store: Store, userPrincipalName: string): Promise<string> {
  const found = [...store.tenants.values()].flatMap((tenant) =>
    [...tenant.users.values()].map((user) => ({ tenant, user })),
  );
  const person = found.find(({ user }) => user.userPrincipalName === userPrincipalName);
  if (!person) throw new RangeError(`no tenant has ${userPrincipalName}`);
  const { tenant, user } = person;
  const issuer = `https://sts.windows.net/${tenant.id}/`;
  return signToken(store, {
    app_displayname: "Microsoft Azure CLI",
    appid: AZURE_CLI_ID,
    appidacr: "0",
    aud: store.microsoftOrigin,
    idp: issuer,
    idtyp: "user",
    iss: issuer,
    name: user.displayName,
    oid: user.id,
    scp: AZURE_CLI_SCOPES.join(" "),
    sub: user.id,
    tid: tenant.id,
    upn: user.userPrincipalName,
    wids: listRoleTemplateIds(user),
    ver: "1.0",
  });
}
