import { join } from "node:path";
import type { ProgressNote } from "../../terminal/progress";
import { buildWithGo } from "../go";
import type { EngineRequest } from "./source";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Builds the engine with Go into `root`/bin, which takes minutes the first time. @throws UnavailableError */
export function buildEngine(
  { version, env, signal }: EngineRequest,
  root: string,
  note: ProgressNote,
): Promise<void> {
  const program = {
    module: __dirname,
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    flags: ["-tags", "engine", "-ldflags", `-s -w -X ${VERSION_VARIABLE}=v${version}`],
    space: { GOMODCACHE: 2, GOCACHE: 1.5 },
  };
  return buildWithGo(program, join(root, "bin", "pulumi"), { env, note, signal });
}
