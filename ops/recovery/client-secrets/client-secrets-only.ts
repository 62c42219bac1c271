import * as pulumi from "@pulumi/pulumi";
import type { Deployment, PulumiFn } from "@pulumi/pulumi/automation";
import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { CLIENT_SECRET_ONLY } from "../../../config/run";
import { connectClouds } from "../../clients/deployer";
import { UserError } from "../../errors";
import { type RunResult, type Stack, StackError } from "../../stacks";
import { readProjectSetting } from "../../stacks/settings/project-setting";
import { readStackState } from "../../stacks/state/state";
import { listTenants, prefixTenant, type StackTenant } from "../../tenants";
import type { Progress } from "../../terminal/progress";
import { cleanUpTenant, type TenantDeployResult } from "../clean-up";
import { type DeployResult, runPastStaleLock } from "../deploy";
import { type ConnectedTenant, type InspectedTenant, inspectTenant } from "../inspect";
import { findCurrentClientSecret, getResourceKey, readTenantState, type TenantState } from "../tenant-state";
import { listClientSecrets, listStackMarks } from "./client-secrets";

/** The outcome of updating client secrets alone; the cause of a failure is among the tenant's `actionNeeded`. */
export interface ClientSecretsResult extends DeployResult {
  /** Names of the tenants whose client secret was replaced or sent to Cloudflare. */
  readonly updated: readonly string[];
  /** Names of the tenants whose client secret could not be checked or replaced. */
  readonly failed: readonly string[];
}

/**
 * Replaces the client secrets that are due or requested, and sends to Cloudflare what a failed run did not send. Nothing
 * else of the stack changes, so nothing else can stop it: neither access rules nor other tenants. Each tenant has a run of
 * its own.
 */
export async function updateClientSecrets(stack: Stack, progress: Progress): Promise<ClientSecretsResult> {
  const runs: RunResult[] = [];
  const [updated, failed]: [string[], string[]] = [[], []];
  const tenants: Record<string, TenantDeployResult> = {};
  const settings = await stack.providerSettings();
  for (const one of listTenants(settings)) {
    const credential = readCredentialSettings(settings.config, one.name);
    const state = await stack.export();
    try {
      const { run, ...result } = await updateTenant(stack, one, { state, credential, progress });
      tenants[one.name] = result;
      if (!run) continue;
      runs.push(run);
      updated.push(one.name);
    } catch (error) {
      failed.push(one.name);
      const text = `the client secret could not be checked or replaced: ${readCause(error)}`;
      tenants[one.name] = { ...describeUnchanged(readTenantState(state, one.name)), actionNeeded: [text] };
    }
  }
  const { [OWN_IDENTITY_PROVIDER]: own, ...further } = tenants;
  return { run: joinRuns(runs), ...(own as TenantDeployResult), further, updated, failed };
}

interface TenantUpdate {
  readonly state: Deployment;
  readonly credential: CredentialSettings;
  readonly progress: Progress;
}

async function updateTenant(
  stack: Stack,
  { name: signIn, settings, markedSignIn }: StackTenant,
  { state, credential, progress }: TenantUpdate,
): Promise<TenantDeployResult & { run?: RunResult }> {
  const known = readTenantState(state, signIn);
  if (!known.deployed)
    throw new UserError("there is no client secret yet", [
      `Make the first one: npx entra-access up ${stack.name}`,
    ]);
  const clouds = await progress.step(prefixTenant(signIn, "Signing in to both clouds"), () =>
    connectClouds(settings),
  );
  const connected = { signIn, settings, markedSignIn, clouds };
  const mark = await stack.mark(markedSignIn);
  if (!(await isPending(connected, known, credential, mark))) return describeUnchanged(known);

  const title = prefixTenant(signIn, "pulumi up, of the client secret alone");
  let snapshot: InspectedTenant | undefined;
  let problem: unknown;
  const others = listOtherResources(state, signIn);
  const wrapProgram = (program: PulumiFn) => async () => {
    try {
      const current = await stack.export();
      refuseChangedResources(others, listOtherResources(current, signIn));
      snapshot = await inspectTenant(stack, connected, readTenantState(current, signIn), { progress });
    } catch (error) {
      problem = error;
      throw error;
    }
    pulumi.runtime.setConfig(CLIENT_SECRET_ONLY, `${process.pid}/${signIn}`);
    return program();
  };
  const run = await runPastStaleLock(stack, progress, title, () => stack.up(wrapProgram, others)).catch(
    (error: unknown) => {
      // The engine would wrap it in words of its own.
      throw problem ?? error;
    },
  );
  if (!snapshot) throw new Error("the engine did not run the program");
  return { run, ...(await cleanUpTenant(await stack.export(), snapshot, run, progress)) };
}

