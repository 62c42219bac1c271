import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { ProgramContext } from "../../clouds/token-probe";
import program from "../../index";
import type { Clouds } from "../../ops/clients/clouds";
import {
  type ConfigValues,
  Stack,
  StackError,
  type StackOperation,
  type StackOptions,
} from "../../ops/stacks";
import { buildProviderEnvironment } from "../../ops/stacks/environment";
import type { ResourceChange } from "../../ops/stacks/run/changes";
import { findEngine } from "../../ops/tools/engine";
import { type AttachedStandIns, attachStandIns } from "../../stand-ins/attach";
import type { HttpAnswer, HttpExchange } from "../../stand-ins/bridge/http";
import { installStandIns } from "../../stand-ins/install";
import { contoso, startTwin, type Twin } from "../../twin/index";
import type { Seed } from "../../twin/seed/seed";
import { connectAdministrator, type Organization } from "./administrator";
import { startKeyService } from "./key-service";
import { writeNewStack } from "./new-stack";

export type { Organization } from "./administrator";

/** A twin, and stacks of the real engine that deploy to it. */
export interface EngineFixture {
  readonly twin: Twin;
  /** Folder of everything that the fixture and its stacks write; removed on close. */
  readonly folder: string;
  /** A Pulumi home with the stand-in plugins, which are installed on first use. */
  readonly pulumiHome: string;
  /** Creates a stack of an organization, signed in as its deployer, with its own state, so names may repeat. */
  stack(setup?: StackSetup): Promise<Stack>;
  /** Runs such a stack once, which has to fail. @returns how */
  failure(operation: StackOperation, setup?: StackSetup): Promise<RunFailure>;
  /** Both clouds as the organization's administrator, who may change everything by hand. */
  administrator(of?: Organization): Promise<Clouds>;
  /** Reads all files that the stacks left, by path: states with history, copies of settings, the plugins' home. */
  files(): Record<string, string>;
  close(): Promise<void>;
}

/** Changes to the default stack, `test` of Contoso without settings except its target. */
export interface StackSetup extends Partial<StackOptions> {
  of?: Organization;
  /** The program of another copy of the project. Default: that of this repository. */
  index?: typeof program;
  /** The program's clock and waiting. Default: the twin's time, which advances when the program waits. */
  context?: Pick<ProgramContext, "now" | "wait">;
  /** Runs after each request of the stand-ins, which wait for it. */
  afterEachRequest?: () => Promise<unknown>;
  /** Runs in place of each request of the stand-ins, and sends it or answers it. Default: sends it. */
  intercept?: (exchange: HttpExchange, send: () => Promise<HttpAnswer>) => Promise<HttpAnswer>;
  /**
   * Makes the engine write the state at each step, as it does for users, for tests that kill it. Default: once at the
   * end, which takes a sixth of its time less.
   */
  checkpoints?: boolean;
  /** Lets the engine start the plugins instead of using those of this process, to kill them with it. Default: false. */
  ownPlugins?: boolean;
}

/** A failed run. */
export interface RunFailure extends Pick<StackError, "message" | "causes" | "result"> {
  /** Reads the state after the failure. */
  state(): Promise<{ resources?: { urn: string }[] }>;
}

/** Timeout of a few runs of the engine on a busy machine. */
export const engineTimeout = 600_000;

/**
 * Starts a fixture before the tests of a file, which may run the engine a few times each, and closes it after them.
 *
 * @param seed what the twin holds. Default: its own seed
 */
export function useEngineFixture(seed?: Seed): EngineFixture {
  jest.setTimeout(engineTimeout);
  const fixture = {} as EngineFixture;
  beforeAll(async () => {
    Object.defineProperties(fixture, Object.getOwnPropertyDescriptors(await startEngineFixture()));
    if (seed) fixture.twin.reset(seed);
  });
  afterAll(() => fixture.close());
  return fixture;
}

/** Starts a fixture. Its time only passes when a test moves the clock or something waits. */
export async function startEngineFixture(): Promise<EngineFixture> {
  const directory = mkdtempSync(join(tmpdir(), "entra-access-lab-"));
  const home = join(directory, "pulumi");
  const withPlugins = () => {
    installStandIns(home);
    return home;
  };
  const engine = await findEngine();
  const keyService = await startKeyService();
  const attached: AttachedStandIns[] = [];
  const twin = await startTwin({ frozen: true });
  const wait = async (milliseconds: number) => twin.clock.advance(milliseconds / 1000);
  let stacks = 0;
  const options = async ({
    of = contoso,
    config,
    context,
    index = program,
    program: given,
    afterEachRequest = async () => {},
    intercept = (_exchange, send) => send(),
    checkpoints = false,
    ownPlugins = false,
    ...others
  }: StackSetup): Promise<StackOptions> => {
    stacks += 1;
    const { appId: clientId, secret: clientSecret } = of.deployer;
    const { tenantId } = of;
    const deployer = { tenantId, clientId, clientSecret, apiToken: of.tokens.deployer.value };
    const forPlugins = { ...buildProviderEnvironment(twin, deployer), ...others.env };
    const standIns = ownPlugins
      ? undefined
      : await attachStandIns(forPlugins, ({ send }) => ({
          wait,
          async send(exchange) {
            const answer = await intercept(exchange, () => send(exchange));
            await afterEachRequest();
            return answer;
          },
        }));
    if (standIns) attached.push(standIns);
    const atTheEnd = checkpoints ? {} : { PULUMI_SKIP_CHECKPOINTS: "true" };
    const env = { ...atTheEnd, ...keyService.env, ...forPlugins, ...standIns?.env };
    const chosen = {
      engine,
      name: "test",
      config: { ...target(of), ...config },
      directory: join(directory, `stack-${stacks}`),
      pulumiHome: ownPlugins ? withPlugins() : home,
      program: given ?? (() => index({ now: () => twin.clock.now(), wait, ...context, env })),
      ...others,
      env,
    };
    const [state, project] = ["state", "project"].map((part) => join(chosen.directory, part));
    const isInFolder = !("PULUMI_BACKEND_URL" in env) && !chosen.projectFolder;
    if (state && project && isInFolder && chosen.passphrase === undefined && !existsSync(state))
      writeNewStack(state, project, chosen.name);
    return chosen;
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
    administrator: (of) => connectAdministrator(twin, of),
    files() {
      const all = readdirSync(directory, { recursive: true, withFileTypes: true });
      const paths = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return Object.fromEntries(paths.map((path) => [relative(directory, path), readFileSync(path, "utf8")]));
    },
    async close() {
      for (const standIns of attached) standIns.close();
      await keyService.close();
      await twin.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function target({ tenantId, accountId, teamName }: Organization): ConfigValues {
  return {
    "entra-access:tenantId": tenantId,
    "entra-access:accountId": accountId,
    "entra-access:teamName": teamName,
  };
}

/**
 * Sets the twin's clock to the system's time, which the engine writes into the state and `drift` uses for Cloudflare's
 * audit log: later changes then come after the last update and before the next check.
 */
export function setClockToNow({ twin }: EngineFixture): void {
  twin.clock.set(new Date());
}

/** The changes as short lines, sorted: "update entra-application web.redirectUris[0]". */
export function formatChanges(changes: readonly ResourceChange[]): string[] {
  return changes
    .map(({ op, name, properties }) => [op, name, ...properties.map(({ path }) => path).sort()].join(" "))
    .sort();
}
