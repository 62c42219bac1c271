/** The components in programs of other languages. Only part of the long run: packages and a compiler take minutes. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { buildProviderEnvironment } from "../../../ops/stacks/environment";
import { findEngine } from "../../../ops/tools/engine";
import { execFileAsync } from "../../../ops/tools/engine/source";
import { version } from "../../../package.json";
import { GO_PROGRAM, PYTHON } from "../../../scripts/dev-tools/languages";
import { type AttachedStandIns, attachStandIns } from "../../../stand-ins/attach";
import { contoso } from "../../../twin/index";
import { checkSignIns } from "../../support/clouds";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";
import { sized } from "../../support/size";

jest.setTimeout(3 * engineTimeout);

sized(describe.skip, describe)("the components", () => {
  let fixture: EngineFixture;
  let standIns: AttachedStandIns;
  let env: NodeJS.ProcessEnv;
  let empty: unknown;
  beforeAll(async () => {
    fixture = await startEngineFixture();
    const { twin, pulumiHome } = fixture;
    empty = twin.snapshot();
    const { appId: clientId, secret: clientSecret } = contoso.deployer;
    const { tenantId, accountId, tokens } = contoso;
    const deployer = { tenantId, clientId, clientSecret, apiToken: tokens.administrator.value };
    const clouds = buildProviderEnvironment(twin, deployer);
    standIns = await attachStandIns(clouds);
    installComponentPlugin(pulumiHome);
    const { command } = await findEngine();
    const endDate = new Date(twin.clock.now().getTime() + 90 * 86_400_000);
    env = {
      ...process.env,
      ...clouds,
      ...standIns.env,
      PATH: [dirname(command), process.env.PATH].join(delimiter),
      PULUMI_HOME: pulumiHome,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ACCOUNT_ID: accountId,
      TMPDIR: fixture.folder,
      END_DATE: `${endDate.toISOString().slice(0, 19)}Z`,
    };
  });
  beforeEach(() => fixture.twin.restore(empty));
  afterAll(async () => {
    standIns.close();
    await fixture.close();
  });

  it.each([
    ["Python", PYTHON, [join(__dirname, "python/main.py")]],
    ["Go", GO_PROGRAM, []],
  ])("deploy from %s, and people can sign in", async (language, command, args) => {
    const state = join(fixture.folder, language);
    mkdirSync(state);
    const run = { env: { ...env, PULUMI_BACKEND_URL: `file://${state}` }, cwd: fixture.folder };
    const { stdout } = await execFileAsync(command, args, run);
    const outputs = JSON.parse(stdout);
    expect(outputs.clientSecret.secret).toBe(true);
    expect(outputs.testUrl.value).toMatch(/^https:\/\/contoso\.cloudflareaccess\.com\//);
    expect(Object.keys(outputs.audiences.value)).toEqual(["wiki"]);
    const applications = await (await fixture.administrator()).graph
      .api("/applications")
      .filter(`appId eq '${outputs.clientId.value}'`)
      .get();
    expect(applications.value).toMatchObject([{ displayName: `Cloudflare Access (${language})` }]);
    expect(await checkSignIns(fixture.twin)).toEqual(["200"]);
  });
});

/** Installs a plugin that starts the component provider as the language host of Node.js does. */
function installComponentPlugin(pulumiHome: string): void {
  const root = resolve(__dirname, "../../..");
  const plugin = join(pulumiHome, `plugins/resource-entra-access-v${version}/pulumi-resource-entra-access`);
  const [run, components] = ["node_modules/@pulumi/pulumi/cmd/run-plugin", "provider"].map((path) =>
    join(root, path),
  );
  mkdirSync(dirname(plugin), { recursive: true });
  writeFileSync(plugin, `#!/bin/sh\nexec '${process.execPath}' '${run}' '${components}' "$@"\n`);
  chmodSync(plugin, 0o755);
}
