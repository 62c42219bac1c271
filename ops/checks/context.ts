import type { Client } from "@microsoft/microsoft-graph-client";
import type {
  Application,
  AppRoleAssignment,
  OAuth2PermissionGrant,
  ServicePrincipal,
} from "@microsoft/microsoft-graph-types";
import { withoutNulls } from "../clients/account-access";
import type { CloudflareClient } from "../clients/cloudflare";
import type { EntraCloud } from "../clients/entra/client";
import { findServicePrincipal, MICROSOFT_GRAPH_ID } from "../clients/entra/service-principals";
import { ignoreNotFound } from "../clients/errors";
import { listAllPages } from "../clients/pages";
import { MissingObjectError } from "./check";
import type { ExpectedSignIn } from "./expected-sign-in";

/** Access to both clouds and to the deployed client secret. Each may fail on its own without affecting other checks. */
export interface CloudAccess {
  entra(): Promise<EntraCloud>;
  graph(): Promise<Client>;
  cloudflare(): Promise<CloudflareClient>;
  clientSecret(): Promise<DeployedClientSecret>;
  /** Default: the system's clock. */
  now?(): Date;
}

/** The client secret that Cloudflare has according to the stack's state. */
export interface DeployedClientSecret {
  readonly value: string;
  readonly keyId?: string | undefined;
}

/** Requirements beyond the stack's settings. */
export interface VerifyRequirements {
  /** Days for which the client secret must still be valid; default 0. */
  readonly secretDays?: number | undefined;
  /** Maximum age in days of the last sign-in in Cloudflare's log; default: no sign-in is required. */
  readonly signInDays?: number | undefined;
}

/** The context of the checks of one tenant; reads each object once, even if several checks need it. */
export class VerifyContext {
  constructor(
    readonly clouds: CloudAccess,
    readonly expected: ExpectedSignIn,
    readonly requirements: VerifyRequirements = {},
  ) {}

  get now(): Date {
    return this.clouds.now?.() ?? new Date();
  }

  /** Undefined if it does not exist, like the next two. */
  readonly application = readOnce(() =>
    this.read<Application>(`/applications/${this.expected.applicationObjectId}`),
  );
  readonly servicePrincipal = readOnce(() =>
    this.read<ServicePrincipal>(`/servicePrincipals/${this.expected.servicePrincipalObjectId}`),
  );
  readonly identityProvider = readOnce(async () => {
    const { zeroTrust } = await this.clouds.cloudflare();
    const { identityProviderId, accountId } = this.expected;
    return zeroTrust.identityProviders
      .get(identityProviderId, { account_id: accountId })
      .then((found) => withoutNulls(found) as CloudflareIdentityProvider)
      .catch(ignoreNotFound);
  });
  /** The tenant's service principal of Microsoft Graph, which lists the permissions with id and name. */
  readonly microsoftGraph = readOnce(async () => {
    const graph = await findServicePrincipal(await this.clouds.graph(), MICROSOFT_GRAPH_ID);
    if (!graph) throw new MissingObjectError("the tenant has no service principal of Microsoft Graph");
    return graph;
  });
  readonly consents = readOnce(async () => {
    await requireExisting(this.servicePrincipal(), "service principal");
    const filter = `clientId eq '${this.expected.servicePrincipalObjectId}'`;
    const path = `/oauth2PermissionGrants?$filter=${filter}`;
    const all = await listAllPages<OAuth2PermissionGrant>(await this.clouds.graph(), path);
    return all.filter(({ consentType }) => consentType === "AllPrincipals");
  });
  /** Assignments of the service principal to roles of others, which are its application permissions. */
  readonly grantedRoles = readOnce(async () => {
    const path = `/servicePrincipals/${this.expected.servicePrincipalObjectId}/appRoleAssignments`;
    return listAllPages<AppRoleAssignment>(await this.clouds.graph(), path);
  });
  readonly clientSecret = readOnce(() => this.clouds.clientSecret());

  private async read<T>(path: string): Promise<T | undefined> {
    const graph = await this.clouds.graph();
    return graph.api(path).get().catch(ignoreNotFound);
  }
}

/**
 * An identity provider as Cloudflare's API returns it, without nulls; the types of its client omit fields that only
 * some kinds have.
 */
export interface CloudflareIdentityProvider {
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly scim_config?: Readonly<Record<string, unknown>>;
}

/** @throws MissingObjectError if the object does not exist */
export async function requireExisting<T>(read: Promise<T | undefined>, name: string): Promise<T> {
  const object = await read;
  if (object === undefined) throw new MissingObjectError(`there is no ${name}`);
  return object;
}

/** Names the requested permissions; one that is no permission of Microsoft Graph is named by its ids. */
export function namePermissions({ requiredResourceAccess }: Application, graph: ServicePrincipal): string[] {
  const scopes = graph.oauth2PermissionScopes?.map(({ id, value }) => [`Scope ${id}`, value] as const);
  const roles = graph.appRoles?.map(({ id, value }) => [`Role ${id}`, formatRole(value)] as const);
  const names = new Map<string, string | null | undefined>([...(scopes ?? []), ...(roles ?? [])]);
  return (requiredResourceAccess ?? []).flatMap(({ resourceAppId, resourceAccess }) =>
    (resourceAccess ?? []).map(({ id, type }) => {
      const name = resourceAppId === MICROSOFT_GRAPH_ID ? names.get(`${type} ${id}`) : undefined;
      return name ?? `${resourceAppId}/${id}`;
    }),
  );
}

/** Formats the name of an application permission, because delegated ones have the same names. */
export const formatRole = (name: string | null | undefined) => `${name}:application`;

export function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= read();
    return result;
  };
}
