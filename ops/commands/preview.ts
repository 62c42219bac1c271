import { defineCommand } from "../command";
import { chooseStacks, FLEET_OPTIONS, flagOption } from "../options";
import { previewFleet } from "../preview/fleet";
import { describePreviews, markdownOf, resultOf } from "../preview/text";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

export const preview = defineCommand({
  description: `Previews up for several stacks at once, including drift; changes nothing. A stack that cannot be previewed is reported
with the reason. Exit code: 0, or 1 if a stack could not be previewed.`,
  options: {
    ...FLEET_OPTIONS,
    markdown: flagOption("prints Markdown for a pull request"),
  },
  async run({ markdown, concurrency: machine, cwd, ...chosen }) {
    const signal = createInterruptSignal();
    const engine = await ensureEngine({ progress: new Progress(process.stderr), signal });
    const previews = await previewFleet({
      stacks: chooseStacks(chosen),
      engine,
      signal,
      ...(machine && { limits: { machine } }),
      ...(cwd !== undefined && { projectFolder: cwd }),
      onStack: (one) => console.error(`${one.stack}: ${resultOf(one)}`),
    });
    if (signal.aborted) return 130;
    console.log(markdown ? markdownOf(previews) : describePreviews(previews).join("\n"));
    return previews.some(({ changes }) => !changes) ? 1 : 0;
  },
});
