import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installStandIns, PLUGINS } from "../../../stand-ins/install";
import { runCommand } from "../../support/command";
import { writeLanguageHost } from "../../support/installed-language-host";
import { sized } from "../../support/size";

const root = join(__dirname, "../../..");
/** What the engine writes to, or would if it were let. */
const SETTINGS = ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "package-lock.json"];

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "local-test-"));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

/** The main job, as a newcomer starts it in a script: engine, twin and all. */
test("npm run local -- --once runs all steps, cleans up and exits with 0", () => {
  const settings = () => SETTINGS.map((file) => readFileSync(join(root, file), "utf8"));
  const before = settings();
  // What a deployer's shell may hold must not lead anything away from the twin.
  const shell = {
    ARM_TENANT_ID: "real",
    CLOUDFLARE_EMAIL: "me@example.com",
    PULUMI_BACKEND_URL: "s3://real",
  };
  const { stdout, stderr, status } = spawnSync(process.execPath, ["ops/start.mjs", "local", "--once"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...shell, TMPDIR: temporary },
  });

  expect(stderr).toBe("");
  expect(stdout.match(/^\d\/8 /gm)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${n}/8 `));
  expect(stdout).toContain("\n  Program: run by this process, because the engine has no language host\n");
  expect(stdout).toContain(`\n  Plugins: stand-ins for azuread ${PLUGINS.azuread}, `);
  expect(stdout).toContain("\n✓ identity provider, support_groups: true\n");
  expect(stdout).toContain("\n        config.supportGroups: false -> true\n");
  expect(stdout).toContain("https://changed-by-hand.example/callback");
  expect(stdout).toMatch(/\n✓ Ada Berg signs in with Chromium [\d.]+ /);
  expect(stdout).toContain(
    "✓ Your connection works! Ada Berg, ada@contoso.onmicrosoft.com; groups: Engineers, Employees\n",
  );
  expect(stdout).toMatch(/\n✓ everything that the stack created is gone\n$/);
  expect(stdout).not.toContain("✗");
  expect(stdout).not.toContain("\u001b");
  expect(status).toBe(0);
  expect(settings()).toEqual(before);
  expect(readdirSync(temporary).filter((name) => name.startsWith("entra-access"))).toEqual([]);
}, 240_000);

test("refuses an example that does not exist", async () => {
  const { code, err } = await runCommand(["local", "--example", "compny"], {});
  expect(code).toBe(1);
  expect(err).toContain('--example must be one of company; found "compny"');
});

// The stand-ins take the official plugins' place in a home that counts as the user's. `npm test` deploys the company in
// tests/stack/access/company.test.ts, and runs a program with a language host in tests/stack/lifecycle.test.ts.
sized(test.skip, test)(
  "npm run local -- --example company deploys two tenants and sixty applications with the plugins and the language host of the machine",
  () => {
    const home = join(temporary, "home");
    installStandIns(home);
    const { host, PATH } = writeLanguageHost(temporary);
    const args = ["ops/start.mjs", "local", "--once", "--example", "company"];
    const env = { ...process.env, TMPDIR: temporary, PULUMI_HOME: home, PATH };
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: "utf8",
      env,
    });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toContain(`  Program: run by ${host}\n`);
    expect(existsSync(`${host}.ran`)).toBe(true);
    expect(stdout).toContain(
      `  Plugins: the official azuread ${PLUGINS.azuread}, cloudflare ${PLUGINS.cloudflare}, random `,
    );
    expect(stdout).toContain("resources hold the access rules");
    expect(readdirSync(temporary).filter((name) => name.startsWith("entra-access"))).toEqual([]);
  },
  300_000,
);
