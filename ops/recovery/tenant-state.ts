import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";
import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { readOutputs, readStackState, type StateResource } from "../stacks/state/state";

/** One tenant's resources in a stack's state; secrets have a value only where the state was exported with them. */
export interface TenantState {
  /** Name of its sign-in, which is that of the identity provider in the settings. */
  readonly signIn: string;
  /** The {@link TENANT_RESOURCES} that the state has. */
  readonly resources: ReadonlyMap<TenantResourceKind, StateResource>;
  /** Id of the consent to read Conditional Access, an assignment of the application; undefined if it has none. */
  readonly conditionalAccessConsent: string | undefined;
  /** The application that provisions people; undefined where the stack does not manage it. */
  readonly provisioning: ProvisioningState | undefined;
  /** Client secrets, including replaced ones that are not deleted yet; the newest first. */
  readonly clientSecrets: readonly StateResource[];
  /** The client secret in use at Cloudflare, according to the stack's outputs. */
  readonly deployed: RotationOutput | undefined;
  /** URNs of the pending creates of all tenants. */
  readonly pendingCreates: readonly string[];
}

/** The output `rotation`: docs/config.md. Dates are RFC 3339. */
export interface RotationOutput {
  readonly number: number;
  readonly keyId: string;
  /** The time at which Entra stops accepting it. */
  readonly expiresAt: string;
  /** The time at which the next one is due. */
  readonly dueAt: string;
  /** The end of the overlap with the secret before it; absent for the first. */
  readonly graceEndsAt?: string;
  readonly displayName?: string;
  /** The marks that the stack had before it was renamed; absent if it never was. */
  readonly formerMarks?: readonly string[];
}

export function readRotationOutput(
  outputs: OutputMap,
  signIn = OWN_IDENTITY_PROVIDER,
): RotationOutput | undefined {
  return readTenantOutputs(outputs, signIn).rotation?.value as RotationOutput | undefined;
}

/** Reads the outputs of one tenant; empty before the first update. */
export function readTenantOutputs(outputs: OutputMap, signIn: string): OutputMap {
  if (signIn === OWN_IDENTITY_PROVIDER) return outputs;
  const { value: further = {}, secret = false } = outputs.identityProviders ?? {};
  return Object.fromEntries(
    Object.entries(further[signIn] ?? {}).map(([name, value]) => [name, { value, secret }]),
  );
}

/** Resources that the stack makes once per tenant: their type and the suffix of their name. */
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

/** Reads a state's resources by type and name, joined by a space; without replaced ones that are not deleted yet. */
export function readResources(state: Deployment): ReadonlyMap<string, StateResource> {
  const live = readStackState(state).resources.filter((resource) => !resource.delete);
  return new Map(live.map((one) => [`${one.type} ${one.urn.split("::").at(-1)}`, one]));
}

/** Type and name of a resource in a program. */
export type ResourceKey = readonly [type: string, name: string];

export function getResourceKey(kind: TenantResourceKind, signIn = OWN_IDENTITY_PROVIDER): ResourceKey {
  const [type, name] = TENANT_RESOURCES[kind];
  return [type, `${signIn}-${name}`];
}

/** Finds the tenant of a resource by its name; undefined for resources that are not made per tenant. */
export function findTenantName(resource: string): string | undefined {
  const suffix = [...TENANT_RESOURCE_KINDS.map((kind) => TENANT_RESOURCES[kind][1]), "credential"].find(
    (one) => resource.endsWith(`-${one}`),
  );
  return suffix && resource.slice(0, -suffix.length - 1);
}

const APP_ROLE_ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";
const APPLICATION_PASSWORD = "azuread:index/applicationPassword:ApplicationPassword";

export function readTenantState(state: Deployment, signIn = OWN_IDENTITY_PROVIDER): TenantState {
  const { resources, pendingCreates } = readStackState(state);
  const live = resources.filter((resource) => !resource.delete);
  const present = TENANT_RESOURCE_KINDS.flatMap((kind) => {
    const resource = live.find(({ urn }) => urn.endsWith(getResourceKey(kind, signIn).join("::")));
    return resource ? [[kind, resource] as const] : [];
  });
  return {
    signIn,
    resources: new Map(present),
    conditionalAccessConsent: live
      .find(({ urn }) => urn.endsWith(`${APP_ROLE_ASSIGNMENT}::${signIn}-conditional-access-consent`))
      ?.id?.split("/")
      .at(-1),
    provisioning: readProvisioning(live, signIn),
    clientSecrets: resources
      .filter(({ urn }) => urn.endsWith(`${APPLICATION_PASSWORD}::${signIn}-credential`))
      .sort((a, b) => Number(a.delete ?? false) - Number(b.delete ?? false)),
    deployed: readRotationOutput(readOutputs(state), signIn),
    pendingCreates,
  };
}

interface ProvisioningState {
  readonly servicePrincipalObjectId: string;
  /** Ids of the assignments to it. */
  readonly assignmentIds: readonly string[];
}

function readProvisioning(live: readonly StateResource[], signIn: string): ProvisioningState | undefined {
  const application = live.find(({ urn }) => urn.endsWith(`::${signIn}-scim-application`));
  const id = application?.outputs?.servicePrincipalObjectId;
  if (id === undefined) return undefined;
  const assignments = live.filter(
    ({ type, outputs }) => type === APP_ROLE_ASSIGNMENT && outputs?.resourceObjectId === id,
  );
  return {
    servicePrincipalObjectId: String(id),
    assignmentIds: assignments.map((one) => one.id?.split("/").at(-1) ?? ""),
  };
}

/** The two ids of an application. */
export interface ApplicationIds {
  /** Object id. */
  readonly id: string;
  /** Client id. */
  readonly appId: string;
}

/** Reads the application's ids; undefined also where a run failed between its creation and its first read. */
export function readApplicationIds({ resources }: TenantState): ApplicationIds | undefined {
  const { objectId, clientId } = resources.get("application")?.outputs ?? {};
  return objectId && clientId ? { id: String(objectId), appId: String(clientId) } : undefined;
}

export function findCurrentClientSecret({ clientSecrets: [newest] }: TenantState): StateResource | undefined {
  return newest?.delete ? undefined : newest;
}
