import { basename } from "node:path";
import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { defineCommand } from "../command";
import { UsageError } from "../errors";
import { CWD_OPTION, flagOption, jsonOption, STACK_ARGUMENT, textOption } from "../options";
import { updateClientSecrets } from "../recovery/client-secrets/client-secrets-only";
import { checkRemainder, type RotationMode, requestRotation } from "../recovery/client-secrets/rotate";
import { deployStackOrRotate } from "../recovery/client-secrets/rotate-anyway";
import { rotateScimSecret } from "../recovery/provisioning/rotate-secret";
import { buildUpReport } from "../recovery/report";
import type { Stack } from "../stacks";
import { Progress } from "../terminal/progress";
import { openStack, printUpReport } from "./up";

export const rotateCommand = defineCommand({
  description: `Requests the next client secret in the stack's config (commit the file), then does the same as npx entra-access up. The
client secret before it stays valid until their overlap ends. If the rest of the stack cannot be updated, the client
secret is replaced all the same. With --scim it renews the secret of provisioning instead, at Cloudflare and in Entra.
Exit code: 0 in sync, 2 the client secret is replaced but a person must act, 1 it is not replaced.`,
  options: {
    stack: STACK_ARGUMENT,
    "identity-provider": textOption(
      "<name>",
      "tenant by its name in access.identityProviders; default: the stack's own",
    ),
    scim: flagOption("renews the secret of provisioning (SCIM) on both sides instead of the client secret"),
    due: flagOption("replaces the client secrets that are due, of all tenants, and changes nothing else"),
    force: flagOption("rotates even while the last two client secrets overlap"),
    compromised: flagOption(
      "for a leaked client secret: removes all earlier ones as soon as the new one is in use",
    ),
    json: jsonOption("up"),
    cwd: CWD_OPTION,
  },
  async run({ stack: name, "identity-provider": tenant, scim, due, force, compromised, json, cwd }) {
    if (scim && (due || force || compromised))
      throw new UsageError("--scim must not be combined with --due, --force or --compromised");
    if (force && compromised) throw new UsageError("--force must not be combined with --compromised");
    const isRequest = force || compromised || tenant !== undefined;
    if (due && isRequest)
      throw new UsageError("--due must not be combined with --force, --compromised or --identity-provider");
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd);
    if (due) return rotateDue(stack, progress, json);
    if (scim) {
      const result = await rotateScimSecret(stack, progress, tenant);
      return printUpReport(buildUpReport(stack.name, result), json);
    }
    const mode = compromised ? "compromised" : force ? "forced" : "regular";
    const code = await rotateNow(stack, progress, { mode, tenant, json });
    if (compromised) progress.line(SESSIONS);
    return code;
  },
});

interface Request {
  readonly mode: RotationMode;
  readonly tenant: string | undefined;
  readonly json: boolean;
}

async function rotateNow(
  stack: Stack,
  progress: Progress,
  { mode, tenant = OWN_IDENTITY_PROVIDER, json }: Request,
): Promise<number> {
  const settings = await progress.step("Requesting the next client secret", () =>
    requestRotation(stack, mode, undefined, tenant),
  );
  for (const [setting, value] of Object.entries(settings))
    progress.line(`  ${setting}: ${value} (in ${basename(stack.settingsFile)})`);
  const number = Math.max(...Object.values(settings));
  const result = await deployStackOrRotate(stack, { progress }, { tenant, number });
  return printUpReport(buildUpReport(stack.name, result, settings), json);
}

async function rotateDue(stack: Stack, progress: Progress, json: boolean): Promise<number> {
  const { failed, ...result } = await updateClientSecrets(stack, progress);
  const remainder = await progress.step("pulumi preview, of the rest", () => checkRemainder(stack));
  const actionNeeded = [...result.actionNeeded, ...remainder];
  const code = printUpReport(buildUpReport(stack.name, { ...result, actionNeeded }), json);
  return failed.length > 0 ? 1 : code;
}

const SESSIONS = `
The old client secrets are removed. Sessions that began before stay valid; to end them, for each user:
  Cloudflare  POST /accounts/<account>/access/organizations/revoke_user   (or in the dashboard: Revoke session)
  Entra       POST /users/<id>/revokeSignInSessions
The whole procedure is in docs/runbook.md.`;
