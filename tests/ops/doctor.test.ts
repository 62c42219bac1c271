import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeCheckResults } from "../../ops/checks/describe";
import { main } from "../../ops/cli";
import { createCloudflareClient } from "../../ops/clients/cloudflare";
import { type DoctorReport, runDoctor } from "../../ops/doctor/doctor";
import { UserError } from "../../ops/errors";
import { Stack } from "../../ops/stacks";
import { buildProviderEnvironment } from "../../ops/stacks/environment";
import { findEngine } from "../../ops/tools/engine";
import { installStandIns } from "../../stand-ins/install";
import { contoso, fabrikam } from "../../twin/index";
import {
  type EngineFixture,
  engineTimeout,
  type StackSetup,
  startEngineFixture,
} from "../support/engine-fixture";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let home: string;
let machine: NodeJS.ProcessEnv;
/** The same machine, with an engine that says again what it said, because most of its answers are no test's subject. */
let remembering: NodeJS.ProcessEnv;
beforeAll(async () => {
  lab = await startEngineFixture();
  home = mkdtempSync(join(tmpdir(), "doctor-"));
  installStandIns(home);
  machine = {
    PATH: `${dirname((await findEngine()).command)}:/usr/bin:/bin`,
    HOME: home,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  remembering = { ...machine, PATH: `${writeRememberingEngine(home)}:${machine.PATH}` };
});

/** Writes an engine that keeps the output of each command. @returns its folder */
function writeRememberingEngine(folder: string): string {
  const bin = join(folder, "remembering");
  mkdirSync(bin);
  const script = `#!/bin/sh
PATH=\${PATH#*:}
kept="${bin}/$*"
[ -f "$kept" ] || { pulumi "$@" > "$kept.new" && mv "$kept.new" "$kept"; } || exit
cat "$kept"
`;
  writeFileSync(join(bin, "pulumi"), script, { mode: 0o755 });
  return bin;
}

beforeEach(() => lab.twin.reset());
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await lab.close();
  rmSync(home, { recursive: true });
});

/** Stacks that nothing is deployed in, by their set-up: doctor only reads. Their secrets are no test's subject. */
const stacks = new Map<string, Promise<Stack>>();
function opened(setup: StackSetup): Promise<Stack> {
  const key = JSON.stringify(setup);
  const stack =
    stacks.get(key) ?? lab.stack(setup).then((one) => Object.assign(one, { requireSecrets: async () => {} }));
  stacks.set(key, stack);
  return stack;
}
const examine = (setup: StackSetup = {}, env: NodeJS.ProcessEnv = {}) =>
  runDoctor({
    env: Object.keys(env).length === 0 ? remembering : { ...machine, ...env },
    open: () => opened(setup),
  });
const ids = ({ checks }: DoctorReport, expected: string) =>
  checks.filter(({ status }) => status === expected).map(({ id }) => id);
const finding = ({ checks }: DoctorReport, expected: string) => checks.find(({ id }) => id === expected);
/** Resets the twin to the deployer and its token with these permissions; default: those that they have. */
function grant(given: { graph?: readonly string[]; cloudflare?: readonly string[] }): void {
  const { tenant, account, deployer, tokens } = contoso;
  const own = { ...deployer, permissions: [...(given.graph ?? deployer.permissions)] };
  const token = { ...tokens.deployer, permissions: [...(given.cloudflare ?? tokens.deployer.permissions)] };
  lab.twin.reset({
    tenants: [{ ...tenant, principals: [own] }],
    accounts: [{ ...account, tokens: [token] }],
  });
}
const signedInAs = (of: typeof contoso, principal = of.deployer, token = of.tokens.deployer): StackSetup => {
  const { appId: clientId, secret: clientSecret } = principal;
  const reader = { tenantId: of.tenantId, clientId, clientSecret, apiToken: token.value };
  return { env: buildProviderEnvironment(lab.twin, reader) };
};

test("passes without writing anything or showing a secret", async () => {
  const report = await examine();
  expect(ids(report, "passed")).toEqual([
    "node",
    "engine",
    "plugins",
    "backend",
    "stack",
    "entra-sign-in",
    "graph-permissions",
    "cloudflare-token",
    "team",
    "access-review",
  ]);
  // A token's permissions can be checked only by a token that can read tokens.
  expect(ids(report, "open")).toEqual(["cloudflare-permissions", "audit-logs"]);
  expect(report).toMatchObject({ schema: "entra-access/doctor/1", result: "in sync" });
  const writes = lab.twin.requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/token"));
  expect(writes).toEqual([]);
  const text = [JSON.stringify(report), ...describeCheckResults(report.checks)].join("\n");
  for (const secret of [contoso.deployer.secret, contoso.tokens.deployer.value])
    expect(text).not.toContain(secret);
});

