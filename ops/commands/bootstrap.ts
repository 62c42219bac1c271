import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ISSUER_NAMES, ISSUERS, type TrustedWorkloads } from "../../config/deployer/issuers";
import { FEATURES, type FeatureName } from "../../config/deployer/jobs";
import { GUID_PATTERN } from "../../config/values/fields";
import {
  findEntraCloud,
  type ProviderConfiguration,
  signInToCloudflare,
  signInToGraph,
} from "../clients/deployer";
import { defineCommand } from "../command";
import { DAY_MS } from "../days";
import { UsageError, UserError } from "../errors";
import { applyBootstrap, type BootstrapRequest, planBootstrap } from "../identities/bootstrap";
import { IDENTITY_NAMES, type IdentityName, listIdentityPermissions } from "../identities/identities";
import { ISSUER_OPTIONS } from "../identities/issuer-options";
import { describeNextSteps } from "../identities/next-steps";
import { describePlan, isChange } from "../identities/plan";
import {
  applyTokens,
  type DesiredToken,
  describeDashboardSteps,
  planTokens,
  type TokenPlan,
} from "../identities/tokens";
import { type CommandOption, flagOption, listOption, numberOption, pathOption, textOption } from "../options";
import { confirm } from "../terminal/ask";
import { Progress } from "../terminal/progress";

/** A list of which each item must be known. The default is all of `fallback`. */
function namesOption<T extends string>(
  known: readonly T[],
  placeholder: string,
  description: string,
  fallback: readonly T[],
): CommandOption<readonly T[]> {
  const option = listOption(placeholder, `${description} (${known.join(", ")})`);
  return {
    ...option,
    parse(given, name) {
      const items = given === undefined ? fallback : option.parse(given, name);
      const unknown = items.find((item) => !known.includes(item as T));
      if (unknown !== undefined)
        throw new UsageError(`--${name} must be among ${known.join(", ")}; found "${unknown}"`);
      return items as readonly T[];
    },
  };
}

const FEATURE_NAMES = Object.keys(FEATURES) as FeatureName[];

const ISSUER_LISTS = Object.fromEntries(
  ISSUER_NAMES.map((name) => {
    const { placeholder, description } = ISSUER_OPTIONS[name];
    return [ISSUERS[name].option, listOption(placeholder, description)];
  }),
);

export const bootstrapCommand = defineCommand({
  description: `Creates the identities with which pipelines deploy: Entra applications without a secret, which trust the tokens of your CI system
and have the least permissions of their jobs (docs/permissions.md), and with --account Cloudflare tokens that expire. Shows a plan
first. Signs in as the environment says (ARM_*, az login; CLOUDFLARE_API_TOKEN). Safe to run again: it changes only what differs.
Exit code: 0 in sync, 2 something is left for you to do, 1 it failed or was declined.`,
  options: {
    tenant: textOption("<id>", "id of the tenant"),
    account: textOption("<id>", "id of the Cloudflare account; default: no tokens"),
    name: textOption("<name>", "begins the names of identities and tokens; default: entra-access"),
    identities: namesOption(IDENTITY_NAMES, "<i,i>", "default: all of them", IDENTITY_NAMES),
    features: namesOption(
      FEATURE_NAMES,
      "<f,f>",
      "features of the stacks' settings that need permissions of their own",
      [],
    ),
    ...ISSUER_LISTS,
    owners: listOption("<id,id>", "object ids of further owners"),
    "remove-others": flagOption("also removes trust and permissions that these options do not name"),
    "token-folder": pathOption("<folder>", "where the values of new tokens are written, one file each"),
    "token-days": numberOption("days that new tokens are valid", { min: 31, max: 366, default: 180 }),
    wait: numberOption("minutes to wait for an administrator's consent", { min: 0, max: 600, default: 30 }),
    yes: flagOption("does not ask; required without a terminal"),
  },
  async run(values) {
    const { tenant, account, name = "entra-access", identities, features, owners, yes } = values;
    const { "remove-others": removesOthers, "token-folder": folder, "token-days": days, wait } = values;
    if (!GUID_PATTERN.test(tenant ?? ""))
      throw new UsageError(`--tenant must be the id of a tenant; found "${tenant ?? ""}"`);
    if (!/^[a-z0-9][a-z0-9-]{1,40}$/i.test(name))
      throw new UsageError(`--name must have letters, digits and dashes; found "${name}"`);
    const given = values as unknown as Readonly<Record<string, readonly string[]>>;
    const issuers: TrustedWorkloads = Object.fromEntries(
      ISSUER_NAMES.map((name) => [name, given[ISSUERS[name].option] ?? []]),
    );
    const progress = new Progress();
    const request: BootstrapRequest = { name, identities, features, issuers, owners, removesOthers };
    const settings: ProviderConfiguration = {
      config: { "azuread:tenantId": String(tenant) },
      env: process.env,
    };
    const entra = await findEntraCloud(settings);
    const graph = await progress.step("Signing in to Microsoft Entra ID", () =>
      signInToGraph(settings, entra),
    );
    const plans = await progress.step("Comparing the identities", () => planBootstrap(graph, request));
    const tokens =
      account === undefined ? undefined : await readTokens(settings, account, request, entra.now());
    const lines = [
      ...[...plans.values()].flatMap((plan) => describePlan(plan, removesOthers)),
      ...(tokens?.plans ?? []).flatMap(describeTokenPlan),
    ];
    for (const line of lines) progress.line(line);
    const isChanged =
      [...plans.values()].some((plan) => isChange(plan, removesOthers)) ||
      (tokens?.plans ?? []).some(({ action }) => action !== "keep");
    if (!isChanged) progress.line("The identities are in sync.");
    const createsTokens = (tokens?.plans ?? []).some(({ action }) => action === "create");
    if (createsTokens && folder === undefined)
      throw new UserError(
        "--token-folder is required to create Cloudflare tokens: their values are shown once",
      );
    if (isChanged && !yes && !(await confirm("Change this?"))) {
      progress.line("Nothing was changed. Use --yes to go on without a question.");
      return 1;
    }
    if (createsTokens && folder !== undefined) prepareFolder(folder);
    const made = await applyBootstrap(
      graph,
      plans,
      { tenantId: String(tenant), login: entra.login, removesOthers },
      {
        patience: wait,
        wait: sleep,
        onConsentNeeded: (links) => {
          progress.line("You may not consent to permissions. Send this to a Privileged Role Administrator:");
          for (const line of links) progress.line(`  ${line}`);
          if (wait > 0)
            progress.line(`Waiting up to ${wait} minutes; Ctrl-C and the same command later is fine.`);
        },
      },
    );
    const expiresOn = new Date(entra.now().getTime() + days * DAY_MS);
    const files = new Map<IdentityName, string>();
    const refused = tokens?.plans
      ? await writeTokens(settings, String(account), tokens.plans, {
          expiresOn,
          folder: String(folder),
          files,
        })
      : tokens?.refused;
    const outcome = { tenantId: String(tenant), made, files, isGitHub: (issuers.github ?? []).length > 0 };
    for (const line of describeNextSteps(outcome)) progress.line(line);
    if (!tokens || refused === undefined) return 0;
    progress.line("");
    progress.line(`This Cloudflare token may not create tokens (${refused}).`);
    for (const line of describeDashboardSteps(String(account), tokens.desired, expiresOn))
      progress.line(line);
    return 2;
  },
});

