import { findTeamsDomain } from "../../config/target";
import { type Check, RESTORE } from "./check";
import { formatRole, namePermissions, requireExisting, type VerifyContext } from "./context";

const application = (context: VerifyContext) => requireExisting(context.application(), "app registration");

export const ENTRA_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "tenant",
    subject: "tenant issuer",
    source: "sign-in: GET /{tenant}/v2.0/.well-known/openid-configuration, issuer",
    symptom: "AADSTS90002",
    advice: "Check that tenantId is correct and that azuread:environment names the tenant's cloud.",
    async run({ clouds, expected }) {
      const path = `/${expected.tenantId.toLowerCase()}/v2.0`;
      const { issuer, refused } = await (await clouds.entra()).readOpenIdConfiguration(expected.tenantId);
      if (!issuer) return { actual: String(refused), expected: path };
      // Some clouds have another host for the issuer than for the sign-in, so only the paths are compared.
      return { actual: issuer, expected: `https://...${path}`, passed: new URL(issuer).pathname === path };
    },
  },
  {
    id: "application",
    subject: "app registration",
    source: "Graph: GET /applications/{id}, appId",
    symptom: "AADSTS700016",
    advice: RESTORE,
    async run({ application, expected }) {
      return { actual: (await application())?.appId ?? "none", expected: expected.clientId };
    },
  },
  {
    id: "redirect-uri",
    subject: "redirect URI",
    source:
      "Graph: GET /applications/{id}, web.redirectUris; Cloudflare: GET access/organizations, auth_domain",
    symptom: "AADSTS50011",
    advice: RESTORE,
    async run(context) {
      const { web } = await application(context);
      const { teamName, nextTeamName, accountId } = context.expected;
      const { zeroTrust } = await context.clouds.cloudflare();
      const { auth_domain } = await zeroTrust.organizations.list({ account_id: accountId });
      const actual = formatList(web?.redirectUris);
      const all = [teamName, ...(nextTeamName === undefined ? [] : [nextTeamName])];
      const teamsDomain = findTeamsDomain(auth_domain, ...all);
      const domains = all.map((name) => `${name}.${teamsDomain}`);
      const isExpected = teamsDomain !== undefined;
      const redirectUris = (isExpected ? domains : [auth_domain]).map(
        (domain) => `https://${domain}/cdn-cgi/access/callback`,
      );
      const expected = formatList(redirectUris);
      if (isExpected) return { actual, expected };
      const advice = `The Cloudflare organization's domain is ${auth_domain}: set teamName to match, then run \`npx entra-access up\`.`;
      return { actual, expected, advice };
    },
  },
  {
    id: "other-redirect-uris",
    subject: "redirect URIs of other platforms",
    source: "Graph: GET /applications/{id}, spa.redirectUris, publicClient.redirectUris",
    advice: `${RESTORE} Find out who added them, as tokens can be sent there.`,
    async run(context) {
      const { spa, publicClient } = await application(context);
      return {
        actual: formatList([spa, publicClient].flatMap((at) => at?.redirectUris ?? [])),
        expected: NONE,
      };
    },
  },
  {
    id: "audience",
    subject: "supported account types",
    source: "Graph: GET /applications/{id}, signInAudience",
    advice: RESTORE,
    async run(context) {
      return { actual: String((await application(context)).signInAudience), expected: "AzureADMyOrg" };
    },
  },
  {
    id: "implicit-grant",
    subject: "implicit grant",
    source: "Graph: GET /applications/{id}, web.implicitGrantSettings",
    advice: RESTORE,
    async run(context) {
      const implicit = (await application(context)).web?.implicitGrantSettings;
      const on = [
        ...(implicit?.enableAccessTokenIssuance ? ["access tokens"] : []),
        ...(implicit?.enableIdTokenIssuance ? ["id tokens"] : []),
      ];
      return { actual: formatList(on), expected: NONE };
    },
  },
  {
    id: "permissions",
    subject: "requested permissions",
    source: "Graph: GET /applications/{id}, requiredResourceAccess",
    advice: RESTORE,
    async run(context) {
      const names = namePermissions(await application(context), await context.microsoftGraph());
      const { permissions, applicationPermissions } = context.expected;
      const expected = formatList([...permissions, ...applicationPermissions.map(formatRole)]);
      return { actual: formatList(names), expected };
    },
  },
  {
    id: "service-principal",
    subject: "service principal",
    source: "Graph: GET /servicePrincipals/{id}, accountEnabled",
    advice: RESTORE,
    async run(context) {
      const principal = await context.servicePrincipal();
      const expected = "enabled";
      if (!principal) return { actual: NONE, expected, symptom: "AADSTS700016" };
      return { actual: principal.accountEnabled ? expected : "disabled", expected, symptom: "AADSTS7000112" };
    },
  },
  {
    id: "assignment",
    subject: "user assignment",
    source: "Graph: GET /servicePrincipals/{id}, appRoleAssignmentRequired",
    advice: `${RESTORE} To restrict who may reach an application, use Access policies.`,
    async run(context) {
      const principal = await requireExisting(context.servicePrincipal(), "service principal");
      const { appRoleAssignmentRequired } = principal;
      const describe = (assigned: unknown) => (assigned ? "required" : "not required");
      const symptom = appRoleAssignmentRequired ? "AADSTS50105 for people who are not assigned" : undefined;
      return {
        actual: describe(appRoleAssignmentRequired),
        expected: describe(context.expected.assignedOnly),
        symptom,
      };
    },
  },
  {
    id: "consent",
    subject: "admin consent for Microsoft Graph",
    source: "Graph: GET /oauth2PermissionGrants, scope, with consentType AllPrincipals",
    advice:
      "Run `npx entra-access up` to restore it, as a deployer with DelegatedPermissionGrant.ReadWrite.All.",
    async run(context) {
      const [consents, graph] = await Promise.all([context.consents(), context.microsoftGraph()]);
      const own = consents.filter(({ resourceId }) => resourceId === graph.id);
      const granted = own.flatMap(({ scope }) => scope?.split(" ").filter(Boolean) ?? []);
      const others = consents.filter((consent) => !own.includes(consent)).map(({ resourceId }) => resourceId);
      const { permissions } = context.expected;
      const missing = permissions.some((name) => !granted.includes(name));
      return {
        actual: formatList([...granted, ...others.map((id) => `service principal ${id}`)]),
        expected: formatList(permissions),
        symptom: missing ? "AADSTS65001 or AADSTS90094" : undefined,
      };
    },
  },
  {
    id: "application-consent",
    subject: "application permissions",
    source: "Graph: GET /servicePrincipals/{id}/appRoleAssignments, appRoleId",
    advice: "Run `npx entra-access up` to restore them, as a deployer with AppRoleAssignment.ReadWrite.All.",
    async run(context) {
      await requireExisting(context.servicePrincipal(), "service principal");
      const [granted, graph] = await Promise.all([context.grantedRoles(), context.microsoftGraph()]);
      const names = new Map(graph.appRoles?.map(({ id, value }) => [id, value]));
      const { applicationPermissions } = context.expected;
      return {
        actual: formatList(
          granted.map(({ appRoleId, resourceId }) =>
            resourceId === graph.id ? (names.get(appRoleId) ?? appRoleId) : `${resourceId}/${appRoleId}`,
          ),
        ),
        expected: formatList(applicationPermissions),
      };
    },
  },
];

/** The check of a sign-in for which Cloudflare takes the address from an optional claim. */
export const ID_TOKEN_CLAIM_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "id-token-claims",
    subject: "optional claims of id tokens",
    source: "Graph: GET /applications/{id}, optionalClaims.idToken",
    symptom: "Cloudflare takes another address, and rules about addresses match nobody or somebody else",
    advice: RESTORE,
    async run(context) {
      const { idTokenClaims } = context.expected;
      const { optionalClaims } = await application(context);
      const present = optionalClaims?.idToken?.map(({ name }) => name) ?? [];
      // Claims of others may stay.
      const actual = formatList(idTokenClaims.filter((name) => present.includes(name)));
      return { actual, expected: formatList(idTokenClaims) };
    },
  },
];

const NONE = "none";

function formatList(values: readonly unknown[] | null | undefined): string {
  return [...new Set(values ?? [])].map(String).sort().join(" ") || NONE;
}
