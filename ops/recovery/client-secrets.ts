import type { Client } from "@microsoft/microsoft-graph-client";
import type { PasswordCredential } from "@microsoft/microsoft-graph-types";
import { formatTenantOption } from "../tenants";
import {
  type ApplicationIds,
  findCurrentClientSecret,
  type RotationOutput,
  type TenantState,
} from "./tenant-state";

/** A client secret of the application, as Entra shows it: never its value. */
export interface ClientSecret {
  readonly keyId: string;
  readonly displayName: string;
  /** First characters of the value. */
  readonly hint: string;
  /** RFC 3339. */
  readonly created: string;
  readonly expires: string;
  /** The rotation it was made for; undefined where it does not carry the stack's mark. */
  readonly rotation: number | undefined;
}

export async function listClientSecrets(
  graph: Client,
  { id }: ApplicationIds,
  mark: string,
): Promise<ClientSecret[]> {
  const app = await graph.api(`/applications/${id}?$select=passwordCredentials`).get();
  return ((app.passwordCredentials ?? []) as PasswordCredential[]).map((found) => ({
    keyId: String(found.keyId),
    displayName: found.displayName ?? "",
    hint: found.hint ?? "",
    created: found.startDateTime ?? "",
    expires: found.endDateTime ?? "",
    rotation: parseRotationNumber(found.displayName ?? "", mark),
  }));
}

/** The number in `entra-access:<project>/<stack>#<number> ...`. */
export function parseRotationNumber(displayName: string, mark: string): number | undefined {
  if (!displayName.startsWith(`${mark}#`)) return undefined;
  const number = /^\d+(?=\s|$)/.exec(displayName.slice(mark.length + 1))?.[0];
  return number === undefined ? undefined : Number(number);
}

/** What a judgement of an application's credentials rests on. */
export interface ClientSecretInventory {
  readonly all: readonly ClientSecret[];
  readonly known: TenantState;
  readonly mark: string;
  /** What Cloudflare signs in with, as far as the stack's outputs say. */
  readonly deployed: RotationOutput | undefined;
  /** Entra's time, not this machine's: its clock may be wrong. */
  readonly now: Date;
}

/** A credential of the stack that nobody needs. */
export interface ObsoleteClientSecret extends ClientSecret {
  readonly reason: "expired" | "past its grace" | "unknown";
}

/**
 * Tells the credentials of interrupted runs (`unknown`: nobody has their value) from those that were replaced and stay
 * until the end of their grace. Both are marked, and neither is in the state. A number is stepped only when its
 * credential has reached Cloudflare through the state, so below the state's number they were known once. Of the
 * state's own number the one in the state is known, and above it none.
 *
 * A state from a backup breaks this rule: then the credential in use may have a number above the state's. So an
 * unknown one must not be removed before Cloudflare was given another, proven one.
 */
export function findObsoleteClientSecrets({
  all,
  known,
  mark,
  deployed,
  now,
}: ClientSecretInventory): ObsoleteClientSecret[] {
  const held = heldBy(known);
  const newest = findCurrentClientSecret(known)?.outputs;
  const reached = parseRotationNumber(String(newest?.displayName ?? ""), mark) ?? Number.NEGATIVE_INFINITY;
  const isPastGrace =
    deployed?.graceEndsAt !== undefined &&
    deployed.keyId === newest?.keyId &&
    Date.parse(deployed.graceEndsAt) <= now.getTime();
  return all.flatMap((credential): ObsoleteClientSecret[] => {
    const { keyId, rotation, expires } = credential;
    if (rotation === undefined || held.has(keyId)) return [];
    if (Date.parse(expires) <= now.getTime()) return [{ ...credential, reason: "expired" }];
    if (rotation >= reached) return [{ ...credential, reason: "unknown" }];
    return isPastGrace ? [{ ...credential, reason: "past its grace" }] : [];
  });
}

/** Something about the credentials that no preview shows, or not before it hurts. */
export interface ClientSecretIssue {
  readonly kind: "vanished" | "added by hand" | "unknown" | "expires";
  readonly keyId: string;
  /** One sentence, with what to do. */
  readonly text: string;
}

/**
 * Finds what is wrong with an application's credentials.
 *
 * @param soonDays what counts as expiring soon, default 14
 */
export function checkClientSecrets(evidence: ClientSecretInventory, soonDays = 14): ClientSecretIssue[] {
  const { all, known, deployed, now } = evidence;
  const held = heldBy(known);
  const findings: ClientSecretIssue[] = [];
  if (deployed && !all.some(({ keyId }) => keyId === deployed.keyId))
    findings.push({
      kind: "vanished",
      keyId: deployed.keyId,
      text:
        `Client secret number ${deployed.number}, which Cloudflare signs in with, is not in Entra any more. ` +
        "npx entra-access up makes another.",
    });
  for (const { keyId, displayName, hint, expires, rotation } of all) {
    if (rotation === undefined && !held.has(keyId))
      findings.push({
        kind: "added by hand",
        keyId,
        text:
          `Client secret "${displayName}" (${keyId}, begins with ${hint}) is not the stack's. ` +
          "Remove it in Entra unless somebody needs it.",
      });
    const days = Math.floor((Date.parse(expires) - now.getTime()) / (24 * 60 * 60 * 1000));
    if (keyId === deployed?.keyId && days < soonDays)
      findings.push({
        kind: "expires",
        keyId,
        text: `Client secret number ${deployed.number} expires in ${days} days, at ${expires}. npx entra-access rotate${formatTenantOption(known.tenant)}`,
      });
  }
  for (const { keyId, rotation, reason } of findObsoleteClientSecrets(evidence))
    if (reason === "unknown")
      findings.push({
        kind: "unknown",
        keyId,
        text: `Client secret number ${rotation} (${keyId}) is of an interrupted run. npx entra-access up removes it.`,
      });
  return findings;
}

function heldBy({ credentials }: TenantState): Set<string> {
  return new Set(credentials.map(({ outputs }) => String(outputs?.keyId)));
}

export async function removeClientSecret(
  graph: Client,
  { id }: ApplicationIds,
  keyId: string,
): Promise<void> {
  await graph.api(`/applications/${id}/removePassword`).post({ keyId });
}
