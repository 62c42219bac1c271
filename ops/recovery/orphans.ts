import type { Client } from "@microsoft/microsoft-graph-client";
import type { Application } from "@microsoft/microsoft-graph-types";
import type { Clouds } from "../clients/clouds";
import { listAllPages } from "../clients/pages";
import { findAdminConsent, findServicePrincipal, MICROSOFT_GRAPH_ID } from "../clients/service-principals";
import { UserError } from "../errors";
import {
  type ApplicationIds,
  readApplicationIds,
  type TenantResourceKind,
  type TenantState,
} from "./tenant-state";

/** Resources that carry the stack's mark and are missing from its state. */
export interface OrphanedResources {
  /** Ids in the form that the providers import. */
  readonly imports: ReadonlyMap<TenantResourceKind, string>;
  /** The application, from the state or from Entra. */
  readonly application: ApplicationIds | undefined;
  /** Resources that only a person can sort out, because there are several and one may be in use. */
  readonly ambiguities: readonly string[];
}

/**
 * Finds resources that an interrupted run made and did not record. The application carries the stack's mark as a tag.
 * The others refer to it: service principal and consent by its client id, the identity provider by the client id that
 * it signs in with.
 */
export async function findOrphanedResources(
  clouds: Clouds,
  mark: string,
  state: TenantState,
): Promise<OrphanedResources> {
  const imports = new Map<TenantResourceKind, string>();
  const ambiguities: string[] = [];
  const application = readApplicationIds(state) ?? (await findMarkedApplication(clouds.graph, mark));
  if (!application) return { imports, application, ambiguities };
  if (!state.resources.has("application")) imports.set("application", `/applications/${application.id}`);

  const isMissing = (kind: TenantResourceKind) => !state.resources.has(kind);
  if (isMissing("servicePrincipal") || isMissing("consent")) {
    const principal = await findServicePrincipal(clouds.graph, application.appId);
    if (principal && isMissing("servicePrincipal"))
      imports.set("servicePrincipal", `/servicePrincipals/${principal.id}`);
    const consent =
      principal && isMissing("consent")
        ? await findAdminConsent(
            clouds.graph,
            principal,
            await findServicePrincipal(clouds.graph, MICROSOFT_GRAPH_ID),
          )
        : undefined;
    if (consent) imports.set("consent", `/oauth2PermissionGrants/${consent.id}`);
  }

  const providers = await listIdentityProviders(clouds, application.appId);
  const own = state.resources.get("identityProvider")?.id;
  const others = providers.filter((id) => id !== own);
  if (!own && others.length === 1)
    imports.set("identityProvider", `accounts/${clouds.accountId}/${others[0]}`);
  else if (others.length > 0)
    ambiguities.push(
      `unmanaged identity providers sign in with this application: ${others.join(", ")}. ` +
        "Delete those that no access rule uses (Zero Trust > Integrations > Identity providers).",
    );
  return { imports, application, ambiguities };
}

async function findMarkedApplication(graph: Client, mark: string): Promise<ApplicationIds | undefined> {
  const filter = `tags/any(t:t eq '${mark.replaceAll("'", "''")}')`;
  const marked = await listAllPages<Application>(
    graph,
    `/applications?$filter=${filter}&$select=id,appId,tags`,
  );
  // Graph ignores case in this filter; names of stacks are case-sensitive.
  const [found, second] = marked.filter(({ tags }) => tags?.includes(mark));
  if (second)
    throw new UserError(
      `tag ${mark} must be on exactly one application; found object ids ${found?.id} and ${second.id}`,
      [
        "Remove the tag from the application that Cloudflare does not use, or delete that application; then run this again.",
      ],
    );
  return found && { id: String(found.id), appId: String(found.appId) };
}

async function listIdentityProviders({ cloudflare, accountId }: Clouds, appId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id, config } of cloudflare.zeroTrust.identityProviders.list({ account_id: accountId }))
    if (id && (config as { client_id?: string } | undefined)?.client_id === appId) ids.push(id);
  return ids;
}
