import { readFileSync } from "node:fs";
import { type BroughtUp, bringUp } from "../recovery/bring-up";
import type { Stack, StackConfig } from "../stacks";
import type { Change } from "../stacks/plan";
import type { Progress } from "../terminal/progress";
import type { TakenPart } from "./access/take";
import type { Candidate } from "./find";
import { accessImports, importsOf } from "./plan";
import { type AdoptionRecord, writeRecord } from "./record";

export interface AdoptedStack extends BroughtUp {
  /** What a preview would change afterwards: nothing, unless somebody else changed it meanwhile. */
  readonly left: readonly Change[];
}

/** Writes down what is there and what the stack is to declare. The clouds stay as they are: {@link carryOut}. */
export async function begin(
  stack: Stack,
  candidate: Candidate,
  { accountId, settings }: { accountId: string; settings: StackConfig },
  access: readonly TakenPart[] = [],
): Promise<AdoptionRecord> {
  const { application, servicePrincipal, owners } = candidate;
  const text = () => readFileSync(stack.settingsFile, "utf8");
  const record: AdoptionRecord = {
    schema: "entra-access/adoption/1",
    application: { id: String(application.id), appId: String(application.appId) },
    servicePrincipal: String(servicePrincipal?.id),
    imports: [...importsOf(candidate, accountId)],
    access: accessImports(access, accountId),
    before: { settings: text(), tags: application.tags ?? [], owners },
  };
  writeRecord(stack, record);
  await stack.configure(settings);
  const begun = { ...record, settingsAfter: text() };
  writeRecord(stack, begun);
  return begun;
}

/**
 * Imports, gives Cloudflare a new client secret that Entra accepts, and previews. Goes on where an earlier run stopped.
 *
 * @throws as bringUp does
 */
export async function carryOut(
  stack: Stack,
  { application, imports, access }: AdoptionRecord,
  progress: Progress,
): Promise<AdoptedStack> {
  const adopts = { application, imports: new Map(imports), access };
  const done = await bringUp(stack, { progress, adopts });
  const { changes } = await progress.step("pulumi preview, which is to be empty", () => stack.preview());
  return { ...done, left: changes };
}
