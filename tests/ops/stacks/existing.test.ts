import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError } from "../../../ops/errors";
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

const readCalls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

test("opens the selected stack without a name, and changes neither files nor the selection", async () => {
  const stack = await open('[ "$2" = export ] && echo "{}" || echo dev');
  expect(stack.name).toBe("dev");
  expect(await stack.mark()).toBe("entra-access:payments/dev");
  expect(await stack.config()).toEqual({ "payments:team": "contoso" });
  expect(readCalls()).toEqual([
    `stack --show-name in ${folder}, given`,
    `stack export --stack dev in ${folder}, given`,
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
  [
    undefined,
    "no stack selected",
    "the selected stack could not be opened: no stack selected",
    "pulumi stack ls",
  ],
  ["tst", "no stack named 'tst'", "stack tst could not be opened: no stack named 'tst'", "pulumi stack ls"],
  [undefined, "PULUMI_ACCESS_TOKEN must be set", "the selected stack could not", "PULUMI_BACKEND_URL"],
])("stack %s that cannot be opened says why, and what to do: %s", async (name, said, message, advice) => {
  const error = await open(`echo "error: ${said}" >&2; exit 255`, name).catch((e: unknown) => e);
  const [first, ...next] = describeError(error).split("\n");
  expect(first).toContain(message);
  expect(next).toEqual([expect.stringContaining(advice)]);
});

test.each([
  ["may not be run", 0o644, "broken", "EACCES"],
  // The shell says so where a folder in PATH may not be read.
  ["is damaged", 0o755, "\x7fELF\x02", "(not found|Permission denied)"],
])(
  "says that an engine which %s does not run, and how to replace it",
  async (_what, mode, content, reason) => {
    const engine = engineThat("");
    writeFileSync(engine.command, content);
    chmodSync(engine.command, mode);
    await expect(Stack.openExisting({ name: "dev", projectFolder: folder, engine })).rejects.toMatchObject({
      message: expect.stringMatching(`^${engine.command} does not run: .*${reason}`),
      next: ["Install the engine again: npx entra-access engine"],
    });
  },
);

test("asks the engine neither again for the state that it opened, nor for settings without secrets", async () => {
  const stack = await open('echo \'{"deployment":{"resources":[]}}\'', "dev");
  expect(await stack.exportCached()).toEqual({ deployment: { resources: [] } });
  expect((await stack.providerSettings()).config).toEqual({ "payments:team": "contoso" });
  expect(readCalls()).toHaveLength(1);
  await stack.export();
  expect(readCalls()).toHaveLength(2);
  await stack.import(await stack.export());
  await stack.exportCached();
  expect(readCalls().slice(-2)).toEqual([
    expect.stringMatching(/^stack import /),
    expect.stringMatching(/^stack export /),
  ]);
});

test("asks the engine for settings with secrets", async () => {
  writeFileSync(
    join(folder, "Pulumi.dev.yaml"),
    `config:\n  cloudflare:apiToken:\n    secure: v1:x\n${SALT}`,
  );
  const stack = await open(
    `[ "$1" = config ] && echo '{"cloudflare:apiToken":{"value":"token","secret":true}}' || echo "{}"`,
    "dev",
  );
  expect((await stack.providerSettings()).config).toEqual({ "cloudflare:apiToken": "token" });
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
