import type { Command } from "../command";
import { stacksOf } from "../drift/fleet/project";
import { PROJECT_FOLDER } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

export const stacks: Command = {
  usage: `usage: npx entra-access stacks [--json]

The names of the stacks that the backend has of this project, one a line.

  --json               as a JSON list, for example as the matrix of a workflow
  -C, --cwd <folder>   the folder of Pulumi.yaml; default: this one`,
  options: { json: { type: "boolean" }, cwd: { type: "string", short: "C" } },
  async run({ json, cwd }) {
    const projectFolder = typeof cwd === "string" ? cwd : PROJECT_FOLDER;
    const engine = await ensureEngine({
      progress: new Progress(process.stderr),
      signal: createInterruptSignal(),
    });
    const names = (await stacksOf({ projectFolder, engine, env: {} })).map(({ name }) => name).sort();
    if (json) console.log(JSON.stringify(names));
    else for (const name of names) console.log(name);
    return 0;
  },
};
