import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { UserError } from "../../errors";
import type { ConfigValues } from "../../stacks";
import { extractCauses } from "../../stacks/causes";
import { readProjectSetting } from "../../stacks/project-setting";
import { createPulumiCommand } from "../../stacks/pulumi-command";
import { extractStderr } from "../../stacks/run";
import type { Engine } from "../../tools/engine";
import { type Target, targetOf } from "../stack/look";

/** A stack as its project's folder and backend show it, before anybody opens it. */
export interface Listed {
  readonly name: string;
  readonly current: boolean;
  readonly target: Target;
  /** Whose requests to Cloudflare count together: a token of its own, or the environment's. */
  readonly token: string;
  /** How many Access groups, policies and applications its settings have. */
  readonly rules: number;
  /** Who has it right now. */
  readonly lock?: string;
}

/** All stacks of a project, those without readable settings too. */
export async function stacksOf(options: {
  projectFolder: string;
  engine: Engine;
  env: Readonly<Record<string, string>>;
}): Promise<Listed[]> {
  const { projectFolder: workDir, engine, env: envVars } = options;
  const pulumiCommand = createPulumiCommand(engine);
  const workspace = await LocalWorkspace.create({ workDir, pulumiCommand, envVars });
  try {
    const [{ name: project }, { url }] = [await workspace.projectSettings(), await workspace.whoAmI()];
    return await Promise.all(
      (await workspace.listStacks()).map(async ({ name, current, updateInProgress }) => {
        const { config = {} } = await workspace.stackSettings(name).catch(() => ({ config: {} }));
        const lock = lockOf(url ?? "", project, name) ?? (updateInProgress ? "another update" : undefined);
        return { name, current: current === true, ...needsOf(config), ...(lock ? { lock } : {}) };
      }),
    );
  } catch (error) {
    const [cause] = extractCauses([extractStderr(error as Error)]);
    throw new UserError(`the stacks of ${workDir} could not be listed: ${cause}`);
  }
}

function needsOf(config: ConfigValues): Pick<Listed, "target" | "token" | "rules"> {
  const access = (readProjectSetting(config, "access") ?? {}) as Readonly<Record<string, object>>;
  const counts = Object.values(access).map((of) => Object.keys(of).length);
  return {
    target: targetOf(config),
    token: JSON.stringify(config["cloudflare:apiToken"] ?? "of the environment"),
    rules: counts.reduce((sum, count) => sum + count, 0),
  };
}

/**
 * The stacks that are meant: all, the named ones, or the one that `pulumi stack select` chose.
 *
 * @throws UserError where there is no such stack
 */
export function choose(all: readonly Listed[], wanted: readonly string[] | "all" | undefined): Listed[] {
  if (wanted === "all") return [...all];
  if (wanted === undefined) {
    const current = all.filter((stack) => stack.current);
    if (current.length > 0) return current;
    throw new UserError("no stack is selected", ["Name one, or use --all: pulumi stack ls lists them."]);
  }
  return wanted.map((name) => {
    const found = all.find((stack) => stack.name === name);
    if (!found)
      throw new UserError(`there is no stack ${name}`, ["pulumi stack ls lists the stacks there are."]);
    return found;
  });
}

/** What a task takes of the clouds. A preview reads each of Cloudflare's resources up to three times, and an `up` as often again. */
export function needs({ name, target, token, rules }: Listed, task: "look" | "repair" | "preview" | "owned") {
  const { tenantId: tenant = name, accountId: account = name } = target;
  return {
    tenant,
    account,
    token,
    requests: { look: 1, preview: 1, repair: 2, owned: 0 }[task] * (6 + 3 * rules),
  };
}

/**
 * The same for a look at an account: seven lists, of which each page has 25 and an empty one comes last, and up to five
 * pages of the audit log.
 */
export function needsOfAccount(all: readonly Listed[], name: string, account: string) {
  const here = all.filter(({ target }) => target.accountId === account);
  const rules = here.reduce((sum, stack) => sum + stack.rules, here.length);
  const { token = name } = here.find((stack) => stack.name === name) ?? {};
  return { tenant: `account ${account}`, account, token, requests: 20 + Math.ceil(rules / 25) };
}

/**
 * A preview takes no lock and passes by those of others. Where the backend is a folder the lock is a file in it; Pulumi
 * Cloud tells of it in the list of stacks; the other backends tell nobody.
 */
function lockOf(backend: string, project: string, stack: string): string | undefined {
  if (!backend.startsWith("file://")) return undefined;
  try {
    const folder = join(fileURLToPath(backend), ".pulumi/locks/organization", project, stack);
    const [name] = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.endsWith(".attrs"));
    if (name === undefined) return undefined;
    const { username, hostname, pid, timestamp } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return `${username}@${hostname} (pid ${pid}) since ${timestamp}`;
  } catch {
    return undefined;
  }
}
