import { contoso, contosoUsers, type Twin } from "../../twin/index";
import { describeCheckResults } from "../checks/describe";
import { deriveExpectedSignIn, type ExpectedSignIn } from "../checks/expected-sign-in";
import { verifySignIn } from "../checks/verify";
import { createCloudAccess, readDeployedClientSecret } from "../checks/verify-stack";
import { createCloudflareClient } from "../clients/cloudflare";
import type { Clouds } from "../clients/clouds";
import type { ProviderConfiguration } from "../clients/deployer";
import { createGraphClient } from "../clients/entra/client";
import { UserError } from "../errors";
import { describeOutputs } from "../recovery/outputs-text";
import { type RunResult, Stack } from "../stacks";
import { buildProviderEnvironment } from "../stacks/environment";
import { describeChanges } from "../stacks/run/changes";
import { type Progress, pc } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";
import { findBrowser } from "./browser";
import { testIntegration } from "./integration";
import { listCloudObjects } from "./inventory";
import { assertOnlyManualChanges, makeManualChanges } from "./manual-changes";
import { runOnTwin } from "./own-twin";
import { findLanguageHost, preparePlugins, type TwinRunOptions } from "./plugins";

/** The stack of the tour. */
const STACK = "dev";

/** Deploys a stack on a twin of its own, verifies it, causes and repairs drift, and signs a person in. */
export async function runTour({ once, kind }: TwinRunOptions): Promise<number> {
  return runOnTwin(async ({ signal, progress, directory, start, sharePlugins, serve }) => {
    printHeading(progress, 1, "The engine");
    const engine = await ensureEngine({ progress, signal, verify: true });
    progress.line(`  Pulumi ${engine.version}, ${engine.source}: ${engine.command}`);
    const languageHost = findLanguageHost(engine, progress);

    printHeading(progress, 2, "The twin of Entra ID and Cloudflare Access");
    const twin = await progress.step("Starting the twin on free ports", () => start());
    progress.line(`  Microsoft   ${twin.microsoftUrl}\n  Cloudflare  ${twin.cloudflareUrl}`);

    const pulumiHome = await preparePlugins({ engine, progress, kind });
    const auditor = await connectAs(twin, contoso.auditor, contoso.tokens.auditor);
    const before = await listCloudObjects(auditor);
    const deployer = toCredentials(contoso.deployer, contoso.tokens.deployer);
    const env = buildProviderEnvironment(twin, deployer);
    const plugins = await sharePlugins({ ...env, PULUMI_HOME: pulumiHome });
    const stack = await progress.step(`Opening stack ${STACK}`, () =>
      Stack.open({
        name: STACK,
        env: { ...env, ...plugins },
        directory,
        pulumiHome,
        engine,
        languageHost,
        signal,
        policyPack: true,
      }),
    );
    const reader = toCredentials(contoso.auditor, contoso.tokens.auditor);
    const expected = await deployAndVerify(progress, stack, {
      config: {},
      env: buildProviderEnvironment(twin, reader),
    });
    await repairDrift(progress, stack, twin, expected);
    await testSignIn(progress, twin, expected);
    await printOutputs(progress, stack);
    if (once || !process.stdout.isTTY) {
      await tearDown(progress, stack, auditor, before);
    } else {
      progress.line(describeTwin(twin, expected));
      await serve("\nThe twin is serving. Ctrl-C stops it and discards everything.");
    }
  });
}

async function deployAndVerify(
  progress: Progress,
  stack: Stack,
  reader: ProviderConfiguration,
): Promise<ExpectedSignIn> {
  printHeading(progress, 3, "Preview");
  printChanges(progress, await progress.step("pulumi preview", () => stack.preview()));

  printHeading(progress, 4, "Up");
  printWarnings(progress, await progress.step("pulumi up", () => stack.up()));
  const expected = deriveExpectedSignIn(await stack.config(), await stack.outputs());

  printHeading(progress, 5, "Verify: the twin's public API, with a read-only sign-in");
  const report = await verifySignIn(
    createCloudAccess(reader, async () => readDeployedClientSecret(await stack.export({ secrets: true }))),
    expected,
    { stack: STACK },
  );
  for (const line of describeCheckResults(report.checks)) progress.line(line);
  if (report.result !== "in sync") throw new UserError(`stack ${STACK} is not in sync: ${report.result}`);
  return expected;
}

async function repairDrift(
  progress: Progress,
  stack: Stack,
  twin: Twin,
  expected: ExpectedSignIn,
): Promise<void> {
  printHeading(progress, 6, "Drift: cause, detect and repair");
  const administrator = await connectAs(twin, contoso.administrator, contoso.tokens.deployer);
  for (const what of await makeManualChanges(administrator, expected))
    progress.line(`  changed by hand: ${what}`);
  const drift = await progress.step("pulumi preview", () => stack.preview());
  printChanges(progress, drift);
  assertOnlyManualChanges(drift.changes);
  await progress.step("pulumi up", () => stack.up());
  const after = await progress.step("pulumi preview", () => stack.preview());
  printChanges(progress, after);
  if (after.changes.length > 0)
    throw new UserError("the drift must be repaired by up, but a preview still shows changes");
}

async function testSignIn(progress: Progress, twin: Twin, { testUrl }: ExpectedSignIn): Promise<void> {
  printHeading(progress, 7, "Test the integration: a person signs in");
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

async function printOutputs(progress: Progress, stack: Stack): Promise<void> {
  printHeading(progress, 8, "Outputs");
  for (const line of describeOutputs(await stack.outputs())) progress.line(`  ${line}`);
}

function describeTwin(twin: Twin, expected: ExpectedSignIn): string {
  const { auditor, tokens, tenantId, accountId } = contoso;
  const { ada } = contosoUsers;
  return `
  In your browser
    Test the integration  ${twin.browserUrlOf(expected.testUrl)}
                          as ${ada.displayName}, password ${ada.password}
    Contents of the twin  ${twin.browserUrl}

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
  await progress.step("pulumi up, to remove the protection", () => stack.up());
  await progress.step("pulumi destroy", () => stack.destroy());
  const after = await listCloudObjects(auditor);
  const remaining = after.filter((line) => !before.includes(line));
  if (remaining.length > 0)
    throw new UserError("destroy must remove everything that the stack created", remaining);
  const lost = before.filter((line) => !after.includes(line));
  if (lost.length > 0) throw new UserError("destroy must remove only what the stack created", lost);
  progress.line(`${pc.green("✓")} everything that the stack created is gone`);
}

type Principal = typeof contoso.deployer;
type Token = typeof contoso.tokens.deployer;

function toCredentials(principal: Principal, token: Token) {
  const { tenantId } = contoso;
  return { tenantId, clientId: principal.appId, clientSecret: principal.secret, apiToken: token.value };
}

async function connectAs(twin: Twin, principal: Principal, token: Token): Promise<Clouds> {
  return {
    graph: await createGraphClient({ ...twin, ...toCredentials(principal, token) }),
    cloudflare: createCloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: token.value }),
    accountId: contoso.accountId,
  };
}

function printHeading(progress: Progress, step: number, title: string): void {
  progress.line(`${step === 1 ? "" : "\n"}${pc.bold(`${step}/8 ${title}`)}`);
}

function printChanges(progress: Progress, result: RunResult): void {
  for (const line of describeChanges(result.changes)) progress.line(`  ${line}`);
  printWarnings(progress, result);
}

function printWarnings(progress: Progress, { warnings }: RunResult): void {
  for (const warning of warnings) progress.line(`  ${pc.yellow("warning")} ${warning.trim()}`);
}
