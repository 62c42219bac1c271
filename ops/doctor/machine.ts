import { satisfies } from "semver";
import { dependencies, engines } from "../../package.json";
import type { Check } from "../checks/check";
import { findHint } from "../errors";
import { extractCauses } from "../stacks/run/causes";
import { findProjectKey } from "../stacks/settings/project-setting";
import { ENGINE_VERSION } from "../tools/engine";
import type { DoctorContext } from "./context";

const PLUGINS = ["azuread", "cloudflare", "random"] as const;

/** Checks of this machine, the backend and the stack. */
export const MACHINE_CHECKS: readonly Check<DoctorContext>[] = [
  {
    id: "node",
    subject: "Node.js",
    source: "the version of this process",
    advice: "Install it from https://nodejs.org/en/download, or with a version manager.",
    async run() {
      const expected = engines.node.replace(">=", "");
      const passed = satisfies(process.versions.node, engines.node, { includePrerelease: true });
      return { actual: process.versions.node, expected: `${expected} or later`, passed };
    },
  },
  {
    id: "engine",
    subject: "Pulumi engine",
    source: "PATH, then the Pulumi home",
    advice: "Install it: npx entra-access engine",
    async run(at) {
      const expected = `${ENGINE_VERSION} or a later 3.x`;
      const actual = await at.engine().catch(refused);
      if ("refused" in actual) return { actual: actual.refused, expected };
      return { actual: `${actual.version} ${actual.source}: ${actual.command}`, expected, passed: true };
    },
  },
  {
    id: "plugins",
    subject: "provider plugins",
    source: "pulumi plugin ls",
    advice: `pulumi up downloads missing plugins. Without a network: pulumi plugin install resource <name> <version> --file <archive>.`,
    async run(at) {
      const all: { name: string; version: string }[] = JSON.parse(await at.pulumi("plugin", "ls", "--json"));
      const expected = PLUGINS.map((name) => `${name} ${dependencies[`@pulumi/${name}`]}`);
      const installed = expected.filter((one) =>
        all.some(({ name, version }) => one === `${name} ${version}`),
      );
      const offline = at.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true";
      const passed = installed.length === expected.length || (offline ? false : "open");
      return { actual: installed.join(", ") || "none", expected: expected.join(", "), passed };
    },
  },
  {
    id: "backend",
    subject: "backend",
    source: "pulumi whoami",
    advice: "Set PULUMI_BACKEND_URL, for example to file://~, or run pulumi login <url>.",
    async run(at) {
      await at.engine();
      const actual = await at.pulumi("whoami", "--json", "--non-interactive").catch(refused);
      if (typeof actual !== "string") return { actual: actual.refused, expected: "logged in" };
      const { user, url } = JSON.parse(actual) as { user: string; url?: string };
      return { actual: `${user} at ${url ?? "Pulumi Cloud"}`, expected: "logged in", passed: true };
    },
  },
  {
    id: "stack",
    subject: "stack, its config and secrets",
    source: "pulumi config --show-secrets, pulumi stack history --show-secrets",
    advice: "List the stacks: pulumi stack ls. Sign in to the service that keeps the stack's key.",
    async run(at) {
      await at.engine();
      const expected = "opened and decrypted";
      const readSettings = async () => {
        await (await at.stack()).requireSecrets();
        return at.settings();
      };
      const actual = await readSettings().catch(refused);
      if ("refused" in actual) return { actual: actual.refused, expected, ...findHint(actual.refused) };
      const missing = ["tenantId", "accountId", "teamName"].filter(
        (name) => !actual.config[findProjectKey(actual.config, name) ?? ""],
      );
      const { name } = await at.stack();
      if (missing.length === 0) return { actual: name, expected, passed: true };
      const advice = missing.map((one) => `pulumi config set ${one} <value>`).join("; ");
      return { actual: `${name} without ${missing.join(", ")}`, expected, advice };
    },
  },
];

/** Extracts the engine's first cause; it is in the error output, below the command line. */
function refused(error: Error & { stderr?: string }): { refused: string } {
  return { refused: extractCauses([error.stderr || error.message])[0] ?? error.message };
}
