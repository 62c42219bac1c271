import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findEngine } from "../../ops/engine";
import { PROJECT_FOLDER } from "../../ops/stacks";
import { providerEnvironment } from "../../ops/stacks/environment";
import { contoso } from "../../twin/index";
import { engineTimeout, type Lab, startLab } from "../support/lab";

jest.setTimeout(engineTimeout);

// As a person has it: a project folder, a stack in a backend of their own, sign-in and passphrase in the environment.
let lab: Lab;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  lab = await startLab();
  folder = mkdtempSync(join(tmpdir(), "entra-access-own-"));
  mkdirSync(join(folder, "state"));
  copyFileSync(join(PROJECT_FOLDER, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  writeFileSync(
    join(folder, "index.js"),
    `module.exports = require(${JSON.stringify(join(PROJECT_FOLDER, "index"))});`,
  );
  const { appId: clientId, secret: clientSecret } = contoso.deployer;
  const deployer = {
    tenantId: contoso.tenantId,
    clientId,
    clientSecret,
    apiToken: contoso.tokens.deployer.value,
  };
  env = {
    ...process.env,
    ...providerEnvironment(lab.twin, deployer),
    PULUMI_HOME: lab.pulumiHome,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  await run((await findEngine()).command, "stack", "init", "team");
  const { tenantId, accountId, teamName } = contoso;
  const settings = Object.entries({ tenantId, accountId, teamName }).map(
    ([key, value]) => `  entra-access:${key}: ${value}\n`,
  );
  const file = join(folder, "Pulumi.team.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}config:\n${settings.join("")}`);
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile(command, args, { cwd: folder, env }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}
const entraAccess = (...args: string[]) =>
  run(process.execPath, resolve("ops/entra-access.mjs"), ...args, "--cwd", folder);

test("up and rotate work on a person's own stack, and say what they did in exit code and words", async () => {
  const first = await entraAccess("up");
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("+ create  azuread Application entra-application");
  expect(first.out).toMatch(
    /Cloudflare signs in with client secret number 1 \([0-9a-f-]{36}\), valid until \S+Z;/,
  );

  const rotated = await entraAccess("rotate", "team");
  expect(rotated).toMatchObject({ code: 0, err: "" });
  expect(rotated.out).toContain("  credential.rotation: 2\n");
  expect(rotated.out).toContain("Cloudflare signs in with client secret number 2 ");
  expect(readFileSync(join(folder, "Pulumi.team.yaml"), "utf8")).toContain("rotation: 2\n");
});

test("a second rotation within the grace is refused, with what to type instead", async () => {
  const { code, err } = await entraAccess("rotate", "team");
  expect(code).toBe(1);
  expect(err).toMatch(/^error: the secret before number 2 is in its grace until /);
  expect(err).toContain("npx entra-access rotate team --force\n");
  expect(err).toContain("npx entra-access rotate team --compromised\n");
  expect(err).not.toMatch(/\n\s+at /);
});

test("after a compromise what people added is pointed out, with exit code 2 and what is left to do", async () => {
  const { graph } = await lab.administrator();
  const { value } = await graph.api("/applications").get();
  const { id } = value.find(({ tags }: { tags: string[] }) =>
    tags.includes("entra-access:entra-access/team"),
  );
  await graph.api(`/applications/${id}/addPassword`).post({ passwordCredential: { displayName: "by hand" } });
  const compromised = await entraAccess("rotate", "team", "--compromised");
  expect(compromised).toMatchObject({ code: 2, err: "" });
  expect(compromised.out).toContain('look Client secret "by hand"');
  expect(compromised.out).toContain("docs/runbook.md");
});

test("a stack whose engine died while it wrote beside the state is opened all the same", async () => {
  const attributes = join(folder, "state/.pulumi/stacks/entra-access/team.json.attrs");
  writeFileSync(attributes, "");
  expect((await run((await findEngine()).command, "cancel", "--yes", "--stack", "team")).err).toContain(
    "EOF",
  );
  expect(await entraAccess("up", "team")).toMatchObject({ code: 2, err: "" });
});

test("a stack that is not there is an error without a stack trace", async () => {
  const { code, out, err } = await entraAccess("up", "nobody");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: stack nobody could not be opened: no stack named 'nobody' found\n {2}pulumi stack ls /,
  );
  expect(out + err).not.toMatch(/\n\s+at /);
});
