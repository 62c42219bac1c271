import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import program from "../../index";
import { cloudflareClient } from "../../ops/clients/cloudflare";
import type { Clouds } from "../../ops/clients/clouds";
import { graphClient } from "../../ops/clients/entra";
import { type Operation, Stack, type StackConfig, StackError, type StackOptions } from "../../ops/stacks";
import { providerEnvironment } from "../../ops/stacks/environment";
import type { Change } from "../../ops/stacks/plan";
import { findEngine } from "../../ops/tools/engine";
import type { ProgramContext } from "../../token-probe";
import { contoso, installStandIns, startTwin, type Twin } from "../../twin/index";
import { type Attached, attachStandIns } from "../../twin/providers/attach";

export type Organization = typeof contoso;

/** The twin, and stacks of the real engine on it. */
export interface Lab {
  readonly twin: Twin;
  /** Everything that the lab and its stacks write; gone when it closes. */
  readonly folder: string;
  /** A Pulumi home with the stand-in plugins, put there when it is asked for. */
  readonly pulumiHome: string;
  /** A stack of this organization, signed in as its deployer; state of its own, so that names may repeat. */
  stack(setup?: StackSetup): Promise<Stack>;
  /** Runs such a stack once, which has to fail. @returns how */
  failure(operation: Operation, setup?: StackSetup): Promise<Failure>;
  /** Both clouds as the organization's administrator, who may change everything by hand. */
  administrator(of?: Organization): Promise<Clouds>;
  /** All files that the stacks left behind, by path: states and their histories, copies of settings, the plugins' home. */
  files(): Record<string, string>;
  close(): Promise<void>;
}

/** What differs from a stack `test` of Contoso with no settings but its target. */
export interface StackSetup extends Partial<StackOptions> {
  of?: Organization;
  /** The program's clock, and how it waits. Default: the twin's time, which passes where the program waits. */
  context?: Pick<ProgramContext, "now" | "wait">;
  /** Runs between any two requests of the stand-ins to the clouds, which wait for it. */
  afterEachRequest?: () => Promise<unknown>;
  /** The engine starts the plugins, in place of finding them in this process: to kill them with it. Default: false. */
  ownPlugins?: boolean;
}

/** How a run failed. */
export interface Failure extends Pick<StackError, "message" | "causes" | "result"> {
  /** The state that it left. */
  state(): Promise<{ resources?: { urn: string }[] }>;
}

/** Long enough for a few runs of the engine on a busy machine. */
export const engineTimeout = 600_000;

/** Starts a lab for one test file. Its time passes only where a test moves it, or something waits. */
export async function startLab(): Promise<Lab> {
  const directory = mkdtempSync(join(tmpdir(), "entra-access-lab-"));
  const home = join(directory, "pulumi");
  const withPlugins = () => {
    installStandIns(home);
    return home;
  };
  const engine = await findEngine();
  const attached: Attached[] = [];
  const twin = await startTwin({ frozen: true });
  const wait = async (milliseconds: number) => twin.clock.advance(milliseconds / 1000);
  let stacks = 0;
  const options = async ({
    of = contoso,
    config,
    context,
    program: given,
    afterEachRequest = async () => {},
    ownPlugins = false,
    ...others
  }: StackSetup): Promise<StackOptions> => {
    stacks += 1;
    const { appId: clientId, secret: clientSecret } = of.deployer;
    const { tenantId } = of;
    const deployer = { tenantId, clientId, clientSecret, apiToken: of.tokens.deployer.value };
    const forPlugins = { ...providerEnvironment(twin, deployer), ...others.env };
    const standIns = ownPlugins
      ? undefined
      : await attachStandIns(forPlugins, ({ send }) => ({
          wait,
          async send(exchange) {
            const answer = await send(exchange);
            await afterEachRequest();
            return answer;
          },
        }));
    if (standIns) attached.push(standIns);
    const env = { ...forPlugins, ...standIns?.env };
    return {
      engine,
      name: "test",
      config: { ...target(of), ...config },
      directory: join(directory, `stack-${stacks}`),
      pulumiHome: ownPlugins ? withPlugins() : home,
      passphrase: "passphrase",
      program: given ?? (() => program({ now: () => twin.clock.now(), wait, ...context, env })),
      ...others,
      env,
    };
  };
  return {
    twin,
    folder: directory,
    get pulumiHome() {
      return withPlugins();
    },
    stack: async (setup = {}) => Stack.open(await options(setup)),
    async failure(operation, setup = {}) {
      const stack = await Stack.open(await options(setup));
      const error = await stack[operation]().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof StackError)) throw new Error(`expected a failed run, got ${error ?? "success"}`);
      const { message, causes, result } = error;
      return { message, causes, result, state: async () => (await stack.export()).deployment };
    },
    async administrator(of = contoso) {
      const { appId: clientId, secret: clientSecret } = of.administrator;
      return {
        graph: await graphClient({ ...twin, tenantId: of.tenantId, clientId, clientSecret }),
        cloudflare: cloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: of.tokens.deployer.value }),
        accountId: of.accountId,
      };
    },
    files() {
      const all = readdirSync(directory, { recursive: true, withFileTypes: true });
      const paths = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return Object.fromEntries(paths.map((path) => [relative(directory, path), readFileSync(path, "utf8")]));
    },
    async close() {
      for (const standIns of attached) standIns.close();
      await twin.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function target({ tenantId, accountId, teamName }: Organization): StackConfig {
  return {
    "entra-access:tenantId": tenantId,
    "entra-access:accountId": accountId,
    "entra-access:teamName": teamName,
  };
}

/**
 * Sets the twin's time to the system's, which the engine writes into the state and `drift` asks Cloudflare's audit log by:
 * a change from now on comes after the last update and before the next look.
 */
export function afterTheUpdate({ twin }: Lab): void {
  twin.clock.set(new Date());
}

/** The changes as short lines, sorted: "update entra-application web.redirectUris[0]". */
export function told(changes: readonly Change[]): string[] {
  return changes
    .map(({ op, name, properties }) => [op, name, ...properties.map(({ path }) => path).sort()].join(" "))
    .sort();
}
