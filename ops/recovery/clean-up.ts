import type { Deployment } from "@pulumi/pulumi/automation";
import type { RunResult } from "../stacks";
import { prefixTenant } from "../tenants";
import type { Progress } from "../terminal/progress";
import {
  type ClientSecretIssue,
  checkClientSecrets,
  findObsoleteClientSecrets,
  listClientSecrets,
  listStackMarks,
  type ObsoleteClientSecret,
  removeClientSecret,
} from "./client-secrets/client-secrets";
import type { ResendResult } from "./client-secrets/resend";
import type { InspectedTenant } from "./inspect";
import { getResourceKey, type RotationOutput, readApplicationIds, readTenantState } from "./tenant-state";

/** The outcome of a deployment for one tenant. */
export interface TenantDeployResult {
  /** The client secret that Cloudflare signs in with now. */
  readonly deployed: RotationOutput | undefined;
  /** Client secrets that this run removed from Entra. */
  readonly removed: readonly ObsoleteClientSecret[];
  readonly clientSecretIssues: readonly ClientSecretIssue[];
  /** Orphaned resources that only a person can sort out. */
  readonly actionNeeded: readonly string[];
}

/** Removes obsolete client secrets after a successful run, and checks those that remain. */
export async function cleanUpTenant(
  deployment: Deployment,
  { signIn, clouds, mark, keyIds, resent, actionNeeded }: InspectedTenant,
  run: RunResult,
  progress: Progress,
): Promise<TenantDeployResult> {
  const state = readTenantState(deployment, signIn);
  const application = readApplicationIds(state);
  const { deployed } = state;
  if (!application || !deployed) return { deployed, removed: [], clientSecretIssues: [], actionNeeded };
  const all = await listClientSecrets(clouds.graph, application, listStackMarks(mark, state));
  const now = clouds.entra.now();
  const isSent = wasSentToCloudflare(deployed.keyId, signIn, run, resent);
  const removed = findObsoleteClientSecrets({ all, state, mark, deployed, now })
    // A secret made after the lock was released belongs to another run.
    .filter(({ keyId, reason }) => reason !== "orphaned" || (isSent && keyIds.has(keyId)));
  if (removed.length > 0) {
    const names = removed.map(
      ({ rotation, keyId, reason }) => `client secret number ${rotation} (${keyId}): ${reason}`,
    );
    await progress.step(prefixTenant(signIn, `Removing ${names.join(", ")}`), async () => {
      for (const { keyId } of removed) await removeClientSecret(clouds.graph, application, keyId);
    });
  }
  const removedIds = new Set(removed.map(({ keyId }) => keyId));
  const remaining = all.filter(({ keyId }) => !removedIds.has(keyId));
  const clientSecretIssues = checkClientSecrets({ all: remaining, state, mark, deployed, now });
  return { deployed, removed, clientSecretIssues, actionNeeded };
}

/** Returns whether this run sent the client secret to Cloudflare, so that no earlier one is in use any more. */
function wasSentToCloudflare(
  keyId: string,
  signIn: string,
  { changes }: RunResult,
  resent: ResendResult,
): boolean {
  if (resent && "keyId" in resent && resent.keyId === keyId) return true;
  const [type, name] = getResourceKey("identityProvider", signIn);
  // The provider sends every property with any change.
  return changes.some(
    (change) => change.type === type && change.name === name && ["create", "update"].includes(change.op),
  );
}
