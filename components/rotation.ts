import * as pulumi from "@pulumi/pulumi";
import { ownIdentityProvider } from "./access-settings";
import { credentialName, stackMark } from "./stack-mark";

const minute = 60 * 1000;
const day = 24 * 60 * minute;

/** When a stack wants another client secret. */
export interface RotationArgs {
  /** From one rotation to the next, in days. */
  periodDays: number;
  /** How long a secret works after the next one is due, in days. */
  graceDays: number;
  /** Where in the period rotations lie, in hours; default: from stack and tenant, so that a fleet is spread out. */
  phaseHours?: number | undefined;
  /** Directory (tenant) id. */
  tenantId: string;
  /** Ends the secret's display name. */
  description: string;
  /** The number must not be lower; stepping it above the deployed one rotates now. */
  rotation: number;
  /** The number that may come while the secret before the deployed one is in its grace. */
  force?: number | undefined;
  /** Secrets up to this number get no grace: the deployed one is replaced now if it is among them. */
  compromised?: number | undefined;
}

/** A client secret in time; dates are RFC 3339 in UTC and whole seconds. */
export interface Rotation {
  number: number;
  displayName: string;
  /** When it was made for Cloudflare; absent for one of release 0.1.0. */
  startedAt?: string;
  /** When the next one is due. */
  dueAt: string;
  /** When Entra stops accepting it. */
  expiresAt: string;
  /** Until when the secret before it has to work; absent for the first. */
  graceEndsAt?: string;
  periodDays: number;
  graceDays: number;
}

/**
 * The client secret that a stack is to have now. The deployed one stays as it is, whatever else was changed, until the
 * next is due or asked for: another end date or display name is another secret.
 *
 * Rotations are due at phase + k * period / 2, and the next is the last of these within a period from now: so an `up`
 * that failed halfway and is run again wants the same secret, a late one keeps to the phase, and a secret lives for more
 * than half a period and the grace, and never longer than both.
 *
 * @param last the deployed one; undefined before the first
 * @throws RunError when a rotation is asked for within the grace of the one before
 */
export function nextRotation(wanted: RotationArgs, last: Rotation | undefined, now: Date): Rotation {
  const { periodDays, graceDays, compromised = 0 } = wanted;
  const [period, grace] = [periodDays * day, graceDays * day];
  const lowest = Math.max(wanted.rotation, compromised + 1);
  const dueSince = last ? now.getTime() - Date.parse(last.dueAt) : 0;
  const dueNumber = last && dueSince >= 0 ? last.number + 1 + Math.floor(dueSince / period) : 0;
  const number = Math.max(lowest, dueNumber, last?.number ?? 1);
  if (last?.number === number) {
    const { startedAt } = last;
    return startedAt && last.graceEndsAt && compromised >= number - 1
      ? { ...last, graceEndsAt: startedAt }
      : last;
  }
  if (last && dueSince < 0 && compromised < last.number) refuseWithinGrace(wanted, last, now);

  const phase =
    wanted.phaseHours === undefined
      ? spread(`${stackMark()} ${wanted.tenantId}`, period)
      : wanted.phaseHours * 60 * minute;
  const due = now.getTime() + period - modulo(now.getTime() + period - phase, period / 2);
  const lost = last && compromised >= last.number;
  return {
    number,
    displayName: credentialName(number, wanted.description),
    startedAt: timestamp(now.getTime()),
    dueAt: timestamp(due),
    expiresAt: timestamp(due + grace),
    ...(last && { graceEndsAt: timestamp(now.getTime() + (lost ? 0 : grace)) }),
    periodDays,
    graceDays,
  };
}

/** The secret that Cloudflare has, with its key id in Entra. */
export type DeployedRotation = Rotation & { keyId: string };

/** Warns of what somebody has to know, drift or not: that the next secret is due, that the deployed one expires. */
export function warnOfRotation(
  last: Rotation | undefined,
  { alertDays, now, of = ownIdentityProvider }: { alertDays: number; now: Date; of?: string },
): void {
  if (!last) return;
  const whose = of === ownIdentityProvider ? "" : `${of}: `;
  const warn = (what: string) => pulumi.log.warn(`${whose}client secret number ${last.number} ${what}`);
  if (Date.parse(last.dueAt) <= now.getTime()) warn(`is due for rotation since ${last.dueAt}`);
  const left = (Date.parse(last.expiresAt) - now.getTime()) / day;
  if (left <= 0) warn(`has expired: since ${last.expiresAt} nobody can sign in with it`);
  else if (left <= alertDays) warn(`expires in ${Math.ceil(left)} days, at ${last.expiresAt}`);
}

/** The outputs that say which secret of a tenant is deployed. Release 0.1.0 had `credential`. */
export interface LastOutputs {
  rotation?: DeployedRotation;
  credential?: { rotation: number; expires: string; keyId: string };
}

/**
 * The secret in use at Cloudflare after this stack's last update; undefined before the first.
 *
 * @param wanted fills in what release 0.1.0 did not write down
 */
export function deployedRotation(
  { periodDays, graceDays, description: displayName }: RotationArgs,
  outputs: LastOutputs,
): DeployedRotation | undefined {
  if (outputs.rotation || !outputs.credential) return outputs.rotation;
  const { rotation: number, expires: expiresAt, keyId } = outputs.credential;
  const dueAt = timestamp(Date.parse(expiresAt) - graceDays * day);
  return { number, keyId, displayName, dueAt, expiresAt, periodDays, graceDays };
}

/** What the last update of this stack put out, by the name of the identity provider. To be called once a program. */
export async function lastOutputs(): Promise<(of: string) => LastOutputs> {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const reference = new pulumi.StackReference(stack);
  const [rotation, credential, further] = await Promise.all(
    ["rotation", "credential", "identityProviders"].map(
      async (name) => (await reference.getOutputDetails(name)).value,
    ),
  );
  return (of) => (of === ownIdentityProvider ? { rotation, credential } : (further?.[of] ?? {}));
}

/**
 * Which secret Cloudflare has now: the newest, if the identity provider has been given it, else the one before.
 *
 * @param has what the identity provider's state says that Cloudflare got
 */
export function rotationInUse(
  has: pulumi.Output<string | undefined>,
  newest: { clientSecret: pulumi.Output<string>; credentialKeyId: pulumi.Output<string> },
  rotation: Rotation,
  deployed: DeployedRotation | undefined,
): pulumi.Output<DeployedRotation | undefined> {
  const found = pulumi.all([has, newest.clientSecret, newest.credentialKeyId]);
  return pulumi.unsecret(
    found.apply(([has, made, keyId]) => (has === made ? { ...rotation, keyId } : deployed)),
  );
}

function refuseWithinGrace({ force }: RotationArgs, last: Rotation, now: Date): void {
  const { number, graceEndsAt } = last;
  if (!graceEndsAt || now.getTime() >= Date.parse(graceEndsAt) || (force ?? 0) > number) return;
  throw new pulumi.RunError(
    `credential.rotation asks for another client secret while the one before number ${number} is in its grace, until ` +
      `${graceEndsAt}. Wait, or set credential.force to ${number + 1} as well (credential.compromised to ${number} if ` +
      "somebody has the secret).",
  );
}

/** A whole minute within the period that follows from a text: FNV-1a, 32 bits. */
function spread(text: string, period: number): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return ((hash >>> 0) % (period / minute)) * minute;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

function timestamp(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
