import type { Command } from "../command";
import { ensureEngine } from "../engine";
import { interruption } from "../interrupt";
import { Progress, pc } from "../progress";
import { type BroughtUp, bringUp } from "../recovery/bring-up";
import { Stack } from "../stacks";
import { describeChanges } from "../stacks/plan";

export const up: Command = {
  usage: `usage: npx entra-access up [stack] [--resend]

Recovers from whatever an earlier run left behind, then does what pulumi up does: docs/operations.md has the states.
Backend, passphrase, settings and sign-in are those that pulumi uses here. Can be run again at any time.

  [stack]         default: the one that pulumi stack select chose
  --resend        sends Cloudflare its copy of the client secret again: no preview shows when that copy is wrong
  -C, --cwd <f>   the folder of Pulumi.yaml; default: this one`,
  options: { resend: { type: "boolean" }, cwd: { type: "string", short: "C" } },
  positionals: ["stack"],
  async run({ stack: name, resend, cwd }) {
    const progress = new Progress();
    const stack = await openOwn(progress, name, cwd);
    return report(progress, await bringUp(stack, { progress, resend: resend === true }));
  },
};

export async function openOwn(progress: Progress, name: unknown, cwd: unknown): Promise<Stack> {
  const signal = interruption();
  const engine = await ensureEngine({ progress, signal });
  const options = { engine, signal, ...(typeof cwd === "string" && { projectFolder: cwd }) };
  if (typeof name !== "string")
    return progress.step("Opening the selected stack", () => Stack.openOwn(options));
  return progress.step(`Opening stack ${name}`, () => Stack.openOwn({ ...options, name }));
}

/** Says what a run did, and what a person has to look at. @returns the exit code: 2 where there is such a thing */
export function report(progress: Progress, { run, deployed, removed, findings, doubts }: BroughtUp): number {
  for (const line of describeChanges(run.changes)) progress.line(`  ${line}`);
  for (const warning of run.warnings) progress.line(`  ${pc.yellow("warning")} ${warning.trim()}`);
  for (const { rotation, keyId, reason } of removed)
    progress.line(`  ${pc.red("- removed")} client secret number ${rotation} (${keyId}): ${reason}`);
  const open = [...findings.map(({ text }) => text), ...doubts];
  for (const text of open) progress.line(`  ${pc.yellow("look")} ${text}`);
  if (deployed)
    progress.line(
      `Cloudflare signs in with client secret number ${deployed.number} (${deployed.keyId}), ` +
        `valid until ${deployed.expiresAt}; the next one is due ${deployed.dueAt}.`,
    );
  return open.length > 0 ? 2 : 0;
}
