import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";
import { readable } from "../stacks/state";

/** What a stack's state knows of its resources, secrets in clear text: for memory alone. */
export interface Known {
  /** By type: what {@link KINDS} names, where the state has it. */
  readonly resources: ReadonlyMap<Kind, Resource>;
  /** Type and name of everything in the state, as {@link ResourceKey}s joined by a space. */
  readonly keys: ReadonlySet<string>;
  /** Every client secret in the state, also one that is replaced and not gone yet; the newest first. */
  readonly credentials: readonly Resource[];
  /** The client secret in use at Cloudflare, as the last update that got so far wrote it into the outputs. */
  readonly deployed: DeployedRotation | undefined;
  /** URNs of what was being made when a run died. */
  readonly pendingCreates: readonly string[];
}

/** The stack's output `rotation`: docs/config.md. Dates are RFC 3339. */
export interface DeployedRotation {
  readonly number: number;
  readonly keyId: string;
  /** When Entra stops accepting it. */
  readonly expiresAt: string;
  /** When the next one is due. */
  readonly dueAt: string;
  /** Until when the secret before it has to work; absent for the first. */
  readonly graceEndsAt?: string;
}

export function deployedRotation(outputs: OutputMap): DeployedRotation | undefined {
  return outputs.rotation?.value as DeployedRotation | undefined;
}

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  /** Replaced, and not gone yet. */
  readonly delete?: boolean;
}

type Properties = Readonly<Record<string, unknown>>;

/** What the stack makes once, by type; the name is that of the resource in its program. */
export const KINDS = {
  application: ["azuread:index/application:Application", "entra-application"],
  servicePrincipal: ["azuread:index/servicePrincipal:ServicePrincipal", "entra-service-principal"],
  consent: [
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
    "entra-admin-consent",
  ],
  identityProvider: [
    "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
    "entra-identity-provider",
  ],
} as const;
export type Kind = keyof typeof KINDS;
export const kinds = Object.keys(KINDS) as Kind[];

/** Further tenants have credentials of the same type. */
const CREDENTIAL = "azuread:index/applicationPassword:ApplicationPassword::entra-credential";

export function knownFrom({ deployment }: Deployment): Known {
  const resources: Resource[] = (deployment.resources ?? []).map(readable);
  const live = resources.filter((resource) => !resource.delete);
  const found = kinds.flatMap((kind) => {
    const [type, name] = KINDS[kind];
    const resource = live.find(({ urn }) => urn.endsWith(`${type}::${name}`));
    return resource ? [[kind, resource] as const] : [];
  });
  const pending: { type: string; resource: Resource }[] = deployment.pending_operations ?? [];
  return {
    resources: new Map(found),
    keys: new Set(live.map(({ type, urn }) => `${type} ${urn.split("::").at(-1)}`)),
    credentials: resources
      .filter(({ urn }) => urn.endsWith(CREDENTIAL))
      .sort((a, b) => Number(a.delete ?? false) - Number(b.delete ?? false)),
    deployed: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.rotation as
      | DeployedRotation
      | undefined,
    pendingCreates: pending.flatMap(({ type, resource }) => (type === "creating" ? [resource.urn] : [])),
  };
}

/** An application by its two ids. */
export interface AppIds {
  /** Object id. */
  readonly id: string;
  /** Client id. */
  readonly appId: string;
}

/** From the state; undefined also where a run failed after it made the application and before it had read it. */
export function applicationOf({ resources }: Known): AppIds | undefined {
  const { objectId, clientId } = resources.get("application")?.outputs ?? {};
  return objectId && clientId ? { id: String(objectId), appId: String(clientId) } : undefined;
}

/** The credential that the state holds as the newest one. */
export function currentCredential({ credentials: [newest] }: Known): Resource | undefined {
  return newest?.delete ? undefined : newest;
}
