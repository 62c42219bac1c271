import type { Command } from "../command";
import { UsageError } from "../errors";
import { previewFleet } from "../preview/fleet";
import { describePreviews, markdownOf, resultOf } from "../preview/text";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";
import { wholeNumber } from "./drift";

export const preview: Command = {
  usage: `usage: npx entra-access preview [stacks...] [--all] [--markdown]

What up would do to many stacks at once, with what changed in the clouds meanwhile; changes nothing. A stack that cannot
be previewed says why and hides no other. Exit code: 0, or 1 where a stack could not be previewed.

  [stacks...]          default: the one that pulumi stack select chose
  --all                every stack of the project
  --markdown           for a pull request
  --concurrency <n>    stacks at once; default: the processors of this machine
  -C, --cwd <folder>   the folder of Pulumi.yaml; default: this one`,
  options: {
    all: { type: "boolean" },
    markdown: { type: "boolean" },
    concurrency: { type: "string" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stacks..."],
  async run({ stacks, all, markdown, concurrency, cwd }) {
    if (all && stacks) throw new UsageError("either --all or names of stacks");
    const machine = wholeNumber(concurrency, "concurrency");
    const signal = createInterruptSignal();
    const engine = await ensureEngine({ progress: new Progress(process.stderr), signal });
    const previews = await previewFleet({
      stacks: all ? "all" : (stacks as string[] | undefined),
      engine,
      signal,
      ...(machine && { limits: { machine } }),
      ...(typeof cwd === "string" && { projectFolder: cwd }),
      onStack: (one) => console.error(`${one.stack}: ${resultOf(one)}`),
    });
    if (signal.aborted) return 130;
    console.log(markdown ? markdownOf(previews) : describePreviews(previews).join("\n"));
    return previews.some(({ changes }) => !changes) ? 1 : 0;
  },
};
