import type { Client } from "@microsoft/microsoft-graph-client";
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from "@microsoft/microsoft-graph-types";
import type { Clouds } from "../clients/clouds";
import { UserError } from "../errors";
import {
  type ApplicationIds,
  readApplicationIds,
  type TenantResourceKind,
  type TenantState,
} from "./tenant-state";

/** What carries a stack's mark and is in no state. */
export interface OrphanedResources {
  /** Ids to import, as the providers take them. */
  readonly imports: ReadonlyMap<TenantResourceKind, string>;
  /** The application, from the state or just found. */
  readonly application: ApplicationIds | undefined;
  /** What is left for people: there are several, and only they know which is in use. */
  readonly doubts: readonly string[];
}

const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

/**
 * Looks for what a run made and could not write down. The application carries the stack's mark as a tag; everything
 * else hangs on the application: service principal and consent by its client id, the identity provider by the client
 * id that it signs in with.
 */
export async function findOrphanedResources(
  clouds: Clouds,
  mark: string,
  known: TenantState,
): Promise<OrphanedResources> {
  const imports = new Map<TenantResourceKind, string>();
  const doubts: string[] = [];
  const application = readApplicationIds(known) ?? (await markedApplication(clouds.graph, mark));
  if (!application) return { imports, application, doubts };
  if (!known.resources.has("application")) imports.set("application", `/applications/${application.id}`);

  const missing = (kind: TenantResourceKind) => !known.resources.has(kind);
  if (missing("servicePrincipal") || missing("consent")) {
    const principal = await servicePrincipalOf(clouds.graph, application.appId);
    if (principal && missing("servicePrincipal"))
      imports.set("servicePrincipal", `/servicePrincipals/${principal.id}`);
    const consent = principal && missing("consent") ? await consentOf(clouds.graph, principal) : undefined;
    if (consent) imports.set("consent", `/oauth2PermissionGrants/${consent.id}`);
  }

  const providers = await identityProvidersOf(clouds, application.appId);
  const own = known.resources.get("identityProvider")?.id;
  const others = providers.filter((id) => id !== own);
  if (!own && others.length === 1)
    imports.set("identityProvider", `accounts/${clouds.accountId}/${others[0]}`);
  else if (others.length > 0)
    doubts.push(
      `identity providers that no state knows sign in with this application: ${others.join(", ")}. ` +
        "Delete those that no access rule names (Zero Trust > Integrations > Identity providers).",
    );
  return { imports, application, doubts };
}

async function markedApplication(graph: Client, mark: string): Promise<ApplicationIds | undefined> {
  const filter = `tags/any(t:t eq '${mark.replaceAll("'", "''")}')`;
  const marked = await list<Application>(graph, `/applications?$filter=${filter}&$select=id,appId,tags`);
  // Graph compares without regard to case; names of stacks do not.
  const [found, second] = marked.filter(({ tags }) => tags?.includes(mark));
  if (second)
    throw new UserError(`two applications carry the tag ${mark}: object ids ${found?.id} and ${second.id}`, [
      "Remove the tag from the one that Cloudflare does not use, or delete that one; then run this again.",
    ]);
  return found && { id: String(found.id), appId: String(found.appId) };
}

async function servicePrincipalOf(graph: Client, appId: string): Promise<ServicePrincipal | undefined> {
  const [found] = await list<ServicePrincipal>(graph, `/servicePrincipals?$filter=appId eq '${appId}'`);
  return found;
}

async function consentOf(
  graph: Client,
  { id }: ServicePrincipal,
): Promise<OAuth2PermissionGrant | undefined> {
  const api = await servicePrincipalOf(graph, MICROSOFT_GRAPH);
  const grants = await list<OAuth2PermissionGrant>(
    graph,
    `/oauth2PermissionGrants?$filter=clientId eq '${id}'`,
  );
  return grants.find(
    ({ consentType, resourceId }) => consentType === "AllPrincipals" && resourceId === api?.id,
  );
}

async function identityProvidersOf({ cloudflare, accountId }: Clouds, appId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id, config } of cloudflare.zeroTrust.identityProviders.list({ account_id: accountId }))
    if (id && (config as { client_id?: string } | undefined)?.client_id === appId) ids.push(id);
  return ids;
}

async function list<T>(graph: Client, path: string): Promise<T[]> {
  return ((await graph.api(path).get()) as { value: T[] }).value;
}
