import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stack } from "../../../ops/stacks";
import type { Engine } from "../../../ops/tools/engine";

const SALT = "encryptionsalt: v1:abc=\n";

// An engine that only records its calls.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "own-stack-test-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: payments\nruntime: nodejs\n");
  writeFileSync(join(folder, "Pulumi.dev.yaml"), `config:\n  payments:team: contoso\n${SALT}`);
  writeFileSync(join(folder, "index.js"), "module.exports = async () => ({});\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function engineThat(does: string): Engine {
  const root = join(folder, "engine");
  const command = join(root, "bin", "pulumi");
  mkdirSync(join(root, "bin"), { recursive: true });
  writeFileSync(
    command,
    `#!/bin/sh\n[ "$1" = version ] && { echo v3.232.0; exit; }\necho "$@ in $(pwd), $GIVEN" >> ${folder}/calls\n${does}\n`,
  );
  chmodSync(command, 0o755);
  return { command, root, version: "3.232.0", source: "a test" };
}

const open = (does: string, name?: string) =>
  Stack.openExisting({ name, projectFolder: folder, env: { GIVEN: "given" }, engine: engineThat(does) });

test("opens the selected stack without a name, and changes neither files nor the selection", async () => {
  const stack = await open("echo dev");
  expect(stack.name).toBe("dev");
  expect(await stack.mark()).toBe("entra-access:payments/dev");
  expect(await stack.config()).toEqual({ "payments:team": "contoso" });
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  expect(calls).toEqual([
    `stack --show-name in ${folder}, given`,
    `stack --show-name --stack dev in ${folder}, given`,
  ]);
  expect(readdirSync(folder).sort()).toEqual([
    "Pulumi.dev.yaml",
    "Pulumi.yaml",
    "calls",
    "engine",
    "index.js",
  ]);
});

test.each([
  [undefined, "error: no stack selected", "the selected stack could not be opened: no stack selected"],
  ["tst", "error: no stack named 'tst' found", "stack tst could not be opened: no stack named 'tst' found"],
])("stack %s that cannot be opened says why", async (name, said, message) => {
  await expect(open(`echo "${said}" >&2; exit 255`, name)).rejects.toThrow(message);
});

test("refuses a stack whose config lacks the salt of its state, with the line to add", async () => {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  const provider = { type: "passphrase", state: { salt: "v1:abc=" } };
  const state = JSON.stringify({ deployment: { secrets_providers: provider } });
  await expect(open(`if [ "$2" = export ]; then echo '${state}'; fi`, "dev")).rejects.toMatchObject({
    message: expect.stringContaining("Pulumi.dev.yaml must have an encryptionsalt"),
    next: [expect.stringContaining(SALT.trim()), expect.anything()],
  });
});
