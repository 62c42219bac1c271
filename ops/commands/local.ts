import { join } from "node:path";
import { contoso, contosoUsers, installStandIns, type Twin } from "../../twin/index";
import { describeCheckResults } from "../checks/describe";
import { deriveExpectedSignIn, type ExpectedSignIn } from "../checks/expected-sign-in";
import { testIntegration } from "../checks/integration";
import { listCloudObjects } from "../checks/inventory";
import { assertOnlyManualChanges, makeManualChanges } from "../checks/manual-changes";
import { verifySignIn } from "../checks/verify";
import { createCloudAccess, readDeployedClientSecret } from "../checks/verify-stack";
import { cloudflareClient } from "../clients/cloudflare";
import type { Clouds } from "../clients/clouds";
import type { ProviderSettings } from "../clients/deployer";
import { graphClient } from "../clients/entra";
import type { Command } from "../command";
import { UserError } from "../errors";
import { type RunResult, Stack } from "../stacks";
import { providerEnvironment } from "../stacks/environment";
import { describeChanges } from "../stacks/plan";
import { type Progress, pc } from "../terminal/progress";
import { findBrowser } from "../tools/browser";
import { ensureEngine } from "../tools/engine";
import { localCompany } from "./local-company";
import { LOCAL_FOLDER } from "./local-folder";
import { onOwnTwin } from "./own-twin";

const STACK = "dev";

export const local: Command = {
  usage: `usage: npm run local [-- --once]

Gets the Pulumi engine if there is none, starts the twin on free ports of this machine, previews and applies stack
${STACK}, reads the result back from the twin, makes drift and repairs it, and signs a person in: in Chromium where there
is one. Nothing leaves this machine.

In a terminal the twin then serves until Ctrl-C.
  --once      destroys instead, and checks that nothing is left; the default where the output is no terminal (CI)
  --example company
              brings examples/company up instead: two tenants, 60 applications; see examples/company/README.md`,
  options: { once: { type: "boolean" }, example: { type: "string" } },
  async run({ once, example }) {
    if (example === "company") return localCompany(once === true);
    if (example !== undefined) throw new UserError(`there is no example "${example}"; there is "company"`);
    return onOwnTwin(async ({ signal, progress, directory, start, serve }) => {
      heading(progress, 1, "The engine");
      const engine = await ensureEngine({ progress, signal });
      progress.line(`  Pulumi ${engine.version}, ${engine.source}: ${engine.command}`);

      heading(progress, 2, "The twin of Entra ID and Cloudflare Access");
      const twin = await progress.step("Starting it on free ports", () => start());
      progress.line(`  Microsoft   ${twin.microsoftUrl}\n  Cloudflare  ${twin.cloudflareUrl}`);

      const pulumiHome = join(LOCAL_FOLDER, "pulumi");
      installStandIns(pulumiHome);
      const auditor = await cloudsAs(twin, contoso.auditor, contoso.tokens.auditor);
      const before = await listCloudObjects(auditor);
      const deployer = signInOf(contoso.deployer, contoso.tokens.deployer);
      const env = providerEnvironment(twin, deployer);
      const stack = await progress.step(`Opening stack ${STACK}`, () =>
        Stack.open({ name: STACK, env, directory, pulumiHome, engine, signal }),
      );
      const reader = signInOf(contoso.auditor, contoso.tokens.auditor);
      const expected = await bringUp(progress, stack, { config: {}, env: providerEnvironment(twin, reader) });
      await breakAndRepair(progress, stack, twin, expected);
      await signIn(progress, twin, expected);
      await summarize(progress, stack);
      if (once || !process.stdout.isTTY) {
        await tearDown(progress, stack, auditor, before);
      } else {
        progress.line(lookYourself(twin, expected));
        await serve("\nThe twin is serving; Ctrl-C ends it and forgets everything.");
      }
    });
  },
};

async function bringUp(progress: Progress, stack: Stack, reader: ProviderSettings): Promise<ExpectedSignIn> {
  heading(progress, 3, "Preview");
  showChanges(progress, await progress.step("pulumi preview", () => stack.preview()));

  heading(progress, 4, "Up");
  showWarnings(progress, await progress.step("pulumi up", () => stack.up()));
  const expected = deriveExpectedSignIn(await stack.config(), await stack.outputs());

  heading(progress, 5, "Verify: read back from the twin's public API, with a sign-in that may only read");
  const report = await verifySignIn(
    createCloudAccess(reader, async () => readDeployedClientSecret(await stack.export({ secrets: true }))),
    expected,
    { stack: STACK },
  );
  for (const line of describeCheckResults(report.checks)) progress.line(line);
  if (report.result !== "in sync") throw new UserError(`stack ${STACK} is not in sync: ${report.result}`);
  return expected;
}

