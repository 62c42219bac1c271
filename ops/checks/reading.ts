import type { Client } from "@microsoft/microsoft-graph-client";
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from "@microsoft/microsoft-graph-types";
import type Cloudflare from "cloudflare";
import type { EntraCloud } from "../clients/entra";
import { listAllPages } from "../clients/pages";
import type { Asked } from "./asked";
import { NothingThere } from "./check";

/** What the checks look through. Each of them may fail alone: what needs another is still looked at. */
export interface Sight {
  entra(): Promise<EntraCloud>;
  graph(): Promise<Client>;
  cloudflare(): Promise<Cloudflare>;
  /** The client secret that Cloudflare was given, as the stack's state has it. */
  secret(): Promise<GivenSecret>;
  /** Default: the system's clock. */
  now?(): Date;
}

export interface GivenSecret {
  readonly value: string;
  /** Absent where the state does not say. */
  readonly keyId?: string | undefined;
}

/** What can be asked for beyond what the stack's settings say. */
export interface Demands {
  /** Days that the client secret has to be good for; default 0. */
  readonly secretDays?: number | undefined;
  /** A sign-in has to be in Cloudflare's log, at most so many days old; default: none has to be. */
  readonly signInDays?: number | undefined;
}

const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

/** One look at both clouds: what several checks need is read once. Reads only. */
export class Reading {
  constructor(
    readonly sight: Sight,
    readonly asked: Asked,
    readonly demands: Demands = {},
  ) {}

  get now(): Date {
    return this.sight.now?.() ?? new Date();
  }

  /** Undefined where there is none. */
  readonly application = once(() =>
    this.found<Application>(`/applications/${this.asked.applicationObjectId}`),
  );
  readonly servicePrincipal = once(() =>
    this.found<ServicePrincipal>(`/servicePrincipals/${this.asked.servicePrincipalObjectId}`),
  );
  readonly identityProvider = once(async () => {
    const { zeroTrust } = await this.sight.cloudflare();
    const { identityProviderId, accountId } = this.asked;
    return zeroTrust.identityProviders
      .get(identityProviderId, { account_id: accountId })
      .catch(undefinedWhereNotFound) as Promise<IdentityProvider | undefined>;
  });
  /** Microsoft Graph as this tenant has it: the permissions it offers have an id and a name. */
  readonly microsoftGraph = once(async () => {
    const [found] = await this.list<ServicePrincipal>(
      `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH}'`,
    );
    if (!found) throw new NothingThere("the tenant has no service principal of Microsoft Graph");
    return found;
  });
  /** Consents for everybody in the tenant. */
  readonly consents = once(async () => {
    await existing(this.servicePrincipal(), "service principal");
    const filter = `clientId eq '${this.asked.servicePrincipalObjectId}'`;
    const all = await this.list<OAuth2PermissionGrant>(`/oauth2PermissionGrants?$filter=${filter}`);
    return all.filter(({ consentType }) => consentType === "AllPrincipals");
  });
  readonly secret = once(() => this.sight.secret());

  /** Every page of a list of Graph. */
  async list<T>(path: string): Promise<T[]> {
    return listAllPages(await this.sight.graph(), path);
  }

  private async found<T>(path: string): Promise<T | undefined> {
    const graph = await this.sight.graph();
    return graph.api(path).get().catch(undefinedWhereNotFound);
  }
}

/** As Cloudflare answers: the types of its client leave out what not all kinds have. */
export interface IdentityProvider {
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly scim_config?: Readonly<Record<string, unknown>>;
}

/** Throws {@link NothingThere} for what another check reports as missing. */
export async function existing<T>(read: Promise<T | undefined>, what: string): Promise<T> {
  const found = await read;
  if (found === undefined) throw new NothingThere(`there is no ${what}`);
  return found;
}

/** Whether a permission is one of Microsoft Graph's delegated ones, and what it is called. */
export function permissionNames({ requiredResourceAccess }: Application, graph: ServicePrincipal): string[] {
  const names = new Map(graph.oauth2PermissionScopes?.map(({ id, value }) => [id, value]));
  return (requiredResourceAccess ?? []).flatMap(({ resourceAppId, resourceAccess }) =>
    (resourceAccess ?? []).map(({ id, type }) => {
      const name = resourceAppId === MICROSOFT_GRAPH && type === "Scope" ? names.get(id) : undefined;
      return name ?? `${resourceAppId}/${id}`;
    }),
  );
}

function undefinedWhereNotFound(error: { statusCode?: number; status?: number }): undefined {
  if ((error.statusCode ?? error.status) !== 404) throw error;
}

/** Reads when it is asked for the first time, and never again. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
