import { defineCommand } from "../command";
import { flagOption } from "../options";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { createRequest, ensureEngine } from "../tools/engine";
import { rebuildEngine } from "../tools/engine/rebuild";

export const engineCommand = defineCommand({
  description: `Uses the engine on PATH, otherwise the one in the Pulumi home (PULUMI_HOME, default ~/.pulumi). If there is none, runs
Pulumi's installer; if that cannot be reached, builds the engine with Go.
Exit code: 0 there is one, 1 there is none, 2 a build from the pinned modules differs from it.`,
  options: {
    rebuild: flagOption("builds the engine again from the modules in go.sum, and compares it byte by byte"),
  },
  async run({ rebuild }) {
    const engine = await ensureEngine({ verify: true });
    console.log(`Pulumi engine ${engine.version} ${engine.source}: ${engine.command}`);
    if (!rebuild) return 0;
    const request = createRequest({ signal: createInterruptSignal() });
    const { present, rebuilt, go } = await new Progress().step("Building it again with Go", (note) =>
      rebuildEngine(engine, request, note),
    );
    console.log(`  in use   sha256 ${present}, built with ${go.present}`);
    console.log(`  rebuilt  sha256 ${rebuilt}, built with ${go.rebuilt}`);
    if (present === rebuilt) return 0;
    console.log(
      go.present === go.rebuilt
        ? "They differ: the engine in use was not built from these modules with these flags. Pulumi's own releases never are."
        : `They differ, as builds of different versions of Go do. Repeat it with: GOTOOLCHAIN=${go.present}`,
    );
    return 2;
  },
});
