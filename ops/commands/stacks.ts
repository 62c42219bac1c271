import { defineCommand } from "../command";
import { listStacks } from "../fleet/stack-list";
import { CWD_OPTION, flagOption } from "../options";
import { PROJECT_FOLDER } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

export const stacksCommand = defineCommand({
  description: "Lists the names of the project's stacks in the backend, one per line.",
  options: {
    json: flagOption("prints a JSON list, for example for the matrix of a workflow"),
    cwd: CWD_OPTION,
  },
  async run({ json, cwd: projectFolder = PROJECT_FOLDER }) {
    const engine = await ensureEngine({
      progress: new Progress(process.stderr),
      signal: createInterruptSignal(),
    });
    const names = (await listStacks({ projectFolder, engine, env: {} })).map(({ name }) => name).sort();
    if (json) console.log(JSON.stringify(names));
    else for (const name of names) console.log(name);
    return 0;
  },
});
