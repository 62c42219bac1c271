import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../ops/cli";
import { buildProviderEnvironment } from "../../../ops/stacks/environment";
import { contoso, type PrincipalSeed, startTwin, type Twin } from "../../../twin/index";

const consenter: PrincipalSeed = {
  appId: "11111111-0000-4000-8000-000000000002",
  displayName: "consenter",
  secret: "consenter-not-a-real-secret",
  permissions: ["Application.ReadWrite.All", "Directory.Read.All", "AppRoleAssignment.ReadWrite.All"],
};

let twin: Twin;
let folder: string;
let printed: string;
let before: NodeJS.ProcessEnv;
beforeAll(async () => {
  twin = await startTwin({ frozen: true });
});
beforeEach(() => {
  const { tenant, account } = contoso;
  const principals = [...tenant.principals, consenter];
  twin.reset({ tenants: [{ ...tenant, principals }], accounts: [account] });
  folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
  printed = "";
  const print = (text: unknown) => {
    printed += String(text);
    return true;
  };
  jest.spyOn(process.stdout, "write").mockImplementation(print);
  jest.spyOn(console, "log").mockImplementation((text) => void print(`${text}\n`));
  jest.spyOn(console, "error").mockImplementation((text) => void print(`${text}\n`));
  before = process.env;
  process.env = { ...before, ...environment(consenter, contoso.tokens.administrator.value) };
});
afterEach(() => {
  process.env = before;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});
afterAll(() => twin.close());

const environment = ({ appId, secret }: PrincipalSeed, apiToken: string) =>
  buildProviderEnvironment(twin, {
    tenantId: contoso.tenantId,
    clientId: appId,
    clientSecret: secret,
    apiToken,
  });
const bootstrap = (...args: string[]) => {
  printed = "";
  return main(["bootstrap", "--tenant", contoso.tenantId, ...args]);
};
const writes = () =>
  twin.requests.filter(({ method, service }) => method !== "GET" && service !== "login").length;
const DRIFT = ["--identities", "drift", "--github", "contoso/access"];

it("shows a plan, creates identity and token, and says where ids and value belong", async () => {
  const tokens = ["--account", contoso.accountId, "--token-folder", folder];
  expect(await bootstrap(...DRIFT, ...tokens, "--yes")).toBe(0);
  expect(printed).toContain('  + create application "entra-access-drift"\n');
  expect(printed).toContain(
    "  + create, with Access: Organizations, Identity Providers, and Groups Read (there is none)\n",
  );
  const file = join(folder, "drift.token");
  const value = readFileSync(file, "utf8");
  expect(value).toMatch(/^cfat_/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(printed).not.toContain(value);
  expect(printed).toMatch(/gh variable set ARM_CLIENT_ID --env drift --body [0-9a-f-]{36}\n/);
  expect(printed).toContain(`gh secret set CLOUDFLARE_API_TOKEN --env drift < ${file} && rm ${file}\n`);
  const made = writes();
  expect(await bootstrap(...DRIFT, ...tokens)).toBe(0);
  expect(printed).toContain("The identities are in sync.\n");
  expect(writes()).toBe(made);
});

it("changes nothing without a confirmation", async () => {
  expect(await bootstrap(...DRIFT)).toBe(1);
  expect(printed).toContain("Nothing was changed. Use --yes");
  expect(writes()).toBe(0);
});

it("prints the steps in the dashboard where the Cloudflare token may not create tokens", async () => {
  process.env.CLOUDFLARE_API_TOKEN = contoso.tokens.deployer.value;
  expect(await bootstrap(...DRIFT, "--account", contoso.accountId, "--yes")).toBe(2);
  expect(printed).toContain(
    'This Cloudflare token may not create tokens (it needs "Account API Tokens Write").',
  );
  expect(printed).toMatch(/ {2}entra-access-drift, until \d{4}-\d\d-\d\d: Access: Organizations/);
});

it("prints these steps as well where the Cloudflare token may only read tokens", async () => {
  const { tenant, account, tokens } = contoso;
  const reader = { ...tokens.administrator, permissions: ["Account API Tokens Read"] };
  twin.reset({
    tenants: [{ ...tenant, principals: [...tenant.principals, consenter] }],
    accounts: [{ ...account, tokens: [reader] }],
  });
  const args = ["--account", contoso.accountId, "--token-folder", folder, "--yes"];
  expect(await bootstrap(...DRIFT, ...args)).toBe(2);
  expect(printed).toContain("This Cloudflare token may not create tokens");
});

it("refuses a folder for values that is a file, before anything is made", async () => {
  const args = ["--account", contoso.accountId, "--token-folder", __filename, "--yes"];
  expect(await bootstrap(...DRIFT, ...args)).toBe(1);
  expect(printed).toContain("error: --token-folder must be a folder that can be written; found ");
  expect(writes()).toBe(0);
});

it("prints the link for an administrator, and ends with 1 where nobody consents", async () => {
  Object.assign(process.env, environment(contoso.administrator, contoso.tokens.deployer.value));
  expect(await bootstrap(...DRIFT, "--yes", "--wait", "0")).toBe(1);
  expect(printed).toMatch(
    /\n {4}https:\/\/localhost:\d+\/[0-9a-f-]{36}\/adminconsent\?client_id=[0-9a-f-]{36}\n/,
  );
  expect(printed).toContain("error: a Privileged Role Administrator must consent to the permissions");
  expect(printed).toContain("Run the same command again afterwards");
});

it("names the two owners that stacks need, so that the rotation may replace client secrets", async () => {
  expect(await bootstrap("--identities", "production,rotation", "--yes")).toBe(0);
  expect(printed).toMatch(
    /pulumi config set --path 'application.owners\[0\]' [0-9a-f-]{36}\n.*owners\[1\]' [0-9a-f-]{36}\n/,
  );
});

it.each([
  [["--tenant", "contoso"], '--tenant must be the id of a tenant; found "contoso"'],
  [
    ["--identities", "admin"],
    '--identities must be among preview, drift, rotation, production; found "admin"',
  ],
  [["--features", "all"], "--features must be among accessRules"],
  [["--github", "contoso"], "--github must be <owner>/<repository>"],
  [["--name", "a b"], "--name must have letters, digits and dashes"],
  [["--token-days", "7"], "--token-days must be a whole number from 31 to 366"],
])("refuses %j", async (args, error) => {
  expect(await bootstrap(...args, "--yes")).toBe(1);
  expect(printed).toContain(`error: ${error}`);
  expect(writes()).toBe(0);
});

it("refuses to create tokens without a folder for their values, before anything is made", async () => {
  expect(await bootstrap(...DRIFT, "--account", contoso.accountId, "--yes")).toBe(1);
  expect(printed).toContain("error: --token-folder is required");
  expect(writes()).toBe(0);
});
