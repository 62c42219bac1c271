import type { Client } from "@microsoft/microsoft-graph-client";
import type { PasswordCredential } from "@microsoft/microsoft-graph-types";
import { parseClientSecretName } from "../../../config/mark";
import { DAY_MS } from "../../days";
import { formatTenantOption } from "../../tenants";
import {
  type ApplicationIds,
  findCurrentClientSecret,
  type RotationOutput,
  type TenantState,
} from "../tenant-state";

/** A client secret of the application as Entra shows it, without its value. */
export interface ClientSecret {
  readonly keyId: string;
  readonly displayName: string;
  /** First characters of the value. */
  readonly hint: string;
  /** RFC 3339. */
  readonly created: string;
  readonly expires: string;
  /** The number of the rotation that made it; undefined where it carries no mark of the stack. */
  readonly rotation: number | undefined;
}

export async function listClientSecrets(
  graph: Client,
  { id }: ApplicationIds,
  marks: readonly string[],
): Promise<ClientSecret[]> {
  const app = await graph.api(`/applications/${id}?$select=passwordCredentials`).get();
  return ((app.passwordCredentials ?? []) as PasswordCredential[]).map((secret) => ({
    keyId: String(secret.keyId),
    displayName: secret.displayName ?? "",
    hint: secret.hint ?? "",
    created: secret.startDateTime ?? "",
    expires: secret.endDateTime ?? "",
    rotation: parseRotationNumber(secret.displayName ?? "", marks),
  }));
}

/** Reads the number in the name of a client secret that carries one of the marks. */
export function parseRotationNumber(displayName: string, marks: readonly string[]): number | undefined {
  const name = parseClientSecretName(displayName);
  return name && marks.includes(name.mark) ? name.number : undefined;
}

/** Lists the stack's mark and those that it had before it or its project was renamed. */
export function listStackMarks(mark: string, { deployed }: Pick<TenantState, "deployed">): string[] {
  const last = parseClientSecretName(deployed?.displayName ?? "")?.mark ?? mark;
  return [...new Set([mark, last, ...(deployed?.formerMarks ?? [])])];
}

/** An application's client secrets, and what decides which of them are needed. */
export interface ClientSecretInventory {
  readonly all: readonly ClientSecret[];
  readonly state: TenantState;
  readonly mark: string;
  /** The client secret that Cloudflare signs in with, according to the stack's outputs. */
  readonly deployed: RotationOutput | undefined;
  /** The time at Entra, because this machine's clock may be wrong. */
  readonly now: Date;
}

/** A client secret of the stack that is not needed any more. */
export interface ObsoleteClientSecret extends ClientSecret {
  readonly reason: "expired" | "overlap ended" | "orphaned";
}

/**
 * Tells the client secrets of interrupted runs (`orphaned`: their value is lost) from those that were replaced and stay
 * valid until their overlap ends. Both carry the mark, and neither is in the state. The rotation number grows only after
 * its client secret has reached Cloudflare through the state. Below the state's number, a secret was once in the state.
 * At that number only the one in the state was, and above it none.
 *
 * A state restored from a backup breaks this rule: the client secret in use may then have a higher number. So an
 * orphaned one must not be removed before Cloudflare was sent another that Entra accepts.
 */
export function findObsoleteClientSecrets(inventory: ClientSecretInventory): ObsoleteClientSecret[] {
  const { all, state, mark, deployed, now } = inventory;
  const inState = listKeyIds(state);
  const newest = findCurrentClientSecret(state)?.outputs;
  const reached =
    parseRotationNumber(String(newest?.displayName ?? ""), listStackMarks(mark, state)) ??
    Number.NEGATIVE_INFINITY;
  const isOverlapOver =
    deployed?.graceEndsAt !== undefined &&
    deployed.keyId === newest?.keyId &&
    Date.parse(deployed.graceEndsAt) <= now.getTime();
  return all.flatMap((secret): ObsoleteClientSecret[] => {
    const { keyId, rotation, expires } = secret;
    if (rotation === undefined || inState.has(keyId)) return [];
    if (Date.parse(expires) <= now.getTime()) return [{ ...secret, reason: "expired" }];
    if (rotation >= reached) return [{ ...secret, reason: "orphaned" }];
    return isOverlapOver ? [{ ...secret, reason: "overlap ended" }] : [];
  });
}

/** A problem with the client secrets that no preview shows, or shows too late. */
export interface ClientSecretIssue {
  readonly kind: "missing" | "added by hand" | "orphaned" | "expiring";
  readonly keyId: string;
  /** The problem and what to do about it. */
  readonly text: string;
}

/**
 * Finds what is wrong with an application's client secrets.
 *
 * @param soonDays reports a secret as expiring within this many days, default 14
 */
export function checkClientSecrets(inventory: ClientSecretInventory, soonDays = 14): ClientSecretIssue[] {
  const { all, state, deployed, now } = inventory;
  const inState = listKeyIds(state);
  const issues: ClientSecretIssue[] = [];
  if (deployed && !all.some(({ keyId }) => keyId === deployed.keyId))
    issues.push({
      kind: "missing",
      keyId: deployed.keyId,
      text:
        `Client secret number ${deployed.number}, which Cloudflare signs in with, does not exist in Entra any more. ` +
        "Create a new one: npx entra-access up",
    });
  for (const { keyId, displayName, hint, expires, rotation } of all) {
    if (rotation === undefined && !inState.has(keyId))
      issues.push({
        kind: "added by hand",
        keyId,
        text:
          `Client secret "${displayName}" (${keyId}, begins with ${hint}) was not created by the stack. ` +
          "Remove it in Entra unless it is in use.",
      });
    const days = Math.floor((Date.parse(expires) - now.getTime()) / DAY_MS);
    if (keyId === deployed?.keyId && days < soonDays)
      issues.push({
        kind: "expiring",
        keyId,
        text:
          `Client secret number ${deployed.number} expires in ${days} days, at ${expires}. ` +
          `Replace it: npx entra-access rotate${formatTenantOption(state.signIn)}`,
      });
  }
  for (const { keyId, rotation, reason } of findObsoleteClientSecrets(inventory))
    if (reason === "orphaned")
      issues.push({
        kind: "orphaned",
        keyId,
        text:
          `Client secret number ${rotation} (${keyId}) was left behind by an interrupted run. ` +
          "Remove it: npx entra-access up",
      });
  return issues;
}

/**
 * Lists the key ids of client secrets that must stay: the newest in the state and, until Cloudflare has it, the replaced one
 * that the state still lists.
 */
function listKeyIds({ clientSecrets, deployed }: TenantState): Set<string> {
  const keyIds = clientSecrets.map(({ outputs }) => String(outputs?.keyId));
  return new Set(keyIds[0] === deployed?.keyId ? keyIds.slice(0, 1) : keyIds);
}

export async function removeClientSecret(
  graph: Client,
  { id }: ApplicationIds,
  keyId: string,
): Promise<void> {
  await graph.api(`/applications/${id}/removePassword`).post({ keyId });
}
