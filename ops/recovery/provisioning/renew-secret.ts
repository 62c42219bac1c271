import type { Client } from "@microsoft/microsoft-graph-client";
import type { SynchronizationJob } from "@microsoft/microsoft-graph-types";
import { SCIM_SECRET_IS_LOST } from "../../../config/run";
import type { DeployerClouds } from "../../clients/deployer";
import { ignoreNotFound } from "../../clients/errors";
import { UserError } from "../../errors";
import { type Stack, StackError } from "../../stacks";
import { replaceSecretOutput } from "../../stacks/state/state";
import { formatTenantOption, prefixTenant } from "../../tenants";
import type { Progress } from "../../terminal/progress";
import type { ConnectedTenant } from "../inspect";
import { readResources, readTenantState } from "../tenant-state";

const SECRET_PATH = ["scimConfig", "secret"];

/** The tenant whose SCIM secret is renewed. */
type RenewedTenant = Pick<ConnectedTenant, "signIn"> & {
  readonly clouds: Pick<DeployerClouds, "graph" | "cloudflare" | "accountId">;
};

/**
 * Renews the SCIM secret at Cloudflare and in the state; the next update sends it to Entra and starts the job again. The job
 * is paused meanwhile, and the state has no secret, so that an interrupted renewal cannot be taken for one that is complete.
 *
 * @returns the path of the job in Graph; undefined where the stack does not manage provisioning
 * @throws UserError without an identity provider, without SCIM, and where Cloudflare's answer has no secret
 */
export async function renewScimSecret(
  stack: Stack,
  { signIn, clouds }: RenewedTenant,
  progress: Progress,
): Promise<string | undefined> {
  const state = await stack.export();
  const provider = readTenantState(state, signIn).resources.get("identityProvider");
  const scim = provider?.outputs?.scimConfig as { enabled?: boolean } | undefined;
  if (!provider?.id || !scim?.enabled)
    throw new UserError(prefixTenant(signIn, `stack ${stack.name} must have SCIM on; found it off`), [
      `Set identityProvider.scim.enabled to true, then: npx entra-access up ${stack.name}`,
    ]);
  const job = readResources(state).get(
    `azuread:index/synchronizationJob:SynchronizationJob ${signIn}-scim-job`,
  )?.id;
  const { id, urn } = provider;
  const title = prefixTenant(signIn, "Renewing Cloudflare's SCIM secret");
  await progress.step(title, async () => {
    if (job) await pauseJob(clouds.graph, job);
    await stack.import(replaceSecretOutput(state, urn, SECRET_PATH, undefined));
    const secret = await refreshSecret(clouds, id, signIn);
    await stack.import(replaceSecretOutput(await stack.export(), urn, SECRET_PATH, secret));
  });
  return job;
}

/** Ends the quarantine of a job, which Entra would otherwise leave for its next attempt. */
export async function endQuarantine(graph: Client, job: string): Promise<void> {
  const { status }: SynchronizationJob = await graph.api(job).get();
  if (status?.code === "Quarantine")
    await graph.api(`${job}/restart`).post({ criteria: { resetScope: "QuarantineState" } });
}

/** Selects the tenants whose SCIM secret a run found missing. */
export function selectTenantsWithLostSecret<T extends { signIn: string }>(
  error: unknown,
  tenants: readonly T[],
): T[] {
  if (!(error instanceof StackError)) return [];
  const text = error.causes.join("\n");
  return tenants.filter(({ signIn }) => text.includes(`${signIn}: ${SCIM_SECRET_IS_LOST}`));
}

async function pauseJob(graph: Client, job: string): Promise<void> {
  const found: SynchronizationJob | undefined = await graph.api(job).get().catch(ignoreNotFound);
  if (found?.schedule?.state === "Active") await graph.api(`${job}/pause`).post({});
}

/** The documentation names the address and not its answer. */
interface RefreshAnswer {
  readonly result?: { readonly scim_config?: { readonly secret?: string }; readonly secret?: string };
}

async function refreshSecret(
  { cloudflare, accountId }: RenewedTenant["clouds"],
  id: string,
  signIn: string,
): Promise<string> {
  const path = `/accounts/${accountId}/access/identity_providers/${id}/refresh_scim_secret`;
  const { result } = await cloudflare.post<RefreshAnswer>(path);
  const secret = result?.scim_config?.secret ?? result?.secret;
  if (secret && !/^\*+$/.test(secret)) return secret;
  throw new UserError(prefixTenant(signIn, "Cloudflare's answer must have the new SCIM secret; found none"), [
    `Run this again: npx entra-access rotate --scim${formatTenantOption(signIn)}`,
  ]);
}
