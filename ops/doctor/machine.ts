import { satisfies } from "semver";
import { dependencies, engines } from "../../package.json";
import type { Check } from "../checks/check";
import { extractCauses } from "../stacks/causes";
import { findProjectKey } from "../stacks/project-setting";
import { ENGINE_VERSION } from "../tools/engine";
import type { DoctorContext } from "./context";

const PLUGINS = ["azuread", "cloudflare", "random"] as const;

/** Checks of this machine, the backend and the stack. */
export const MACHINE_CHECKS: readonly Check<DoctorContext>[] = [
  {
    id: "node",
    subject: "Node.js",
    looksAt: "the version of this process",
    advice: "Install it from https://nodejs.org/en/download, or with a version manager.",
    async look() {
      const wanted = engines.node.replace(">=", "");
      const holds = satisfies(process.versions.node, engines.node, { includePrerelease: true });
      return { found: process.versions.node, wanted: `${wanted} or later`, holds };
    },
  },
  {
    id: "engine",
    subject: "Pulumi engine",
    looksAt: "PATH, then the Pulumi home",
    advice: "Install it: npx entra-access engine",
    async look(at) {
      const wanted = `${ENGINE_VERSION} or a later 3.x`;
      const found = await at.engine().catch(refused);
      if ("refused" in found) return { found: found.refused, wanted };
      return { found: `${found.version} ${found.source}: ${found.command}`, wanted, holds: true };
    },
  },
  {
    id: "plugins",
    subject: "provider plugins",
    looksAt: "pulumi plugin ls",
    advice: `pulumi up downloads missing plugins. Without a network: pulumi plugin install resource <name> <version> --file <archive>.`,
    async look(at) {
      const all: { name: string; version: string }[] = JSON.parse(await at.pulumi("plugin", "ls", "--json"));
      const wanted = PLUGINS.map((name) => `${name} ${dependencies[`@pulumi/${name}`]}`);
      const installed = wanted.filter((one) => all.some(({ name, version }) => one === `${name} ${version}`));
      const offline = at.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true";
      const holds = installed.length === wanted.length || (offline ? false : "open");
      return { found: installed.join(", ") || "none", wanted: wanted.join(", "), holds };
    },
  },
  {
    id: "backend",
    subject: "backend",
    looksAt: "pulumi whoami",
    advice: "Log in: pulumi login <url>, or set PULUMI_BACKEND_URL.",
    async look(at) {
      await at.engine();
      const found = await at.pulumi("whoami", "--json", "--non-interactive").catch(refused);
      if (typeof found !== "string") return { found: found.refused, wanted: "logged in" };
      const { user, url } = JSON.parse(found) as { user: string; url?: string };
      return { found: `${user} at ${url ?? "Pulumi Cloud"}`, wanted: "logged in", holds: true };
    },
  },
  {
    id: "stack",
    subject: "stack, its config and secrets",
    looksAt: "pulumi config --show-secrets",
    advice:
      "List the stacks: pulumi stack ls. Set PULUMI_CONFIG_PASSPHRASE, or sign in to the service that keeps the stack's key.",
    async look(at) {
      await at.engine();
      const wanted = "opened and decrypted";
      const found = await at.settings().catch(refused);
      if ("refused" in found) return { found: found.refused, wanted };
      const missing = ["tenantId", "accountId", "teamName"].filter(
        (name) => !found.config[findProjectKey(found.config, name) ?? ""],
      );
      const { name } = await at.stack();
      if (missing.length === 0) return { found: name, wanted, holds: true };
      const advice = missing.map((one) => `pulumi config set ${one} <value>`).join("; ");
      return { found: `${name} without ${missing.join(", ")}`, wanted, advice };
    },
  },
];

/** Extracts the engine's first cause; it is in the error output, below the command line. */
function refused(error: Error & { stderr?: string }): { refused: string } {
  return { refused: extractCauses([error.stderr || error.message])[0] ?? error.message };
}
