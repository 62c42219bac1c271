import type { Check } from "./check";
import { existing, permissionNames, type Reading } from "./reading";

const UP = "Run `pulumi up`: it restores what the settings say.";

const application = (reading: Reading) => existing(reading.application(), "app registration");
const servicePrincipal = (reading: Reading) => existing(reading.servicePrincipal(), "service principal");

export const ENTRA_CHECKS: readonly Check[] = [
  {
    id: "tenant",
    subject: "tenant and its issuer",
    looksAt: "sign-in: GET /{tenant}/v2.0/.well-known/openid-configuration, issuer",
    peopleSee: "AADSTS90002",
    advice: "Check tenantId, and that azuread:environment names the tenant's cloud.",
    async look({ sight, asked }) {
      const path = `/${asked.tenantId.toLowerCase()}/v2.0`;
      const { issuer, refused } = await (await sight.entra()).readOpenIdConfiguration(asked.tenantId);
      if (!issuer) return { found: String(refused), wanted: path };
      // The host of the issuer is not that of the sign-in in every cloud.
      return { found: issuer, wanted: `https://...${path}`, holds: new URL(issuer).pathname === path };
    },
  },
  {
    id: "application",
    subject: "app registration",
    looksAt: "Graph: GET /applications/{id}, appId",
    peopleSee: "AADSTS700016",
    advice: UP,
    async look({ application, asked }) {
      return { found: (await application())?.appId ?? "none", wanted: asked.clientId };
    },
  },
  {
    id: "redirect-uri",
    subject: "redirect URI",
    looksAt:
      "Graph: GET /applications/{id}, web.redirectUris; Cloudflare: GET access/organizations, auth_domain",
    peopleSee: "AADSTS50011",
    advice: UP,
    async look(reading) {
      const { web } = await application(reading);
      const { teamName, accountId } = reading.asked;
      const { zeroTrust } = await reading.sight.cloudflare();
      const { auth_domain } = await zeroTrust.organizations.list({ account_id: accountId });
      const found = list(web?.redirectUris);
      const wanted = `https://${auth_domain}/cdn-cgi/access/callback`;
      if (auth_domain === `${teamName}.cloudflareaccess.com`) return { found, wanted };
      const advice = `The Cloudflare organization's domain is ${auth_domain}: set teamName to match, then run \`pulumi up\`.`;
      return { found, wanted, advice };
    },
  },
  {
    id: "other-redirect-uris",
    subject: "redirect URIs of other platforms",
    looksAt: "Graph: GET /applications/{id}, spa.redirectUris, publicClient.redirectUris",
    advice: `${UP} Find out who added them: tokens can be sent there.`,
    async look(reading) {
      const { spa, publicClient } = await application(reading);
      return { found: list([spa, publicClient].flatMap((at) => at?.redirectUris ?? [])), wanted: NONE };
    },
  },
  {
    id: "audience",
    subject: "who the application is for",
    looksAt: "Graph: GET /applications/{id}, signInAudience",
    advice: UP,
    async look(reading) {
      return { found: String((await application(reading)).signInAudience), wanted: "AzureADMyOrg" };
    },
  },
  {
    id: "implicit-grant",
    subject: "tokens by implicit grant",
    looksAt: "Graph: GET /applications/{id}, web.implicitGrantSettings",
    advice: UP,
    async look(reading) {
      const implicit = (await application(reading)).web?.implicitGrantSettings;
      const on = [
        ...(implicit?.enableAccessTokenIssuance ? ["access tokens"] : []),
        ...(implicit?.enableIdTokenIssuance ? ["id tokens"] : []),
      ];
      return { found: list(on), wanted: NONE };
    },
  },
  {
    id: "permissions",
    subject: "permissions that the application asks for",
    looksAt: "Graph: GET /applications/{id}, requiredResourceAccess",
    advice: UP,
    async look(reading) {
      const names = permissionNames(await application(reading), await reading.microsoftGraph());
      return { found: list(names), wanted: list(reading.asked.permissions) };
    },
  },
  {
    id: "service-principal",
    subject: "service principal",
    looksAt: "Graph: GET /servicePrincipals/{id}, accountEnabled",
    advice: UP,
    async look(reading) {
      const found = await reading.servicePrincipal();
      const wanted = "enabled";
      if (!found) return { found: NONE, wanted, peopleSee: "AADSTS700016" };
      return { found: found.accountEnabled ? wanted : "disabled", wanted, peopleSee: "AADSTS7000112" };
    },
  },
  {
    id: "assignment",
    subject: "who may sign in",
    looksAt: "Graph: GET /servicePrincipals/{id}, appRoleAssignmentRequired",
    advice: `${UP} Who may reach what is the matter of Access policies.`,
    async look(reading) {
      const { appRoleAssignmentRequired } = await servicePrincipal(reading);
      const who = (assigned: unknown) => (assigned ? "only who is assigned" : "everybody in the tenant");
      const peopleSee = appRoleAssignmentRequired ? "AADSTS50105, unless they are assigned" : undefined;
      return { found: who(appRoleAssignmentRequired), wanted: who(reading.asked.assignedOnly), peopleSee };
    },
  },
  {
    id: "consent",
    subject: "admin consent to Microsoft Graph",
    looksAt: "Graph: GET /oauth2PermissionGrants, scope of those for AllPrincipals",
    advice: "Run `pulumi up` to restore it, as a deployer with DelegatedPermissionGrant.ReadWrite.All.",
    async look(reading) {
      const [consents, graph] = await Promise.all([reading.consents(), reading.microsoftGraph()]);
      const own = consents.filter(({ resourceId }) => resourceId === graph.id);
      const granted = own.flatMap(({ scope }) => scope?.split(" ").filter(Boolean) ?? []);
      const others = consents.filter((consent) => !own.includes(consent)).map(({ resourceId }) => resourceId);
      const { permissions } = reading.asked;
      const missing = permissions.some((name) => !granted.includes(name));
      return {
        found: list([...granted, ...others.map((id) => `service principal ${id}`)]),
        wanted: list(permissions),
        peopleSee: missing ? "AADSTS65001 or AADSTS90094" : undefined,
      };
    },
  },
];

const NONE = "none";

function list(values: readonly unknown[] | null | undefined): string {
  return [...new Set(values ?? [])].map(String).sort().join(" ") || NONE;
}
