import * as pulumi from "@pulumi/pulumi";
import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import type { Identifiers } from "../../../config/values/identifiers";
import { getOwn } from "../../map-values";
import { DAY, type DeployedRotation, formatTime, type Rotation, type RotationArgs } from "./rotation";

/** The stack outputs that say which client secret of a tenant is deployed. Release 0.1.0 had `credential`. */
export interface RotationOutputs {
  rotation?: DeployedRotation;
  credential?: { rotation: number; expires: string; keyId: string };
}

/** The stack outputs of an application that an update has created. */
export interface ApplicationOutputs extends RotationOutputs {
  applicationObjectId?: string;
  clientId?: string;
  tenantId?: string;
}

/** The stack outputs of one tenant that the next update builds on. */
export interface LastOutputs extends ApplicationOutputs {
  /** The Cloudflare account; of the stack's own tenant alone. */
  accountId?: string;
  /** Object ids of the Entra groups in its access rules, by display name or object id. */
  entraGroups?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads the outputs of the stack's last update, once per program.
 *
 * @returns a function that returns those of an identity provider by its name, and what identified the stack's objects
 */
export async function readLastOutputs(): Promise<{
  getLastOutputs: (identityProvider: string) => LastOutputs;
  identifiers: Identifiers;
}> {
  const reference = referToOwnStack();
  const read = async (name: string) => (await reference.getOutputDetails(name)).value;
  const names = ["rotation", "credential", "applicationObjectId", "clientId", "tenantId", "accountId"];
  const own = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await read(name)] as const)),
  );
  const [others, entraGroups] = [await read("identityProviders"), await read("entraGroups")];
  const getLastOutputs = (name: string): LastOutputs => ({
    ...(name === OWN_IDENTITY_PROVIDER ? own : getOwn(others ?? {}, name)),
    entraGroups: getOwn(entraGroups ?? {}, name),
  });
  return { getLastOutputs, identifiers: (await read("identifiers")) ?? {} };
}

/** Reads all outputs of the stack's last update: as outputs, which keep secrets secret, and as values. */
export async function readAllOutputs(): Promise<{
  outputs: Record<string, pulumi.Output<unknown>>;
  values: ApplicationOutputs & { identityProviders?: Record<string, ApplicationOutputs> };
}> {
  const reference = referToOwnStack();
  const values = await new Promise<ApplicationOutputs>((resolve) => {
    reference.outputs.apply((last) => resolve(last));
  });
  const outputs = Object.keys(values).map((name) => [name, reference.getOutput(name)] as const);
  return { outputs: Object.fromEntries(outputs), values };
}

function referToOwnStack(): pulumi.StackReference {
  return new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`);
}

/**
 * Returns the client secret that Cloudflare had after the stack's last update; undefined before the first.
 *
 * @param args fill in what release 0.1.0 did not write down
 */
export function getDeployedRotation(
  { periodDays, graceDays, description: displayName }: RotationArgs,
  outputs: RotationOutputs,
): DeployedRotation | undefined {
  if (outputs.rotation || !outputs.credential) return outputs.rotation;
  const { rotation: number, expires: expiresAt, keyId } = outputs.credential;
  const dueAt = formatTime(Date.parse(expiresAt) - graceDays * DAY);
  return { number, keyId, displayName, dueAt, expiresAt, periodDays, graceDays };
}

/**
 * Selects the client secret that Cloudflare has now: the newest if it was sent to Cloudflare, otherwise the one before.
 *
 * @param sent the client secret in the state of the identity provider
 */
export function selectRotationInUse(
  sent: pulumi.Output<string | undefined>,
  newest: { clientSecret: pulumi.Output<string>; clientSecretKeyId: pulumi.Output<string> },
  rotation: Rotation,
  deployed: DeployedRotation | undefined,
): pulumi.Output<DeployedRotation | undefined> {
  const all = pulumi.all([sent, newest.clientSecret, newest.clientSecretKeyId]);
  return pulumi.unsecret(
    all.apply(([sent, created, keyId]) => (sent === created ? { ...rotation, keyId } : deployed)),
  );
}

/** Warns when the next client secret is due, and when the deployed one expires soon or has expired. */
export function warnOfRotation(
  last: Rotation | undefined,
  { alertDays, now, identityProvider }: { alertDays: number; now: Date; identityProvider: string },
): void {
  if (!last) return;
  const prefix = identityProvider === OWN_IDENTITY_PROVIDER ? "" : `${identityProvider}: `;
  const warn = (message: string) =>
    pulumi.log.warn(`${prefix}client secret number ${last.number} ${message}`);
  if (Date.parse(last.dueAt) <= now.getTime()) void warn(`has been due for rotation since ${last.dueAt}`);
  const daysLeft = (Date.parse(last.expiresAt) - now.getTime()) / DAY;
  if (daysLeft <= 0) void warn(`expired at ${last.expiresAt}: nobody can sign in with it`);
  else if (daysLeft <= alertDays) void warn(`expires in ${Math.ceil(daysLeft)} days, at ${last.expiresAt}`);
}