describe("reports exactly one failure for", () => {
  test("a missing engine, and what needs it as unknown", async () => {
    const report = await examine({}, { PATH: "/nowhere" });
    expect(ids(report, "failed")).toEqual(["engine"]);
    expect(finding(report, "engine")?.advice).toContain("npx entra-access engine");
    expect(ids(report, "unknown")).toContain("plugins");
  });

  test("missing plugins only where pulumi may not download them", async () => {
    const PULUMI_HOME = join(home, "empty");
    expect(finding(await examine({}, { PULUMI_HOME }), "plugins")).toMatchObject({
      status: "open",
      actual: "none",
    });
    const report = await examine({}, { PULUMI_HOME, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" });
    expect(ids(report, "failed")).toEqual(["plugins"]);
  });

  test("a missing backend", async () => {
    const report = await examine({}, { PULUMI_BACKEND_URL: "file:///nowhere/at/all" });
    expect(ids(report, "failed")).toEqual(["backend"]);
    expect(finding(report, "backend")?.actual).toContain("/nowhere/at/all");
  });

  test("a stack that cannot be opened", async () => {
    const open = () => Promise.reject(new UserError("incorrect passphrase"));
    const report = await runDoctor({ env: machine, open });
    expect(ids(report, "failed")).toEqual(["stack"]);
    expect(finding(report, "stack")?.actual).toBe("incorrect passphrase");
    expect(report.result).toBe("failed");
  });

  test("a wrong passphrase of a stack without secrets, with what to set", async () => {
    const directory = join(home, "with-passphrase");
    await (await lab.stack({ directory, passphrase: "right" })).requireSecrets();
    const stack = await lab.stack({ directory, passphrase: "wrong" });
    const report = await runDoctor({ env: remembering, open: async () => stack });
    expect(ids(report, "failed")).toEqual(["stack"]);
    expect(finding(report, "stack")).toMatchObject({
      actual: expect.stringContaining("incorrect passphrase"),
      advice: expect.stringContaining("PULUMI_CONFIG_PASSPHRASE"),
    });
  });

  test("a stack with a missing setting", async () => {
    const report = await examine({ config: { "entra-access:teamName": "" } });
    expect(finding(report, "stack")).toMatchObject({ status: "failed", actual: "test without teamName" });
    expect(finding(report, "stack")?.advice).toBe("pulumi config set teamName <value>");
    expect(ids(report, "failed")).toEqual(["stack"]);
    expect(finding(report, "team")?.cause).toBe("teamName is required");
  });

  const access = (rules: object) => ({ "entra-access:access": rules });
  test.each([
    [
      "a missing permission to read the Entra groups of access rules",
      "graph-permissions",
      access({ groups: { staff: { include: { entraGroups: ["Staff"] } } } }),
      "all but GroupMember.Read.All",
    ],
    [
      "missing permissions to assign people where assignedOnly is set",
      "graph-permissions",
      access({ groups: {}, assignedOnly: true }),
      "all but AppRoleAssignment.ReadWrite.All, Application.Read.All",
    ],
    ["another team", "team", { "entra-access:teamName": "other" }, "contoso.cloudflareaccess.com"],
  ])("%s", async (_what, check, config, actual) => {
    const report = await examine({ config });
    expect(ids(report, "failed")).toEqual([check]);
    expect(finding(report, check)?.actual).toBe(actual);
  });

  test("nothing where the team is about to get another name", async () => {
    const config = { "entra-access:teamName": "other", "entra-access:nextTeamName": "contoso" };
    expect(ids(await examine({ config }), "failed")).toEqual([]);
  });

  test("a client secret that Entra refuses", async () => {
    const report = await examine(signedInAs(contoso, { ...contoso.deployer, secret: "another" }));
    expect(ids(report, "failed")).toEqual(["entra-sign-in"]);
    expect(ids(report, "unknown")).toEqual(["graph-permissions", "audit-logs"]);
    expect(finding(report, "entra-sign-in")).toMatchObject({
      actual: expect.stringContaining("AADSTS7000215"),
      advice: expect.stringContaining("the secret's value, not its id"),
    });
    const text = describeCheckResults(report.checks).join("\n");
    expect(text.match(/AADSTS7000215/g)).toHaveLength(1);
    expect(text).toContain(
      "reports who made a change: could not be checked: same cause as sign-in to Microsoft",
    );
  });

  test("another tenant and account", async () => {
    const report = await examine(signedInAs(fabrikam));
    expect(ids(report, "failed")).toEqual(["entra-sign-in", "cloudflare-token"]);
    expect(describeCheckResults(report.checks)).toContain(
      "? permissions of the deployer at Cloudflare: could not be checked: same cause as above",
    );
    expect(finding(report, "entra-sign-in")?.actual).toContain(`in tenant ${fabrikam.tenantId}`);
  });

  test("a principal without permissions on Microsoft Graph", async () => {
    const report = await examine(signedInAs(contoso, contoso.auditor));
    expect(ids(report, "failed")).toEqual(["graph-permissions"]);
    expect(finding(report, "graph-permissions")?.actual).toBe(
      "all but Application.ReadWrite.OwnedBy, DelegatedPermissionGrant.ReadWrite.All; too much: Directory.Read.All, Application.Read.All",
    );
    const { appId } = contoso.auditor;
    expect(finding(report, "graph-permissions")?.advice).toBe(
      `az ad app permission add --id ${appId} --api 00000003-0000-0000-c000-000000000000 --api-permissions ` +
        "18a4783c-866b-4cc7-a460-3d5e5662c884=Role 8e8e4742-1d95-4f68-9d56-6ee75648c72a=Role && " +
        `az ad app permission admin-consent --id ${appId}`,
    );
  });

  test("missing permissions in another cloud, to which the Azure CLI is switched first", async () => {
    const config = { "azuread:environment": "usgovernment" };
    const report = await examine({ ...signedInAs(contoso, contoso.auditor), config });
    expect(finding(report, "graph-permissions")?.advice).toMatch(
      /^az cloud set --name AzureUSGovernment && az ad app /,
    );
  });

  test("nothing where a wider permission includes the one that is needed, but as too much", async () => {
    const report = await examine(signedInAs(contoso, contoso.administrator));
    expect(finding(report, "graph-permissions")).toMatchObject({
      status: "open",
      actual:
        "all; too much: Application.ReadWrite.All (instead of Application.ReadWrite.OwnedBy), Directory.ReadWrite.All",
      advice: expect.stringContaining(`application id ${contoso.administrator.appId}, Permissions`),
    });
  });

  test.each([
    ["that may read tokens", "Account API Tokens Read"],
    ["that may not even read", "Access: Audit Logs Read"],
  ])("a Cloudflare token %s, without the permission to write", async (_what, permission) => {
    grant({ cloudflare: [permission] });
    const report = await examine();
    expect(finding(report, "cloudflare-permissions")).toMatchObject({
      status: "failed",
      actual: "all but Access: Organizations, Identity Providers, and Groups Write",
      advice: expect.stringContaining(`https://dash.cloudflare.com/${contoso.accountId}/api-tokens`),
    });
  });

  test("a missing permission for policies and applications", async () => {
    const policies = { staff: { include: ["staff"] } };
    const administrator = { ...contoso.tokens.deployer, value: contoso.tokens.administrator.value };
    const setup = signedInAs(contoso, contoso.deployer, administrator);
    const report = await examine({ ...setup, config: access({ policies }) });
    expect(finding(report, "cloudflare-permissions")).toMatchObject({
      status: "open",
      actual: "all; too much: Account API Tokens Write",
    });
    const organizations = "Access: Organizations, Identity Providers, and Groups Write";
    grant({ cloudflare: ["Account API Tokens Read", organizations] });
    const ledger = { hostname: "ledger.contoso.internal", routes: "existing", precedence: 1000 };
    for (const [more, missing] of [
      [{}, "Access: Apps and Policies Write"],
      [{ privateHostnames: { ledger } }, "Access: Apps and Policies Write, Zero Trust Write"],
      [
        { privateHostnames: { ledger: { ...ledger, routes: "make" } } },
        "Access: Apps and Policies Write, Zero Trust Write, Cloudflare Tunnel Write",
      ],
    ] as const)
      expect(
        finding(await examine({ config: access({ policies, ...more }) }), "cloudflare-permissions"),
      ).toMatchObject({ status: "failed", actual: `all but ${missing}` });
  });
});

test("a missing Cloudflare token, with what to set", async () => {
  const report = await examine({ env: { CLOUDFLARE_API_TOKEN: "" } });
  expect(finding(report, "cloudflare-token")).toMatchObject({
    status: "unknown",
    advice: expect.stringContaining("Set CLOUDFLARE_API_TOKEN"),
  });
});

test("reminds of a Cloudflare token that ends within a month", async () => {
  const { administrator, deployer } = contoso.tokens;
  const { accounts } = createCloudflareClient({
    baseUrl: lab.twin.cloudflareUrl,
    apiToken: administrator.value,
  });
  const check = async (days: number) => {
    const body = {
      account_id: contoso.accountId,
      name: `ends in ${days} days`,
      expires_on: new Date(lab.twin.clock.now().getTime() + days * 86_400_000).toISOString(),
      policies: [
        {
          effect: "allow",
          permission_groups: [{ id: "bfe0d8686a584fa680f4c53b5eb0de6d" }],
          resources: { [`com.cloudflare.api.account.${contoso.accountId}`]: "*" },
        },
      ],
    } as unknown as Parameters<typeof accounts.tokens.create>[0];
    const { value } = await accounts.tokens.create(body);
    const token = { ...deployer, value: String(value) };
    return finding(await examine(signedInAs(contoso, contoso.deployer, token)), "cloudflare-token");
  };
  expect(await check(31)).toMatchObject({ status: "passed" });
  expect(await check(29)).toMatchObject({
    status: "open",
    advice: expect.stringMatching(
      /^It ends in 2[89] days\. Create the next one: npx entra-access bootstrap /,
    ),
  });
});

test("leaves the review of access open without the permissions to read people and groups", async () => {
  const applications = { wiki: { hostnames: ["wiki.contoso.example"] } };
  const check = async (...more: string[]) => {
    grant({ graph: [...contoso.deployer.permissions, ...more] });
    return finding(await examine({ config: { "entra-access:access": { applications } } }), "access-review");
  };
  const [groups, people] = ["GroupMember.Read.All", "User.Read.All"] as const;
  expect(await check()).toMatchObject({ status: "open", actual: `all but ${groups}, ${people}` });
  expect(await check(groups)).toMatchObject({ status: "open", actual: `all but ${people}` });
  expect(await check(groups, people)).toMatchObject({ status: "passed" });
});

test("leaves the audit logs open without their two optional permissions", async () => {
  const { deployer, tokens } = contoso;
  const actual = async (graph: string[], cloudflare: string[]) => {
    grant({
      graph: [...deployer.permissions, ...graph],
      cloudflare: [...tokens.deployer.permissions, ...cloudflare],
    });
    return finding(await examine(), "audit-logs");
  };
  const [entra, cloudflare] = ["AuditLog.Read.All", "Account Settings Read"] as const;
  expect(await actual([], [])).toMatchObject({ status: "open", actual: `all but ${entra}, ${cloudflare}` });
  expect(await actual([entra], [])).toMatchObject({ status: "open", actual: `all but ${cloudflare}` });
  expect(await actual([], [cloudflare])).toMatchObject({ status: "open", actual: `all but ${entra}` });
  expect(await actual([entra], [cloudflare])).toMatchObject({ status: "passed", actual: "all" });
});

test("compares a token's permissions with those of another job", async () => {
  const more = ["Account API Tokens Read", "Access: Service Tokens Read", "Zero Trust Write"];
  grant({ cloudflare: [...contoso.tokens.deployer.permissions, ...more] });
  const report = await runDoctor({ env: machine, job: "drift", open: () => opened({}) });
  expect(finding(report, "graph-permissions")).toMatchObject({
    status: "failed",
    actual:
      "all but Directory.Read.All; too much: Application.ReadWrite.OwnedBy, DelegatedPermissionGrant.ReadWrite.All",
  });
  expect(finding(report, "cloudflare-permissions")).toMatchObject({
    status: "open",
    actual:
      "all; too much: Access: Organizations, Identity Providers, and Groups Write " +
      "(instead of Access: Organizations, Identity Providers, and Groups Read), Zero Trust Write",
    advice: expect.stringMatching(/^Remove from the token what nothing else needs/),
  });
});

test("the command prints results and their count, and exits with 2 where something is missing", async () => {
  let out = "";
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  jest.spyOn(console, "log").mockImplementation((text) => {
    out += `${text}\n`;
  });
  const stack = await lab.stack({ config: { "entra-access:teamName": "other" } });
  jest.spyOn(Stack, "openExisting").mockResolvedValue(stack);
  expect(await main(["doctor", "test"])).toBe(2);
  expect(Stack.openExisting).toHaveBeenCalledWith(expect.objectContaining({ name: "test" }));
  expect(out).toContain("✗ Zero Trust organization: contoso.cloudflareaccess.com");
  // The home of a test file has no plugins, and nobody is logged in there.
  expect(out).toMatch(/\nfailed: 7 of 12 checks passed, 3 failed/);

  out = "";
  expect(await main(["doctor", "--json"])).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ schema: "entra-access/doctor/1", result: "failed" });
});
