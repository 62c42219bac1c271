import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { InterruptedError, UserError } from "../../errors";
import { explainRefusal } from "../../permissions/refusal";
import { type Stack, StackError, StackLockedError } from "../../stacks";
import { prefixTenant } from "../../tenants";
import { type DeployResult, deployStack } from "../deploy";
import type { DeployOptions } from "../deploy-options";
import { type ClientSecretsResult, readCause, updateClientSecrets } from "./client-secrets-only";

/** A client secret that was requested. */
export interface RequestedRotation {
  /** Name of the tenant. */
  readonly tenant: string;
  readonly number: number;
}

/**
 * Deploys a stack. If that fails, client secrets that are due or requested are replaced all the same: an expired one
 * locks everybody out, which is worse than whatever the update failed at.
 *
 * @param requested the run counts as successful, with the failure among the `actionNeeded`, once Cloudflare has this one
 * @throws as {@link deployStack} does; the advice tells which client secrets were replaced nevertheless
 */
export async function deployStackOrRotate(
  stack: Stack,
  options: DeployOptions,
  requested?: RequestedRotation,
): Promise<DeployResult> {
  try {
    return await deployStack(stack, options);
  } catch (cause) {
    if (cause instanceof StackLockedError) throw cause;
    if (stack.isInterrupted)
      throw new InterruptedError("interrupted", [`Go on from there: npx entra-access up ${stack.name}`]);
    const lacking = await explainRefusal(cause, "deploy", () => stack.providerSettings());
    const error = addAdvice(cause, lacking === undefined ? [] : [lacking]);
    const result = await updateClientSecrets(stack, options.progress).catch(() => undefined);
    if (!result) throw error;
    if (requested && isDeployed(result, requested)) return addAmbiguity(result, error);
    throw addAdvice(error, describeClientSecrets(result));
  }
}

function isDeployed(result: ClientSecretsResult, { tenant, number }: RequestedRotation): boolean {
  return (getTenantResult(result, tenant)?.deployed?.number ?? 0) >= number;
}

function addAmbiguity(result: DeployResult, error: unknown): DeployResult {
  const text = `the client secret is replaced, but the rest of the stack was not updated completely: ${readCause(error)}`;
  return { ...result, actionNeeded: [...result.actionNeeded, text] };
}

function describeClientSecrets(result: ClientSecretsResult): string[] {
  const replaced = result.updated.flatMap((signIn) => {
    const { deployed } = getTenantResult(result, signIn) ?? {};
    if (!deployed) return [];
    const text = `client secret number ${deployed.number} (${deployed.keyId}), valid until ${deployed.expiresAt}`;
    return [`The client secret was replaced nevertheless: ${prefixTenant(signIn, text)}.`];
  });
  const failed = result.failed.flatMap((signIn) =>
    (getTenantResult(result, signIn)?.actionNeeded ?? []).map((text) => prefixTenant(signIn, text)),
  );
  return result.updated.length > 0 ? [...replaced, ...failed] : [];
}

function getTenantResult(result: DeployResult, signIn: string) {
  return signIn === OWN_IDENTITY_PROVIDER ? result : result.further[signIn];
}

function addAdvice(error: unknown, lines: readonly string[]): unknown {
  if (lines.length === 0) return error;
  if (error instanceof StackError)
    return new StackError(error.operation, [...error.causes, ...lines], error.result);
  if (error instanceof UserError) return new UserError(error.message, [...error.next, ...lines]);
  return error;
}
