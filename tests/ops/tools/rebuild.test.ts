import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { main } from "../../../ops/cli";
import { rebuildEngine } from "../../../ops/tools/engine/rebuild";
import { buildEngineTwice } from "../../../scripts/dev-tools/engine";
import { programs } from "./lab";

const { at, script } = programs("rebuild");
const env = () => ({ PATH: `${at("path")}:/usr/bin:/bin` });

/** A Go that "builds" a program with this text, and says which version built a program. */
function fakeGo({ program = "the engine", verify = "exit 0", version = "go1.99.0" } = {}) {
  script(
    at("path", "go"),
    `case "$1 $2" in
"env GOVERSION") echo "go1.99.0"; echo "local";;
"env -json") echo '{"GOMODCACHE":"${at()}","GOCACHE":"${at()}"}';;
"mod verify") ${verify};;
version*) echo "$2: ${version}";;
build*) echo "$GOCACHE" > ${at()}/cache; while [ "$1" != -o ]; do shift; done; mkdir -p "$(dirname "$2")"; printf "${program}" > "$2";;
esac`,
  );
}
const rebuild = (present: string) => {
  const command = script(at("pulumi"), "");
  writeFileSync(command, present);
  return rebuildEngine(
    { command, version: "3.232.0", source: "here" },
    { version: "3.232.0", home: at(), env: env() },
    () => {},
  );
};

it("builds with a cache of its own and finds the same hash for the same program", async () => {
  fakeGo();
  const { present, rebuilt, go } = await rebuild("the engine");
  expect(rebuilt).toBe(present);
  expect(present).toMatch(/^[0-9a-f]{64}$/);
  expect(go).toEqual({ present: "go1.99.0", rebuilt: "go1.99.0" });
  const cache = readFileSync(at("cache"), "utf8").trim();
  expect(cache).not.toBe(at());
  expect(existsSync(cache)).toBe(false);
});

it("finds another hash for another program", async () => {
  fakeGo({ program: "the engine, changed" });
  const { present, rebuilt } = await rebuild("the engine");
  expect(rebuilt).not.toBe(present);
});

it("refuses to build from modules that differ from go.sum", async () => {
  fakeGo({ verify: 'echo "github.com/x/y v1.0.0: dir has been modified" >&2; exit 1' });
  await expect(rebuild("the engine")).rejects.toMatchObject({
    message: "Go's module cache must match go.sum: github.com/x/y v1.0.0: dir has been modified",
    next: ["Run: go clean -modcache"],
  });
});

it("two builds in two folders have one hash, or it is an error", async () => {
  fakeGo();
  expect(await buildEngineTwice(env())).toMatch(/^sha256 [0-9a-f]{64}, built twice with go1\.99\.0$/);
  fakeGo({ program: "$GOCACHE" });
  await expect(buildEngineTwice(env())).rejects.toThrow(
    "two builds of the engine must have one hash; found ",
  );
});

it("is an option of the command engine", async () => {
  const log = jest.spyOn(console, "log").mockImplementation();
  expect(await main(["engine", "--help"])).toBe(0);
  expect(String(log.mock.calls[0]?.[0])).toContain("--rebuild");
  log.mockRestore();
});
