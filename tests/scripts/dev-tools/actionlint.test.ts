import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Progress } from "../../../ops/terminal/progress";
import { ACTIONLINT_VERSION, ensureActionlint } from "../../../scripts/dev-tools/actionlint";
import { programs } from "../../ops/tools/lab";

const { at, script } = programs("actionlint");
const OWN = ["kept", ACTIONLINT_VERSION, "actionlint"];
const SAYS = `echo v${ACTIONLINT_VERSION}; echo installed by building from source`;
const ensure = () =>
  ensureActionlint({
    env: { PATH: at("path") },
    folder: at("kept"),
    progress: new Progress({ write: () => true }),
  });

/** A Go that "builds" an actionlint which says this. */
const fakeGo = (says = SAYS) =>
  script(
    at("path", "go"),
    `case "$1 $2" in
"env GOVERSION") echo go1.99.0; echo local;;
"env -json") echo '{"GOMODCACHE":"${at()}","GOCACHE":"${at()}"}';;
build*) echo "$@|$PWD" > ${at()}/arguments
  while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\\n%s\\n' '${says}' > "$2"; /bin/chmod +x "$2";;
esac`,
  );

test("uses the one on PATH only if it is the pinned version", async () => {
  const command = script(at("path", "actionlint"), SAYS);
  expect(await ensure()).toBe(command);
  script(command, "echo v1.6.0");
  fakeGo();
  expect(await ensure()).toBe(at(...OWN));
});

test("builds the pinned module once and leaves nothing else behind", async () => {
  fakeGo();
  expect(await ensure()).toBe(at(...OWN));
  expect(readFileSync(at("arguments"), "utf8")).toMatch(
    /^build -trimpath -buildvcs=false -v -o .* github\.com\/rhysd\/actionlint\/cmd\/actionlint\|.*\/scripts\/dev-tools\/actionlint\n$/,
  );
  rmSync(at("arguments"));
  expect(await ensure()).toBe(at(...OWN));
  expect(existsSync(at("arguments"))).toBe(false);
  expect(readdirSync(at("kept"))).toEqual([ACTIONLINT_VERSION]);
});

test("replaces a broken one", async () => {
  script(at(...OWN), "exit 1");
  fakeGo();
  expect(await ensure()).toBe(at(...OWN));
});

test("reports what is missing without Go", async () => {
  await expect(ensure()).rejects.toMatchObject({
    message: "actionlint is required: Go is not on PATH",
    next: [expect.stringMatching(/^Install Go 1\.\d+\.\d+ or later/)],
  });
  expect(readdirSync(at("kept"))).toEqual([]);
});

test("refuses a build of another version", async () => {
  fakeGo("echo v0.0.1");
  await expect(ensure()).rejects.toThrow("but does not run as such");
});
