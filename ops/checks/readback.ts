import type { Client } from "@microsoft/microsoft-graph-client";
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from "@microsoft/microsoft-graph-types";
import type { Clouds } from "../clients/clouds";
import type { Asked } from "./asked";

/** One thing that was looked at: where, what was found there, and what was asked for. */
export interface Check {
  readonly subject: string;
  readonly found: string;
  readonly wanted: string;
}

const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

export const holds = ({ found, wanted }: Check) => found === wanted;

/** Looks up app, consent and identity provider through the public APIs, and sets them beside what was asked for. */
export async function readBack(clouds: Clouds, asked: Asked): Promise<Check[]> {
  const { graph } = clouds;
  const app: Application = await graph.api(`/applications/${asked.applicationObjectId}`).get();
  const [microsoftGraph]: ServicePrincipal[] = await list(
    graph,
    `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH}'`,
  );
  const grants: OAuth2PermissionGrant[] = await list(
    graph,
    `/oauth2PermissionGrants?$filter=clientId eq '${asked.servicePrincipalObjectId}'`,
  );
  return [
    ...ofApplication(app, microsoftGraph, asked),
    ...ofConsent(grants, microsoftGraph, asked),
    ...(await ofIdentityProvider(clouds, asked)),
  ];
}

function ofApplication(
  app: Application,
  microsoftGraph: ServicePrincipal | undefined,
  asked: Asked,
): Check[] {
  const names = new Map(microsoftGraph?.oauth2PermissionScopes?.map(({ id, value }) => [id, value]));
  const required = app.requiredResourceAccess?.flatMap(({ resourceAppId, resourceAccess }) =>
    (resourceAccess ?? []).map(({ id, type }) =>
      resourceAppId === MICROSOFT_GRAPH && type === "Scope"
        ? (names.get(id) ?? `${id}`)
        : `${resourceAppId}/${id}`,
    ),
  );
  const implicit = app.web?.implicitGrantSettings;
  const check = checker("Entra application");
  return [
    check("client id", app.appId, asked.clientId),
    check("redirect URIs (web)", set(app.web?.redirectUris), asked.redirectUri),
    check(
      "redirect URIs (SPA, public client)",
      set([app.spa, app.publicClient].flatMap((p) => p?.redirectUris ?? [])),
    ),
    check("audience", app.signInAudience, "AzureADMyOrg"),
    check("implicit grant of access tokens", implicit?.enableAccessTokenIssuance, false),
    check("implicit grant of id tokens", implicit?.enableIdTokenIssuance, false),
    check("permissions asked for", set(required), set(asked.permissions)),
  ];
}

function ofConsent(
  grants: readonly OAuth2PermissionGrant[],
  microsoftGraph: ServicePrincipal | undefined,
  asked: Asked,
): Check[] {
  const check = checker("Entra admin consent");
  return [
    check("for whom", set(grants.map(({ consentType }) => consentType)), "AllPrincipals"),
    check(
      "for which API",
      set(grants.map(({ resourceId: id }) => (id === microsoftGraph?.id ? "Microsoft Graph" : id))),
      "Microsoft Graph",
    ),
    check("permissions", set(grants.flatMap(({ scope }) => scope?.split(" ") ?? [])), set(asked.permissions)),
  ];
}

async function ofIdentityProvider({ cloudflare, accountId }: Clouds, asked: Asked): Promise<Check[]> {
  const found = await cloudflare.zeroTrust.identityProviders.get(asked.identityProviderId, {
    account_id: accountId,
  });
  const config = found.config as Record<string, unknown>;
  const check = checker("Cloudflare identity provider");
  return [
    check("type", found.type, "azureAD"),
    check("client id", config.client_id, asked.clientId),
    check("directory id", config.directory_id, asked.tenantId),
    check("support groups", config.support_groups, true),
    check("PKCE", config.pkce_enabled, true),
  ];
}

/** What the clouds hold of the kinds that the stack makes: one line each, sorted. */
export async function inventory({ graph, cloudflare, accountId }: Clouds): Promise<string[]> {
  const kinds = ["applications", "servicePrincipals", "oauth2PermissionGrants"];
  const inEntra = await Promise.all(
    kinds.map(async (kind) =>
      (await list<{ id: string; displayName?: string }>(graph, `/${kind}`)).map(
        ({ id, displayName }) => `${kind} ${displayName ?? ""} ${id}`,
      ),
    ),
  );
  const inCloudflare: string[] = [];
  for await (const provider of cloudflare.zeroTrust.identityProviders.list({ account_id: accountId }))
    inCloudflare.push(`identity_providers ${provider.name} ${provider.id}`);
  return [...inEntra.flat(), ...inCloudflare].sort();
}

async function list<T>(graph: Client, path: string): Promise<T[]> {
  return ((await graph.api(path).get()) as { value: T[] }).value;
}

function checker(where: string) {
  return (what: string, found: unknown, wanted: unknown = ""): Check => ({
    subject: `${where}, ${what}`,
    found: String(found ?? "(nothing)"),
    wanted: String(wanted),
  });
}

const set = (values: readonly unknown[] | null | undefined): string =>
  [...new Set(values ?? [])].map(String).sort().join(" ");
