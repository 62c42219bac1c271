import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type CommandContext, runNewStack } from "../../ops/commands/new-stack";
import { createStack } from "../../ops/new-stack/new-stack";
import { contoso, fabrikam } from "../../twin/index";
import { type Checkpoint, createCheckpointOf } from "../support/checkpoint";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../support/engine-fixture";
import { findLeaks } from "../support/leaks";
import { makeByHand } from "../support/made-by-hand";
import { createOwnProject, type OwnProject } from "../support/own-project";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let project: OwnProject;
/** A checkpoint before there is another stack. */
let start: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  // Its one stack has no tenant yet.
  project = await createOwnProject(lab, { accountId: contoso.accountId });
  // The engine keeps in its home which stack is selected.
  const selected = join(String(project.env.PULUMI_HOME), "workspaces");
  start = createCheckpointOf(lab.twin, [project.folder, selected], join(lab.folder, "start"));
});
beforeEach(() => start.restore());
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await lab.close();
  project.close();
});

const { accountId, teamName, tenantId, domain } = contoso;
const SECRETS = [contoso.deployer.secret, contoso.tokens.deployer.value, "passphrase"];

/** Types these lines and ends the input. @returns exit code and output */
async function typed(lines: string[], options: object = {}, at: CommandContext = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  let out = "";
  output.on("data", (data) => {
    out += data;
  });
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  jest.spyOn(console, "log").mockImplementation((text) => {
    out += `${text}\n`;
  });
  input.end(lines.map((line) => `${line}\n`).join(""));
  const context = {
    terminal: { input, output },
    env: project.env,
    signal: new AbortController().signal,
    ...at,
  };
  const code = await runNewStack({ cwd: project.folder, ...options }, context);
  return { code, out };
}

/** Reads every file of the project and its backend, the states of all stacks among them. */
function everything() {
  const all = readdirSync(project.folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(path, "utf8")]));
}

test("leaves nothing behind when a person leaves, declines or interrupts", async () => {
  const before = everything();
  const answers = ["payments", teamName, accountId, tenantId];
  await expect(typed(answers.slice(0, 3))).rejects.toThrow("--tenant is required; nothing was created");
  expect(await typed([...answers, "y"])).toMatchObject({ code: 1 });
  const controller = new AbortController();
  controller.abort();
  expect(await typed(answers, {}, { signal: controller.signal })).toMatchObject({ code: 130 });
  // Aborted only after the engine has created the stack.
  let looks = 0;
  const signal = Object.defineProperty(new AbortController().signal, "aborted", { get: () => looks++ > 5 });
  expect(await typed([...answers, "yes"], {}, { signal })).toMatchObject({ code: 130 });
  expect(everything()).toEqual(before);
});

test("leaves no settings behind when the engine refuses to create the stack", async () => {
  const before = everything();
  const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = project.env;
  const given = { stack: "payments", teamName, accountId, tenantId };
  const options = { projectFolder: project.folder };
  await expect(createStack(given, { ...options, env })).rejects.toThrow(
    "a passphrase is required, because file://",
  );
  const nowhere = { ...env, PULUMI_CONFIG_PASSPHRASE_FILE: join(project.folder, "nothing") };
  await expect(createStack(given, { ...options, env: nowhere })).rejects.toThrow(
    /^stack payments could not be created: /,
  );
  expect(everything()).toEqual(before);
});

