import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import program from "../../index";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../support/engine-fixture";

jest.setTimeout(engineTimeout);

const root = resolve(__dirname, "../..");
let lab: EngineFixture;
let projectFolder: string;
beforeAll(async () => {
  lab = await startEngineFixture();
  projectFolder = mkdtempSync(join(tmpdir(), "entra-access-release-"));
  // Without a refresh: what the release made is in its state alone, not on this twin.
  const project = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  writeFileSync(join(projectFolder, "Pulumi.yaml"), project.replace("refresh: always", "{}"));
});
afterAll(async () => {
  rmSync(projectFolder, { recursive: true });
  await lab.close();
});

/** The settings that the release's stack had: all that bring a resource or a field of their own. */
const settings = {
  "entra-access:application": { emailClaim: true, uniqueSuffix: true },
  "entra-access:identityProvider": { scim: { enabled: true }, prompt: "select_account", claims: ["oid"] },
};

test("a stack of release 0.1.0 loses nothing: no resource is made, replaced or deleted", async () => {
  const stack = await lab.stack({ config: settings, projectFolder, program });
  const state = readFileSync(join(root, "tests/fixtures/release-0.1.0.json"), "utf8");
  await stack.import(JSON.parse(state));
  const { changes } = await stack.preview();
  expect(changes.filter(({ op }) => op !== "update")).toEqual([]);
});