interface Tokens {
  readonly desired: readonly DesiredToken[];
  /** Absent where the caller may not read tokens. */
  readonly plans?: readonly TokenPlan[];
  readonly refused?: string;
}

async function readTokens(
  settings: ProviderConfiguration,
  accountId: string,
  { name, identities, features }: BootstrapRequest,
  now: Date,
): Promise<Tokens> {
  const desired = identities.map((identity) => ({
    identity,
    name: `${name}-${identity}`,
    permissions: listIdentityPermissions(identity, features).cloudflare,
  }));
  if (!settings.env.CLOUDFLARE_API_TOKEN) return { desired, refused: "CLOUDFLARE_API_TOKEN is not set" };
  try {
    return { desired, plans: await planTokens(signInToCloudflare(settings), accountId, desired, now) };
  } catch (error) {
    return { desired, refused: describeRefusal(error) };
  }
}

function describeTokenPlan({ desired, action, reason }: TokenPlan): string[] {
  if (action === "keep") return [];
  const sign = action === "create" ? "+" : "~";
  return [
    `Cloudflare token ${desired.name}:`,
    `  ${sign} ${action}, with ${desired.permissions.join(", ")} (${reason})`,
  ];
}

/** Creates the folder, so that a value that is shown once can be written. @throws UserError */
function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UserError(
      `--token-folder must be a folder that can be written; found ${(error as Error).message}`,
    );
  }
}

/** Writes the values of new tokens, readable by this user alone. @returns why it was refused, if it was */
async function writeTokens(
  settings: ProviderConfiguration,
  accountId: string,
  plans: readonly TokenPlan[],
  { expiresOn, folder, files }: { expiresOn: Date; folder: string; files: Map<IdentityName, string> },
): Promise<string | undefined> {
  try {
    await applyTokens(signInToCloudflare(settings), accountId, plans, expiresOn, (identity, value) => {
      const file = join(folder, `${identity}.token`);
      writeFileSync(file, value, { mode: 0o600 });
      files.set(identity, file);
    });
    return undefined;
  } catch (error) {
    return describeRefusal(error);
  }
}

/** Describes why the caller's token may not handle tokens; throws any other error. */
function describeRefusal(error: unknown): string {
  const { status } = error as { status?: number };
  if (status !== 401 && status !== 403) throw error;
  return 'it needs "Account API Tokens Write"';
}