test("asks again after invalid answers, creates what it showed, and up deploys it", async () => {
  const { code, out } = await typed([
    "my stack",
    "team",
    "payments",
    "fabrikam",
    accountId.slice(1),
    accountId,
    teamName,
    accountId,
    "nobody.example",
    domain,
    "yes",
  ]);
  expect(out).toContain("must be a name of 1 to 100 letters");
  expect(out).toContain("stack team already exists");
  expect(out).toContain("must be the Cloudflare account id, 32 hexadecimal digits");
  expect(out).toContain(
    "the account must belong to team fabrikam.cloudflareaccess.com; found contoso.cloudflareaccess.com",
  );
  expect(out).toContain("the tenant does not exist; public: AADSTS90002: Tenant 'nobody.example' not found");
  expect(out).toContain(`    entra-access:tenantId: "${tenantId}"\n`);
  expect(out).toContain(`ready. Next:\n  npx entra-access up payments -C ${project.folder}\n`);
  expect(code).toBe(0);
  const file = readFileSync(join(project.folder, "Pulumi.payments.yaml"), "utf8");
  // The engine has added its salt since.
  expect(file).toMatch(/^# yaml-language-server: \$schema=.*config\/stack-file\.schema\.json\n/);
  expect(findLeaks({ out, file }, SECRETS)).toEqual([]);
  expect((await project.pulumi("stack", "--show-name")).out.trim()).toBe("team");

  const up = await project.entraAccess("up", "payments");
  expect(up).toMatchObject({ code: 0, err: "" });
  expect(up.out).toContain("+ create  azuread Application entra-application");
});

test("refuses the same tenant and team again, and missing options", async () => {
  await createStack(
    { stack: "payments", teamName, accountId, tenantId },
    { projectFolder: project.folder, env: project.env },
  );
  const before = everything();
  const flags = ["--team", teamName, "--account", accountId, "--tenant", tenantId];
  const again = await project.entraAccess("new-stack", "again", ...flags, "--yes");
  expect(again).toMatchObject({ code: 1 });
  expect(again.err).toMatch(
    /^error: --tenant \S+: stack payments already connects that tenant to team contoso\n/,
  );
  const missing = await project.entraAccess("new-stack", "again", "--team", teamName);
  expect(missing).toMatchObject({ code: 1, out: "" });
  expect(missing.err).toContain("these are required: --account, --tenant, --yes\n");
  await expect(typed(["again"], { json: true })).rejects.toThrow("these are required: [name], --team,");
  expect(everything()).toEqual(before);
});

test("creates a stack from options alone and reports missing permissions as JSON", async () => {
  const { code, out } = await project.entraAccess(
    "new-stack",
    ...["--stack", "partner", "--team", teamName, "--account", accountId, "--tenant", fabrikam.domain],
    ...["--period-days", "30", "--grace-days", "10", "--yes", "--json"],
  );
  const report = JSON.parse(out);
  expect(report).toMatchObject({
    schema: "entra-access/new-stack/1",
    stack: "partner",
    tenantId: fabrikam.tenantId,
    environment: "public",
    result: "permissions missing",
    settings: { "entra-access:credential": { periodDays: 30, graceDays: 10 } },
    madeByHand: [],
    next: [
      `npx entra-access doctor partner -C ${project.folder}`,
      `npx entra-access up partner -C ${project.folder}`,
    ],
  });
  expect(report.checks.find(({ id }: { id: string }) => id === "entra-sign-in")).toMatchObject({
    status: "failed",
    actual: expect.stringContaining("AADSTS700016"),
  });
  expect(readFileSync(report.settingsFile, "utf8")).toContain("periodDays: 30");
  expect(code).toBe(2);
});

test("recommends adopt for a set-up that was made by hand, but not for one of a stack", async () => {
  const given = { stack: "payments", teamName, accountId, tenantId };
  const options = { projectFolder: project.folder, env: project.env };
  await createStack(given, options);
  await project.entraAccess("up", "payments");
  await project.pulumi("stack", "rm", "payments", "--yes", "--force");
  const { code, out } = await typed(["payments", teamName, accountId, tenantId], { yes: true });
  expect(code).toBe(0);
  expect(out).not.toContain("made by hand");
  await project.pulumi("stack", "rm", "payments", "--yes");
  lab.twin.reset();
  await makeByHand(await lab.administrator());
  const { next, madeByHand } = await createStack(given, options);
  expect(madeByHand).toEqual(["Azure AD"]);
  expect(next).toEqual([`npx entra-access adopt payments -C ${project.folder}`]);
  expect(await project.entraAccess("adopt", "payments")).toMatchObject({ code: 0, err: "" });
});
