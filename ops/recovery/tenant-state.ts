import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";
import { readOutputs, unwrapSecrets } from "../stacks/state";
import { OWN_TENANT } from "../tenants";

/** One tenant's resources in a stack's state; secrets as far as the state was exported with them. */
export interface TenantState {
  /** Name of the tenant. */
  readonly tenant: string;
  /** What {@link TENANT_RESOURCES} names, where the state has it. */
  readonly resources: ReadonlyMap<TenantResourceKind, StateResource>;
  /** Type and name of everything in the state, as {@link ResourceKey}s joined by a space. */
  readonly keys: ReadonlySet<string>;
  /** Every client secret of the tenant in the state, also one that is replaced and not gone yet; the newest first. */
  readonly credentials: readonly StateResource[];
  /** The client secret in use at Cloudflare, as the last update that got so far wrote it into the outputs. */
  readonly deployed: RotationOutput | undefined;
  /** URNs of what was being made when a run died, in all tenants. */
  readonly pendingCreates: readonly string[];
}

/** The output `rotation`: docs/config.md. Dates are RFC 3339. */
export interface RotationOutput {
  readonly number: number;
  readonly keyId: string;
  /** When Entra stops accepting it. */
  readonly expiresAt: string;
  /** When the next one is due. */
  readonly dueAt: string;
  /** Until when the secret before it has to work; absent for the first. */
  readonly graceEndsAt?: string;
}

export function readRotationOutput(outputs: OutputMap, tenant = OWN_TENANT): RotationOutput | undefined {
  return readTenantOutputs(outputs, tenant).rotation?.value as RotationOutput | undefined;
}

/** What a stack puts out of one of its tenants; nothing before it was brought up with it. */
export function readTenantOutputs(outputs: OutputMap, tenant: string): OutputMap {
  if (tenant === OWN_TENANT) return outputs;
  const { value: further = {}, secret = false } = outputs.identityProviders ?? {};
  return Object.fromEntries(
    Object.entries(further[tenant] ?? {}).map(([name, value]) => [name, { value, secret }]),
  );
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  /** Replaced, and not gone yet. */
  readonly delete?: boolean;
}

type Properties = Readonly<Record<string, unknown>>;

/** What the stack makes once for each tenant: types, and how the names of the resources in its program end. */
export const TENANT_RESOURCES = {
  application: ["azuread:index/application:Application", "application"],
  servicePrincipal: ["azuread:index/servicePrincipal:ServicePrincipal", "service-principal"],
  consent: [
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
    "admin-consent",
  ],
  identityProvider: [
    "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
    "identity-provider",
  ],
} as const;
export type TenantResourceKind = keyof typeof TENANT_RESOURCES;
export const TENANT_RESOURCE_KINDS = Object.keys(TENANT_RESOURCES) as TenantResourceKind[];

/** One resource of a program: its type and name. */
export type ResourceKey = readonly [type: string, name: string];

/** The resource that the program has for one kind. */
export function getResourceKey(kind: TenantResourceKind, tenant = OWN_TENANT): ResourceKey {
  const [type, name] = TENANT_RESOURCES[kind];
  return [type, `${tenant}-${name}`];
}

/** The tenant whose resource has this name; undefined for what the stack does not make for each. */
export function findTenantName(resource: string): string | undefined {
  const end = [...TENANT_RESOURCE_KINDS.map((kind) => TENANT_RESOURCES[kind][1]), "credential"].find((one) =>
    resource.endsWith(`-${one}`),
  );
  return end && resource.slice(0, -end.length - 1);
}

const CREDENTIAL = "azuread:index/applicationPassword:ApplicationPassword";

export function readTenantState(state: Deployment, tenant = OWN_TENANT): TenantState {
  const { deployment } = state;
  const resources: StateResource[] = (deployment.resources ?? []).map(unwrapSecrets);
  const live = resources.filter((resource) => !resource.delete);
  const found = TENANT_RESOURCE_KINDS.flatMap((kind) => {
    const resource = live.find(({ urn }) => urn.endsWith(getResourceKey(kind, tenant).join("::")));
    return resource ? [[kind, resource] as const] : [];
  });
  const pending: { type: string; resource: StateResource }[] = deployment.pending_operations ?? [];
  return {
    tenant,
    resources: new Map(found),
    keys: new Set(live.map(({ type, urn }) => `${type} ${urn.split("::").at(-1)}`)),
    credentials: resources
      .filter(({ urn }) => urn.endsWith(`${CREDENTIAL}::${tenant}-credential`))
      .sort((a, b) => Number(a.delete ?? false) - Number(b.delete ?? false)),
    deployed: readRotationOutput(readOutputs(state), tenant),
    pendingCreates: pending.flatMap(({ type, resource }) => (type === "creating" ? [resource.urn] : [])),
  };
}

/** An application by its two ids. */
export interface ApplicationIds {
  /** Object id. */
  readonly id: string;
  /** Client id. */
  readonly appId: string;
}

/** From the state; undefined also where a run failed after it made the application and before it had read it. */
export function readApplicationIds({ resources }: TenantState): ApplicationIds | undefined {
  const { objectId, clientId } = resources.get("application")?.outputs ?? {};
  return objectId && clientId ? { id: String(objectId), appId: String(clientId) } : undefined;
}

/** The credential that the state holds as the newest one. */
export function findCurrentClientSecret({ credentials: [newest] }: TenantState): StateResource | undefined {
  return newest?.delete ? undefined : newest;
}
