import { dependencies, engines } from "../../package.json";
import type { Check } from "../checks/check";
import { causesOf } from "../stacks/causes";
import { ownKey } from "../stacks/own-setting";
import { ENGINE_VERSION } from "../tools/engine";
import type { Surroundings } from "./surroundings";

const PLUGINS = ["azuread", "cloudflare", "random"] as const;

/** What has to be on this machine, and where state is kept. */
export const MACHINE_CHECKS: readonly Check<Surroundings>[] = [
  {
    id: "node",
    subject: "Node.js",
    source: "the version that runs this",
    advice: "Install it from https://nodejs.org/en/download, or with a version manager.",
    async run() {
      const expected = engines.node.replace(">=", "");
      const [[major = 0, minor = 0], [least = 0, leastMinor = 0]] = [process.versions.node, expected].map(
        (version) => version.split(".").map(Number),
      ) as [number[], number[]];
      const passed = major > least || (major === least && minor >= leastMinor);
      return { actual: process.versions.node, expected: `${expected} or later`, passed };
    },
  },
  {
    id: "engine",
    subject: "Pulumi engine",
    source: "PATH, then the Pulumi home",
    advice: "Get it with: npx entra-access engine",
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
    advice: `pulumi up downloads what is missing. Without the network: pulumi plugin install resource <name> <version> --file <archive>.`,
    async run(at) {
      const all: { name: string; version: string }[] = JSON.parse(await at.pulumi("plugin", "ls", "--json"));
      const expected = PLUGINS.map((name) => `${name} ${dependencies[`@pulumi/${name}`]}`);
      const there = expected.filter((one) => all.some(({ name, version }) => one === `${name} ${version}`));
      const offline = at.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true";
      const passed = there.length === expected.length || (offline ? false : "open");
      return { actual: there.join(", ") || "none", expected: expected.join(", "), passed };
    },
  },
  {
    id: "backend",
    subject: "where state is kept",
    source: "pulumi whoami",
    advice: "Log in: pulumi login <url>, or set PULUMI_BACKEND_URL.",
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
    subject: "stack, its settings and secrets",
    source: "pulumi config --show-secrets",
    advice:
      "pulumi stack ls lists the stacks there are. Set PULUMI_CONFIG_PASSPHRASE, or sign in to where the stack's key is kept.",
    async run(at) {
      await at.engine();
      const expected = "opened and decrypted";
      const actual = await at.settings().catch(refused);
      if ("refused" in actual) return { actual: actual.refused, expected };
      const missing = ["tenantId", "accountId", "teamName"].filter(
        (name) => !actual.config[ownKey(actual.config, name) ?? ""],
      );
      const { name } = await at.stack();
      if (missing.length === 0) return { actual: name, expected, passed: true };
      const advice = missing.map((one) => `pulumi config set ${one} <value>`).join("; ");
      return { actual: `${name} without ${missing.join(", ")}`, expected, advice };
    },
  },
];

/** What the engine says of it, in brief; it stands on stderr, below the command line. */
function refused(error: Error & { stderr?: string }): { refused: string } {
  return { refused: causesOf([error.stderr || error.message])[0] ?? error.message };
}