/** Lists the URNs of all resources but the client secret, the identity provider and what contains them. */
function listOtherResources(state: Deployment, signIn: string): string[] {
  const own = [
    `EntraApplication::${signIn}`,
    `ApplicationPassword::${signIn}-credential`,
    `AccessIdentityProvider::${signIn}`,
    getResourceKey("identityProvider", signIn).join("::"),
  ];
  const isOwn = (urn: string) =>
    own.some((end) => urn.endsWith(end)) || urn.includes("::pulumi:pulumi:Stack::");
  return [
    ...new Set(
      readStackState(state)
        .resources.map(({ urn }) => urn)
        .filter((urn) => !isOwn(urn)),
    ),
  ];
}

/** Refuses to run on if there is a resource that the engine was not told to leave alone: it would delete it. */
function refuseChangedResources(excluded: readonly string[], others: readonly string[]): void {
  if (others.every((urn) => excluded.includes(urn))) return;
  throw new UserError("the stack was updated meanwhile", ["Run this again."]);
}

/** Tells if an update would replace the client secret, or send it to Cloudflare. */
async function isPending(
  { clouds }: ConnectedTenant,
  state: TenantState,
  { rotation = 0, compromised = 0 }: CredentialSettings,
  mark: string,
): Promise<boolean> {
  const { deployed } = state;
  const newest = findCurrentClientSecret(state)?.outputs?.keyId;
  if (!deployed || newest !== deployed.keyId) return true;
  if (Date.parse(deployed.dueAt) <= clouds.entra.now().getTime()) return true;
  if (rotation > deployed.number || compromised >= deployed.number) return true;
  const { objectId, clientId } = state.resources.get("application")?.outputs ?? {};
  const ids = { id: String(objectId), appId: String(clientId) };
  const all = await listClientSecrets(clouds.graph, ids, listStackMarks(mark, state));
  return !all.some(({ keyId }) => keyId === deployed.keyId);
}

interface CredentialSettings {
  readonly rotation?: number;
  readonly compromised?: number;
}

/** Reads what the settings request of a tenant's client secret; not validated. */
function readCredentialSettings(
  config: Readonly<Record<string, string>>,
  signIn: string,
): CredentialSettings {
  if (signIn === OWN_IDENTITY_PROVIDER)
    return (readProjectSetting(config, "credential") ?? {}) as CredentialSettings;
  const access = readProjectSetting(config, "access") as AccessSettings | undefined;
  return access?.identityProviders?.[signIn]?.credential ?? {};
}

interface AccessSettings {
  readonly identityProviders?: Readonly<Record<string, { readonly credential?: CredentialSettings }>>;
}

const describeUnchanged = ({ deployed }: TenantState): TenantDeployResult => ({
  deployed,
  removed: [],
  clientSecretIssues: [],
  actionNeeded: [],
});

function joinRuns(runs: readonly RunResult[]): RunResult {
  return {
    changes: runs.flatMap(({ changes }) => changes),
    warnings: runs.flatMap(({ warnings }) => warnings),
    output: runs.map(({ output }) => output).join("\n"),
  };
}

/** Returns the first cause of a failure, in one line. */
export function readCause(error: unknown): string {
  const { message } = error as Error;
  const cause = error instanceof StackError ? (error.causes[0] ?? message) : message;
  return cause.replace(/\s*\n\s*/g, "; ");
}
