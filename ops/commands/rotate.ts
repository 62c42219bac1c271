import type { Command } from "../command";
import { UsageError } from "../errors";
import { deployStack } from "../recovery/deploy";
import { buildUpReport } from "../recovery/report";
import { requestRotation } from "../recovery/rotate";
import { Progress } from "../terminal/progress";
import { openStack, printUpReport } from "./up";

export const rotateCommand: Command = {
  usage: `usage: npx entra-access rotate [stack] [--identity-provider <name>] [--force | --compromised] [--json]

Asks for the next client secret in the stack's settings (commit them), then does what npx entra-access up does.
The secret before it stays valid until the end of its grace.

  [stack]                      default: the one that pulumi stack select chose
  --identity-provider <name>   at which tenant, by its name in access.identityProviders; default: the stack's own
  --force                      also while the secret before the one in use is in its grace
  --compromised                somebody has the secret: the ones before get no grace, and go as soon as the new one is in use
  --json                       what was done as JSON, schema entra-access/up/1 (docs/operations.md); progress goes to standard error
  -C, --cwd <f>                the folder of Pulumi.yaml; default: this one`,
  options: {
    "identity-provider": { type: "string" },
    force: { type: "boolean" },
    compromised: { type: "boolean" },
    json: { type: "boolean" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stack"],
  async run({ stack: name, "identity-provider": tenant, force, compromised, json, cwd }) {
    if (force && compromised) throw new UsageError("--compromised is enough: it needs no --force");
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd);
    const how = compromised ? "compromised" : force ? "forced" : "regular";
    const settings = await progress.step("Asking for the next client secret", () =>
      requestRotation(stack, how, undefined, tenant as string | undefined),
    );
    for (const [setting, value] of Object.entries(settings)) progress.line(`  ${setting}: ${value}`);
    const code = printUpReport(
      buildUpReport(stack.name, await deployStack(stack, { progress }), settings),
      json === true,
    );
    if (compromised) progress.line(SESSIONS);
    return code;
  },
};

const SESSIONS = `
The old secrets are gone. Sessions that began before go on; to end them, per person:
  Cloudflare  POST /accounts/<account>/access/organizations/revoke_user   (or in the dashboard: Revoke session)
  Entra       POST /users/<id>/revokeSignInSessions
docs/runbook.md has the whole procedure.`;
