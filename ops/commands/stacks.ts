import type { Command } from "../command";
import { listStacks } from "../drift/fleet/stack-list";
import { PROJECT_FOLDER } from "../stacks";
import { interruption } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

export const stacks: Command = {
  usage: `usage: npx entra-access stacks [--json]

Lists the names of the project's stacks in the backend, one per line.

  --json               prints a JSON list, for example for the matrix of a workflow
  -C, --cwd <folder>   the folder of Pulumi.yaml; default: the current folder`,
  options: { json: { type: "boolean" }, cwd: { type: "string", short: "C" } },
  async run({ json, cwd }) {
    const projectFolder = typeof cwd === "string" ? cwd : PROJECT_FOLDER;
    const engine = await ensureEngine({
      progress: new Progress(process.stderr),
      signal: interruption(),
    });
    const names = (await listStacks({ projectFolder, engine, env: {} })).map(({ name }) => name).sort();
    if (json) console.log(JSON.stringify(names));
    else for (const name of names) console.log(name);
    return 0;
  },
};
