/** What the long run needs to deploy the components from Python and Go. */
import { join } from "node:path";
import { UserError } from "../../ops/errors";
import { Progress } from "../../ops/terminal/progress";
import { ENGINE_VERSION } from "../../ops/tools/engine";
import { execFileAsync } from "../../ops/tools/engine/source";
import { buildWithGo } from "../../ops/tools/go";
import { installAtomically } from "../../ops/tools/install-folder";

const ROOT = join(__dirname, "../..");
const FOLDER = join(ROOT, ".local/languages");
const GO_MODULE = join(ROOT, "tests/provider/languages/go");
/** A client that checks SCIM endpoints, and what it sends requests with. */
const SCIM_PACKAGES = ["scim2-tester==0.5.2", "scim2-client[httpx2]==0.13.2"];
/** Python with the Pulumi SDK of the engine's version, and the SCIM client. */
export const PYTHON = join(FOLDER, ENGINE_VERSION, "bin/python3");
/** The Go program, built. */
export const GO_PROGRAM = join(FOLDER, "go-program");

/**
 * Installs the Pulumi SDK for Python and the SCIM client from PyPI in `.local/languages` unless it is there, and builds the Go program.
 *
 * @throws UserError with the missing requirement
 */
export async function prepareLanguages(): Promise<string> {
  const progress = new Progress();
  if (!(await isPythonReady()))
    await progress.step("Installing Pulumi for Python", installPython).catch((error: Error) => {
      const advice = "Install Python 3.10 or later with venv and pip; PyPI must be reachable.";
      throw new UserError(`Pulumi for Python is required: ${error.message}`, [advice]);
    });
  const program = { module: GO_MODULE, package: ".", space: { GOMODCACHE: 0.3, GOCACHE: 1 } };
  await progress.step("Building the Go program", (note) =>
    buildWithGo(program, GO_PROGRAM, { env: process.env, note }),
  );
  return `languages: ${PYTHON}, ${GO_PROGRAM}`;
}

const installPython = () =>
  installAtomically(FOLDER, ENGINE_VERSION, {
    works: isPythonReady,
    async fill(folder) {
      await execFileAsync("python3", ["-m", "venv", folder]);
      const packages = ["-m", "pip", "install", `pulumi==${ENGINE_VERSION}`, ...SCIM_PACKAGES];
      await execFileAsync(join(folder, "bin/python3"), packages);
    },
  });

const isPythonReady = () =>
  execFileAsync(PYTHON, ["-c", "import pulumi, scim2_tester, httpx2"]).then(
    () => true,
    () => false,
  );
