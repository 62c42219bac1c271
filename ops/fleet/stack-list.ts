import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import type { ConfigValues } from "../stacks";
import { createEngineRunner } from "../stacks/engine-runner";
import { extractCauses } from "../stacks/run/causes";
import { extractStderr } from "../stacks/run/run";
import { readConfigFile, readProjectFile, requireProjectFile } from "../stacks/settings/project-file";
import { readProjectSetting, readStackTarget, type StackTarget } from "../stacks/settings/project-setting";
import { type FolderBackend, findFolderBackend } from "../stacks/state/folder-backend";
import { retryPartialReads } from "../stacks/state/history";
import { listStateFiles } from "../stacks/state/state-file";
import type { Engine } from "../tools/engine";

/** A stack as the project's folder and the backend describe it, without opening it. */
export interface ListedStack {
  readonly name: string;
  /** True for the stack that is selected, if the list was made with that. */
  readonly current: boolean;
  readonly target: StackTarget;
  /** The token that its requests to Cloudflare count against: its own, or the environment's. */
  readonly token: string;
  /** Number of Access groups, policies and applications in its settings. */
  readonly rules: number;
  /** The tenants in which it has policies or named locations of Conditional Access. */
  readonly conditionalAccess: readonly string[];
  /** The holder of its lock. */
  readonly lock?: string;
}

/**
 * Lists all stacks of a project, including those without readable settings.
 *
 * @param options.withCurrent says which one is selected, which only the engine knows; default: false
 */
export async function listStacks(options: {
  projectFolder: string;
  engine: Engine;
  env: Readonly<Record<string, string>>;
  withCurrent?: boolean;
}): Promise<ListedStack[]> {
  const { projectFolder, engine, env, withCurrent = false } = options;
  requireProjectFile(projectFolder);
  const runEngine = createEngineRunner(engine, projectFolder, env);
  try {
    const backend = findFolderBackend(readProjectFile(projectFolder), { ...process.env, ...env });
    const files = withCurrent ? undefined : backend && listStateFiles(backend);
    const listed: { name: string; current?: boolean; updateInProgress?: boolean }[] =
      files?.map((name) => ({ name })) ??
      JSON.parse(await retryPartialReads(() => runEngine("stack", "ls", "--json")));
    return listed.map(({ name, current = false, updateInProgress }) => {
      const lock = (backend && readLock(backend, name)) ?? (updateInProgress ? "another update" : undefined);
      const settings = summarizeSettings(readConfigFile(projectFolder, name));
      return { name, current, ...settings, ...(lock ? { lock } : {}) };
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const [cause] = extractCauses([extractStderr(error as Error)]);
    throw new UserError(`the stacks of ${projectFolder} could not be listed: ${cause}`);
  }
}

function summarizeSettings(
  config: ConfigValues,
): Pick<ListedStack, "target" | "token" | "rules" | "conditionalAccess"> {
  const access = (readProjectSetting(config, "access") ?? {}) as Readonly<Record<string, object>>;
  const counts = Object.values(access).map((part) => Object.keys(part).length);
  return {
    target: readStackTarget(config),
    token: JSON.stringify(config["cloudflare:apiToken"] ?? "of the environment"),
    rules: counts.reduce((sum, count) => sum + count, 0),
    conditionalAccess: listConditionalAccess(config),
  };
}

/** Lists the tenants of a stack in which it has Conditional Access; settings are not validated. */
export function listConditionalAccess(config: ConfigValues): string[] {
  const { identityProviders } = (readProjectSetting(config, "access") ?? {}) as {
    identityProviders?: Record<string, SignInSettings | null>;
  };
  const own = ["tenantId", "conditionalAccess"].map((name) => [name, readProjectSetting(config, name)]);
  const signIns: (SignInSettings | null)[] = [
    Object.fromEntries(own),
    ...Object.values(identityProviders ?? {}),
  ];
  const tenants = signIns.flatMap((one) => {
    const { policies, namedLocations } = one?.conditionalAccess ?? {};
    const hasAny = Object.keys({ ...policies, ...namedLocations }).length > 0;
    return hasAny && typeof one?.tenantId === "string" ? [one.tenantId.toLowerCase()] : [];
  });
  return [...new Set(tenants)];
}

interface SignInSettings {
  readonly tenantId?: unknown;
  readonly conditionalAccess?: { readonly policies?: object; readonly namedLocations?: object };
}

/**
 * Selects all stacks, the named ones, or the one selected with `pulumi stack select`.
 *
 * @throws UserError if there is no such stack
 */
export function selectStacks(
  all: readonly ListedStack[],
  names: readonly string[] | "all" | undefined,
): ListedStack[] {
  if (names === "all") return [...all];
  if (names === undefined) {
    const current = all.filter((stack) => stack.current);
    if (current.length > 0) return current;
    throw new UserError("no stack is selected", [
      "Name a stack or use --all; pulumi stack ls lists the stacks.",
    ]);
  }
  return names.map((name) => {
    const stack = all.find((one) => one.name === name);
    if (!stack) throw new UserError(`there is no stack ${name}`, ["pulumi stack ls lists the stacks."]);
    return stack;
  });
}

/**
 * Estimates the load of a task. A preview reads each Cloudflare resource up to three times, and so does the `up` of a
 * repair; `read` only reads the state.
 */
export function estimateStackJob(
  { name, target, token, rules, conditionalAccess }: ListedStack,
  task: "check" | "repair" | "preview" | "read",
) {
  const { tenantId: tenant = name, accountId: account = name } = target;
  return {
    tenant,
    account,
    token,
    requests: { check: 1, preview: 1, repair: 2, read: 0 }[task] * (6 + 3 * rules),
    turns: task === "read" ? [] : conditionalAccess,
  };
}

/**
 * Estimates the load of an account's check: seven lists in pages of 25, an empty page last, and up to five pages of the
 * audit log.
 */
export function estimateAccountJob(all: readonly ListedStack[], name: string, account: string) {
  const members = all.filter(({ target }) => target.accountId === account);
  const rules = members.reduce((sum, stack) => sum + stack.rules, members.length);
  const { token = name } = members.find((stack) => stack.name === name) ?? {};
  return {
    tenant: `account ${account}`,
    account,
    token,
    requests: 20 + Math.ceil(rules / 25),
    turns: [],
  };
}

/**
 * Reads the lock of a stack in a folder backend, where it is a file, because a preview ignores locks. Pulumi Cloud returns
 * it with the list of stacks; the other backends do not return it.
 */
function readLock({ folder: root, project }: FolderBackend, stack: string): string | undefined {
  try {
    const folder = join(root, ".pulumi/locks/organization", project, stack);
    const [name] = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.endsWith(".attrs"));
    if (name === undefined) return undefined;
    const { username, hostname, pid, timestamp } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return `${username}@${hostname} (pid ${pid}) since ${timestamp}`;
  } catch {
    return undefined;
  }
}
