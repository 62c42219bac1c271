import { defineCommand } from "../command";
import { UsageError } from "../errors";
import { CWD_OPTION, flagOption, jsonOption, STACK_ARGUMENT, textOption } from "../options";
import { deployStack } from "../recovery/deploy";
import { buildUpReport } from "../recovery/report";
import { requestRotation } from "../recovery/rotate";
import { Progress } from "../terminal/progress";
import { openStack, printUpReport } from "./up";

export const rotateCommand = defineCommand({
  description: `Requests the next client secret in the stack's config (commit the file), then does the same as npx entra-access up. The
client secret before it stays valid until their overlap ends.`,
  options: {
    stack: STACK_ARGUMENT,
    "identity-provider": textOption(
      "<name>",
      "tenant by its name in access.identityProviders; default: the stack's own",
    ),
    force: flagOption("rotates even while the last two client secrets overlap"),
    compromised: flagOption(
      "for a leaked client secret: removes all earlier ones as soon as the new one is in use",
    ),
    json: jsonOption("up"),
    cwd: CWD_OPTION,
  },
  async run({ stack: name, "identity-provider": tenant, force, compromised, json, cwd }) {
    if (force && compromised) throw new UsageError("--force must not be combined with --compromised");
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd);
    const mode = compromised ? "compromised" : force ? "forced" : "regular";
    const settings = await progress.step("Requesting the next client secret", () =>
      requestRotation(stack, mode, undefined, tenant),
    );
    for (const [setting, value] of Object.entries(settings)) progress.line(`  ${setting}: ${value}`);
    const code = printUpReport(
      buildUpReport(stack.name, await deployStack(stack, { progress }), settings),
      json,
    );
    if (compromised) progress.line(SESSIONS);
    return code;
  },
});

const SESSIONS = `
The old client secrets are removed. Sessions that began before stay valid; to end them, for each user:
  Cloudflare  POST /accounts/<account>/access/organizations/revoke_user   (or in the dashboard: Revoke session)
  Entra       POST /users/<id>/revokeSignInSessions
The whole procedure is in docs/runbook.md.`;
