import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runNewStack, type Surroundings } from "../../ops/commands/new-stack";
import { newStack } from "../../ops/new-stack/new-stack";
import { contoso, fabrikam } from "../../twin/index";
import { type Checkpoint, checkpointOf } from "../support/checkpoint";
import { engineTimeout, type Lab, startLab } from "../support/lab";
import { leaks } from "../support/leaks";
import { makeByHand } from "../support/made-by-hand";
import { type OwnProject, ownProject } from "../support/own-project";

jest.setTimeout(engineTimeout);

let lab: Lab;
let project: OwnProject;
/** Before there is another stack. */
let start: Checkpoint;
beforeAll(async () => {
  lab = await startLab();
  // Its one stack has no tenant yet.
  project = await ownProject(lab, { accountId: contoso.accountId });
  // The engine keeps in its home which stack is selected.
  const selected = join(String(project.env.PULUMI_HOME), "workspaces");
  start = checkpointOf(lab.twin, [project.folder, selected], join(lab.folder, "start"));
});
beforeEach(() => start.restore());
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await lab.close();
  project.close();
});

const { accountId, teamName, tenantId, domain } = contoso;
const SECRETS = [contoso.deployer.secret, contoso.tokens.deployer.value, "passphrase"];

/** What a person sees who types these lines, and then nothing more. */
async function typed(lines: string[], options: object = {}, at: Surroundings = {}) {
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
  const surroundings = {
    terminal: { input, output },
    env: project.env,
    signal: new AbortController().signal,
    ...at,
  };
  const code = await runNewStack({ cwd: project.folder, ...options }, surroundings);
  return { code, out };
}

/** Every file of the project and its backend, with its contents, and the list of stacks. */
async function everything() {
  const all = readdirSync(project.folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const { out } = await project.pulumi("stack", "ls", "--json");
  return {
    files: Object.fromEntries(files.sort().map((path) => [path, readFileSync(path, "utf8")])),
    stacks: out,
  };
}

test("somebody who leaves, says no or is interrupted leaves nothing", async () => {
  const before = await everything();
  const answers = ["payments", teamName, accountId, tenantId];
  await expect(typed(answers.slice(0, 3))).rejects.toThrow("no answer for --tenant: nothing was made");
  expect(await typed([...answers, "y"])).toMatchObject({ code: 1 });
  const controller = new AbortController();
  controller.abort();
  expect(await typed(answers, {}, { signal: controller.signal })).toMatchObject({ code: 130 });
  // From the second look on: after the engine made the stack.
  let looks = 0;
  const signal = Object.defineProperty(new AbortController().signal, "aborted", { get: () => looks++ > 5 });
  expect(await typed([...answers, "yes"], {}, { signal })).toMatchObject({ code: 130 });
  expect(await everything()).toEqual(before);
});

test("a stack that the engine refuses to make leaves no settings", async () => {
  const before = await everything();
  const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = project.env;
  const given = { stack: "payments", teamName, accountId, tenantId };
  const options = { projectFolder: project.folder };
  await expect(newStack(given, { ...options, env })).rejects.toThrow("no passphrase, and file://");
  const nowhere = { ...env, PULUMI_CONFIG_PASSPHRASE_FILE: join(project.folder, "nothing") };
  await expect(newStack(given, { ...options, env: nowhere })).rejects.toThrow(
    /^stack payments could not be made: /,
  );
  expect(await everything()).toEqual(before);
});

test("wrong answers are asked for again; what was shown is made, and up brings it up", async () => {
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
  expect(out).toContain(
    'must be a name of 1 to 100 letters, digits, hyphens, underscores and periods that begins with a letter or digit; found "my stack"',
  );
  expect(out).toContain("there is a stack team already");
  expect(out).toContain("must be the Cloudflare account id, 32 hexadecimal digits");
  expect(out).toContain(
    "the team of that account is contoso.cloudflareaccess.com, not fabrikam.cloudflareaccess.com",
  );
  expect(out).toContain("there is no such tenant; public: AADSTS90002: Tenant 'nobody.example' not found");
  expect(out).toContain(`    entra-access:tenantId: "${tenantId}"\n`);
  expect(out).toContain(`ready; next:\n  npx entra-access up payments -C ${project.folder}\n`);
  expect(code).toBe(0);
  const file = readFileSync(join(project.folder, "Pulumi.payments.yaml"), "utf8");
  expect(leaks({ out, file }, SECRETS)).toEqual([]);
  expect((await project.pulumi("stack", "--show-name")).out.trim()).toBe("team");

  const up = await project.entraAccess("up", "payments");
  expect(up).toMatchObject({ code: 0, err: "" });
  expect(up.out).toContain("+ create  azuread Application entra-application");
});

test("the same tenant and team again is refused, and so is a flag that is missing", async () => {
  await newStack(
    { stack: "payments", teamName, accountId, tenantId },
    { projectFolder: project.folder, env: project.env },
  );
  const before = await everything();
  const flags = ["--team", teamName, "--account", accountId, "--tenant", tenantId];
  const again = await project.entraAccess("new-stack", "again", ...flags, "--yes");
  expect(again).toMatchObject({ code: 1 });
  expect(again.err).toMatch(
    /^error: --tenant \S+: stack payments signs people of that tenant in to team contoso already\n/,
  );
  const missing = await project.entraAccess("new-stack", "again", "--team", teamName);
  expect(missing).toMatchObject({ code: 1, out: "" });
  expect(missing.err).toContain("something is missing: --account, --tenant, --yes\n");
  await expect(typed(["again"], { json: true })).rejects.toThrow("something is missing: [stack], --team,");
  expect(await everything()).toEqual(before);
});

test("by flags, as JSON: it is made, and the rights that are missing are told", async () => {
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
    result: "rights are missing",
    settings: { "entra-access:credential": { periodDays: 30, graceDays: 10 } },
    madeByHand: [],
    next: [
      `npx entra-access doctor partner -C ${project.folder}`,
      `npx entra-access up partner -C ${project.folder}`,
    ],
  });
  expect(report.checks.find(({ id }: { id: string }) => id === "entra-sign-in")).toMatchObject({
    status: "failed",
    found: expect.stringContaining("AADSTS700016"),
  });
  expect(readFileSync(report.settingsFile, "utf8")).toContain("periodDays: 30");
  expect(code).toBe(2);
});

test("what was made by hand is to be adopted, and what a stack made is not", async () => {
  const given = { stack: "payments", teamName, accountId, tenantId };
  const options = { projectFolder: project.folder, env: project.env };
  await newStack(given, options);
  await project.entraAccess("up", "payments");
  await project.pulumi("stack", "rm", "payments", "--yes", "--force");
  const { code, out } = await typed(["payments", teamName, accountId, tenantId], { yes: true });
  expect(code).toBe(0);
  expect(out).not.toContain("made by hand");
  await project.pulumi("stack", "rm", "payments", "--yes");
  lab.twin.reset();
  await makeByHand(await lab.administrator());
  const { next, madeByHand } = await newStack(given, options);
  expect(madeByHand).toEqual(["Azure AD"]);
  expect(next).toEqual([`npx entra-access adopt payments -C ${project.folder}`]);
  expect(await project.entraAccess("adopt", "payments")).toMatchObject({ code: 0, err: "" });
});
