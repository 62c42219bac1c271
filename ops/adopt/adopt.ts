import { readFileSync } from "node:fs";
import { type DeployResult, deployStack } from "../recovery/deploy";
import type { ConfigValues, Stack } from "../stacks";
import type { ResourceChange } from "../stacks/run/changes";
import type { Progress } from "../terminal/progress";
import type { AccessImport, CreatedGroup } from "./access/selector";
import type { AdoptionCandidate } from "./candidates";
import { listAccessImports, listSignInImports } from "./plan";
import { type AdoptionRecord, writeAdoptionRecord } from "./record";

export interface AdoptionResult extends DeployResult {
  /** The changes of a preview afterwards; none, unless something else changed meanwhile. */
  readonly remainingChanges: readonly ResourceChange[];
}

/** Writes the adoption record and the new config; the clouds are changed only by {@link runAdoption}. */
export async function recordAdoption(
  stack: Stack,
  candidate: AdoptionCandidate,
  { accountId, settings }: { accountId: string; settings: ConfigValues },
  access: readonly AccessImport[] = [],
  created: readonly CreatedGroup[] = [],
): Promise<AdoptionRecord> {
  const { application, servicePrincipal, owners } = candidate;
  const readConfigFile = () => readFileSync(stack.settingsFile, "utf8");
  const record: AdoptionRecord = {
    schema: "entra-access/adoption/1",
    application: { id: String(application.id), appId: String(application.appId) },
    servicePrincipal: String(servicePrincipal?.id),
    imports: [...listSignInImports(candidate, accountId)],
    access: listAccessImports(access, accountId),
    created: created.map(({ key }) => key),
    before: { settings: readConfigFile(), tags: application.tags ?? [], owners },
  };
  writeAdoptionRecord(stack, record);
  await stack.configure(settings);
  const written = { ...record, settingsAfter: readConfigFile() };
  writeAdoptionRecord(stack, written);
  return written;
}

/**
 * Imports the resources, sends Cloudflare a new client secret that Entra accepts, and previews. Resumes an interrupted run.
 *
 * @throws as {@link deployStack} does
 */
export async function runAdoption(
  stack: Stack,
  { application, imports, access }: AdoptionRecord,
  progress: Progress,
): Promise<AdoptionResult> {
  const adoption = { application, imports: new Map(imports), access };
  const result = await deployStack(stack, { progress, adoption });
  const { changes } = await progress.step("pulumi preview, which must show no changes", () =>
    stack.preview(),
  );
  return { ...result, remainingChanges: changes };
}
