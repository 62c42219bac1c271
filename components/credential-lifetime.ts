import * as pulumi from "@pulumi/pulumi";

/** Lifetime of a client secret when nothing else is asked for, in days. */
const defaultLifetimeDays = 180;
const hour = 60 * 60 * 1000;

/** What a stack wants of its client secret. */
export interface CredentialLifetime {
  /** Number of the secret; stepping it asks for a new one. */
  rotation: number;
  /** How long a new secret lives, in days; default 180. */
  lifetimeDays?: number | undefined;
  /** Instead of a lifetime: when the secret expires, RFC 3339 in UTC and whole seconds. */
  expires?: string | undefined;
}

/** What a stack's outputs say of the client secret that is deployed. */
export interface DeployedCredential {
  rotation: number;
  expires: string;
}

/**
 * When the client secret is to expire. A deployed secret keeps its end date until its rotation number is stepped or it
 * has expired, because another end date is another secret: a changed lifetime takes effect with the next rotation.
 *
 * @returns RFC 3339 in UTC and whole seconds; counted from the full hour, so that an `up` that failed halfway and is
 * run again finds the end date that it began with.
 */
export function credentialEndDate(
  wanted: CredentialLifetime,
  deployed: DeployedCredential | undefined,
  now: Date,
): string {
  if (wanted.expires !== undefined) return wanted.expires;
  if (deployed?.rotation === wanted.rotation && Date.parse(deployed.expires) > now.getTime()) {
    return deployed.expires;
  }
  const fullHour = Math.floor(now.getTime() / hour) * hour;
  const end = new Date(fullHour + (wanted.lifetimeDays ?? defaultLifetimeDays) * 24 * hour);
  return end.toISOString().replace(".000Z", "Z");
}

/** The `credential` output of this stack's last update; undefined before the first. */
export async function deployedCredential(): Promise<DeployedCredential | undefined> {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { value } = await new pulumi.StackReference(stack).getOutputDetails("credential");
  return value as DeployedCredential | undefined;
}