async function breakAndRepair(
  progress: Progress,
  stack: Stack,
  twin: Twin,
  expected: ExpectedSignIn,
): Promise<void> {
  heading(progress, 6, "Drift: found and repaired");
  // Cloudflare's tokens have no administrator: whoever may edit, may break.
  const administrator = await cloudsAs(twin, contoso.administrator, contoso.tokens.deployer);
  for (const what of await makeManualChanges(administrator, expected))
    progress.line(`  changed by hand: ${what}`);
  const drift = await progress.step("pulumi preview", () => stack.preview());
  showChanges(progress, drift);
  assertOnlyManualChanges(drift.changes);
  await progress.step("pulumi up", () => stack.up());
  const after = await progress.step("pulumi preview", () => stack.preview());
  showChanges(progress, after);
  if (after.changes.length > 0) throw new UserError("up did not repair the drift: preview still has changes");
}

async function signIn(progress: Progress, twin: Twin, { testUrl }: ExpectedSignIn): Promise<void> {
  heading(progress, 7, "Test the integration: a person signs in");
  const address = twin.browserUrlOf(testUrl);
  const person = contosoUsers.ada;
  const { name, email, groups } = await testIntegration({
    progress,
    address,
    person,
    browser: findBrowser(),
  });
  progress.line(
    `${pc.green("✓")} Your connection works! ${name}, ${email}; groups: ${groups?.join(", ") || "none"}`,
  );
}

async function summarize(progress: Progress, stack: Stack): Promise<void> {
  heading(progress, 8, "What was made, and where to look");
  for (const [name, { value, secret }] of Object.entries(await stack.outputs()))
    progress.line(`  ${name.padEnd(25)} ${secret ? "[secret]" : printable(value)}`);
}

/** How to look for yourself, while the twin serves. */
function lookYourself(twin: Twin, expected: ExpectedSignIn): string {
  const { auditor, tokens, tenantId, accountId } = contoso;
  const { ada } = contosoUsers;
  return `
  In your browser
    Test the integration  ${twin.browserUrlOf(expected.testUrl)}
                          as ${ada.displayName}, password ${ada.password}
    What the twin holds   ${twin.browserUrl}

  export CURL_CA_BUNDLE=${twin.caFile}
  TOKEN=$(curl -s ${twin.microsoftUrl}/${tenantId}/oauth2/v2.0/token -d grant_type=client_credentials \\
    -d client_id=${auditor.appId} -d client_secret=${auditor.secret} -d scope=${twin.microsoftUrl}/.default |
    node -pe 'JSON.parse(fs.readFileSync(0)).access_token')
  curl -H "Authorization: Bearer $TOKEN" ${twin.microsoftUrl}/v1.0/applications/${expected.applicationObjectId}
  curl -H "Authorization: Bearer ${tokens.auditor.value}" \\
    ${twin.cloudflareUrl}/accounts/${accountId}/access/identity_providers/${expected.identityProviderId}`;
}

async function tearDown(
  progress: Progress,
  stack: Stack,
  auditor: Clouds,
  before: readonly string[],
): Promise<void> {
  progress.line(`\n${pc.bold("Destroy")}`);
  await stack.configure({ "entra-access:protect": false });
  await progress.step("pulumi up, which releases the protection", () => stack.up());
  await progress.step("pulumi destroy", () => stack.destroy());
  const after = await listCloudObjects(auditor);
  const left = after.filter((line) => !before.includes(line));
  if (left.length > 0) throw new UserError("destroy left something on the twin", left);
  const lost = before.filter((line) => !after.includes(line));
  if (lost.length > 0) throw new UserError("destroy took what is not the stack's", lost);
  progress.line(`${pc.green("✓")} nothing is left on the twin`);
}

type Principal = typeof contoso.deployer;
type Token = typeof contoso.tokens.deployer;

function signInOf(principal: Principal, token: Token) {
  const { tenantId } = contoso;
  return { tenantId, clientId: principal.appId, clientSecret: principal.secret, apiToken: token.value };
}

async function cloudsAs(twin: Twin, principal: Principal, token: Token): Promise<Clouds> {
  return {
    graph: await graphClient({ ...twin, ...signInOf(principal, token) }),
    cloudflare: cloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: token.value }),
    accountId: contoso.accountId,
  };
}

function heading(progress: Progress, step: number, title: string): void {
  progress.line(`${step === 1 ? "" : "\n"}${pc.bold(`${step}/8 ${title}`)}`);
}

function showChanges(progress: Progress, result: RunResult): void {
  for (const line of describeChanges(result.changes)) progress.line(`  ${line}`);
  showWarnings(progress, result);
}

function showWarnings(progress: Progress, { warnings }: RunResult): void {
  for (const warning of warnings) progress.line(`  ${pc.yellow("warning")} ${warning.trim()}`);
}

const printable = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
