import type { Client } from "@microsoft/microsoft-graph-client";
import type {
  ConditionalAccessPolicy,
  IpNamedLocation,
  NamedLocation,
} from "@microsoft/microsoft-graph-types";
import { listAllPages } from "../../clients/pages";

/** A named location with the properties of both kinds. */
export type Place = NamedLocation &
  Partial<Pick<IpNamedLocation, "isTrusted">> & {
    readonly ipRanges?: readonly { readonly cidrAddress?: string | null }[];
    readonly countriesAndRegions?: readonly string[];
    readonly countryLookupMethod?: string;
    readonly includeUnknownCountriesAndRegions?: boolean;
  };

/** The Conditional Access of a tenant. */
export interface TenantConditionalAccess {
  readonly policies: readonly ConditionalAccessPolicy[];
  readonly locations: readonly Place[];
  /** The reason for which it could not be read; empty if it was. */
  readonly unreadable: readonly string[];
}

export async function readConditionalAccess(graph: Client): Promise<TenantConditionalAccess> {
  const path = "/identity/conditionalAccess";
  try {
    return {
      policies: await listAllPages<ConditionalAccessPolicy>(graph, `${path}/policies`),
      locations: await listAllPages<Place>(graph, `${path}/namedLocations`),
      unreadable: [],
    };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 403) throw error;
    const reason = "Conditional Access: could not be read, which needs the permission Policy.Read.All";
    return { policies: [], locations: [], unreadable: [reason] };
  }
}
