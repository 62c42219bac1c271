import { readFileSync } from "node:fs";
import { type DeployResult, deployStack } from "../recovery/deploy";
import type { ConfigValues, Stack } from "../stacks";
import type { ResourceChange } from "../stacks/changes";
import type { Progress } from "../terminal/progress";
import type { AccessImport } from "./access/select";
import type { AdoptionCandidate } from "./candidates";
import { listAccessImports, listSignInImports } from "./plan";
import { type AdoptionRecord, writeAdoptionRecord } from "./record";

export interface AdoptionResult extends DeployResult {
  /** What a preview would change afterwards: nothing, unless somebody else changed it meanwhile. */
  readonly left: readonly ResourceChange[];
}

/** Writes down what is there and what the stack is to declare. The clouds stay as they are: {@link runAdoption}. */
export async function recordAdoption(
  stack: Stack,
  candidate: AdoptionCandidate,
  { accountId, settings }: { accountId: string; settings: ConfigValues },
  access: readonly AccessImport[] = [],
): Promise<AdoptionRecord> {
  const { application, servicePrincipal, owners } = candidate;
  const text = () => readFileSync(stack.settingsFile, "utf8");
  const record: AdoptionRecord = {
    schema: "entra-access/adoption/1",
    application: { id: String(application.id), appId: String(application.appId) },
    servicePrincipal: String(servicePrincipal?.id),
    imports: [...listSignInImports(candidate, accountId)],
    access: listAccessImports(access, accountId),
    before: { settings: text(), tags: application.tags ?? [], owners },
  };
  writeAdoptionRecord(stack, record);
  await stack.configure(settings);
  const begun = { ...record, settingsAfter: text() };
  writeAdoptionRecord(stack, begun);
  return begun;
}

/**
 * Imports, gives Cloudflare a new client secret that Entra accepts, and previews. Goes on where an earlier run stopped.
 *
 * @throws as bringUp does
 */
export async function runAdoption(
  stack: Stack,
  { application, imports, access }: AdoptionRecord,
  progress: Progress,
): Promise<AdoptionResult> {
  const adopts = { application, imports: new Map(imports), access };
  const done = await deployStack(stack, { progress, adopts });
  const { changes } = await progress.step("pulumi preview, which is to be empty", () => stack.preview());
  return { ...done, left: changes };
}
