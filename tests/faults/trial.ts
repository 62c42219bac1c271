import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../ops/errors";
import { requestRotation } from "../../ops/recovery/client-secrets/rotate";
import { deployStack } from "../../ops/recovery/deploy";
import { readTenantState } from "../../ops/recovery/tenant-state";
import type { ConfigValues, Stack } from "../../ops/stacks";
import { Progress } from "../../ops/terminal/progress";
import { contoso, fabrikam, type Seed } from "../../twin/index";
import { type Checkpoint, createCheckpoint } from "../support/checkpoint";
import { checkSignIns, listCloudflareCopies } from "../support/clouds";
import { type EngineFixture, formatChanges } from "../support/engine-fixture";
import { findLeaks } from "../support/leaks";
import { watchForLeftovers } from "../support/leftovers";
import { killEngine } from "../support/locks";
import { changedAccess, wholeConfig, wholeSeed } from "../support/whole-stack";
import {
  createFault,
  type InterruptedOperation,
  listRequests,
  type Point,
  type PointRequest,
} from "./points";

const MARK = "entra-access:entra-access/test";

/** The outcome of a point. */
export interface Outcome {
  /** True if the request occurred and the fault affected it. */
  readonly struck: boolean;
  /** True if the operation succeeded nevertheless. */
  readonly survived: boolean;
  /** Problems after the next `up`; empty when it converged. */
  readonly problems: readonly string[];
}

/** Time limit in milliseconds of an operation, and of the `up` after it, after which the engine is killed. */
const LIMIT = 180_000;

/** The stack that is interrupted. */
export interface TrialSettings {
  readonly seed: Seed;
  readonly config: ConfigValues;
  /** The config that the operation "update" deploys. Default: the same. */
  readonly changed?: ConfigValues;
  /** Number of tenants, each with an application and a client secret. */
  readonly tenants: number;
}

/** A stack without access rules. */
export const CORE_STACK: TrialSettings = {
  seed: wholeSeed,
  config: { "entra-access:protect": false },
  tenants: 1,
};

const managedScim = { "entra-access:identityProvider": { scim: { enabled: true, provisioning: "managed" } } };

/** A stack with every type of resource. */
export const WHOLE_STACK: TrialSettings = {
  seed: wholeSeed,
  config: { ...wholeConfig(), ...managedScim },
  changed: { ...wholeConfig(changedAccess), ...managedScim },
  tenants: 2,
};

/** The state before an operation. */
interface StartingPoint {
  readonly start: Checkpoint;
  readonly requests: readonly PointRequest[];
}

/** Runs trials: restores a stack to the start of an operation, interrupts the operation, and deploys again. */
export class Trials {
  /** The client secrets that Cloudflare or a state has had in this trial. */
  private readonly secrets = new Set<string>();
  /** Those of all trials, to count them. */
  private readonly allSecrets = new Set<string>();
  /** Everything that was printed, thrown and logged in this trial. */
  private readonly outputs: unknown[] = [];
  private readonly leaked: string[] = [];
  private readonly progress = new Progress({ write: (text) => this.outputs.push(text) > 0 });

  private constructor(
    private readonly lab: EngineFixture,
    private readonly stack: Stack,
    private readonly directory: string,
    private readonly bases: ReadonlyMap<InterruptedOperation, StartingPoint>,
    private readonly tenants: number,
    private readonly findLeftovers: (stack: Stack) => Promise<string[]>,
  ) {}

  /** Runs each operation once without a fault, to record its requests. */
  static async prepare(
    lab: EngineFixture,
    directory: string,
    operations: readonly InterruptedOperation[],
    { seed, config, changed = config, tenants }: TrialSettings,
  ): Promise<Trials> {
    lab.twin.reset(seed);
    const stack = await lab.stack({
      directory,
      config,
      checkpoints: true,
      env: { STAND_IN_PATIENCE_MS: "1500" },
    });
    const bases = new Map<InterruptedOperation, StartingPoint>();
    const findLeftovers = await watchForLeftovers(lab);
    const trials = new Trials(lab, stack, directory, bases, tenants, findLeftovers);
    for (const operation of ["up", ...operations.filter((other) => other !== "up")] as const) {
      if (operation === "update") await stack.configure(changed);
      if (operation === "rotate") await requestRotation(stack, "compromised");
      const start = createCheckpoint(lab, directory);
      const before = lab.twin.requests.length;
      await trials.run(operation);
      const requests = listRequests(lab.twin.requests.slice(before));
      bases.set(operation, { start, requests });
      if (operation === "destroy") start.restore();
    }
    return trials;
  }

  /** Returns the requests of an operation without a fault. */
  requests(operation: InterruptedOperation): readonly PointRequest[] {
    return this.getBase(operation).requests;
  }

  async try(point: Point): Promise<Outcome> {
    const { twin } = this.lab;
    this.getBase(point.operation).start.restore();
    const { id } = twin.faults.add(createFault(point));
    const running = this.runLimited(this.run(point.operation)).then(
      () => true,
      (error) => {
        this.outputs.push(describeError(error), error.causes, error.result);
        return false;
      },
    );
    if (point.effect === "kill")
      await twin.faults.waitUntilHeld(id, running).then(
        () => this.kill(),
        () => {},
      );
    const survived = await running;
    const struck = (twin.faults.list.find((fault) => fault.id === id)?.used ?? 0) > 0;
    twin.faults.clear();
    await this.recordSecrets();
    const problems = await this.recover();
    await this.recordSecrets();
    this.searchTrial();
    return { struck, survived, problems };
  }

  /** Finds secrets in clear text, base64 or URL-encoded in files, outputs and logs. */
  leaks(): { secrets: number; places: string[] } {
    const others = findLeaks(this.lab.files(), [...this.secrets]);
    return { secrets: this.allSecrets.size, places: [...this.leaked, ...others] };
  }

  /** Searches the state of a trial with its history and backups, and its outputs, before the next trial removes them. */
  private searchTrial(): void {
    const all = readdirSync(this.directory, { recursive: true, withFileTypes: true });
    const paths = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const files = Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));
    this.leaked.push(...findLeaks({ files, said: this.outputs }, [...this.secrets]));
    for (const secret of this.secrets) this.allSecrets.add(secret);
    this.secrets.clear();
    this.outputs.length = 0;
  }

  private async recordSecrets(): Promise<void> {
    for (const { clientSecret } of listCloudflareCopies(this.lab.twin)) this.secrets.add(clientSecret);
    const { deployment } = await this.stack.export({ secrets: true });
    for (const { outputs } of readTenantState({ version: 3, deployment }).clientSecrets)
      if (outputs?.value) this.secrets.add(String(outputs.value));
    this.outputs.push(this.lab.twin.requests.map((request) => JSON.stringify(request)).join("\n"));
  }

  close(): void {
    for (const { start } of this.bases.values()) start.discard();
  }

  private async run(operation: InterruptedOperation): Promise<void> {
    if (operation === "destroy") await this.stack.destroy();
    else this.outputs.push(await deployStack(this.stack, { progress: this.progress }));
  }

  private async recover(): Promise<string[]> {
    try {
      this.outputs.push(await this.runLimited(deployStack(this.stack, { progress: this.progress })));
      return [...(await this.findProblems()), ...(await this.previewChanges())];
    } catch (error) {
      return [describeError(error)];
    }
  }

  private async runLimited<T>(running: Promise<T>): Promise<T> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.kill();
    }, LIMIT);
    try {
      return await running;
    } catch (error) {
      throw isLate ? new Error(`did not end within ${LIMIT / 1000} s`, { cause: error }) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async previewChanges(): Promise<string[]> {
    const { changes } = await this.runLimited(this.stack.preview());
    return formatChanges(changes).map((change) => `preview: ${change}`);
  }

  /** Finds objects that no state has, superfluous client secrets, and a secret at Cloudflare that Entra does not accept. */
  private async findProblems(): Promise<string[]> {
    const leftovers = await this.findLeftovers(this.stack);
    const organizations = [contoso, fabrikam].slice(0, this.tenants);
    const secrets = organizations.map(async (of) => {
      const { graph } = await this.lab.administrator(of);
      const { value } = await graph.api("/applications").get();
      const own = value.filter(({ tags }: { tags: string[] }) => tags.includes(MARK));
      return own.flatMap((app: { passwordCredentials: unknown[] }) => app.passwordCredentials).length;
    });
    const counts = await Promise.all(secrets);
    const answers = await checkSignIns(this.lab.twin);
    return [
      ...leftovers.map((object) => `left behind: ${object}`),
      ...counts.filter((count) => count !== 1).map((count) => `left behind: ${count} client secrets`),
      ...(answers.join() === organizations.map(() => "200").join()
        ? []
        : [`sign-in: ${answers.join() || "no identity provider"}`]),
    ];
  }

  /** Kills the engine like a power cut; its pending request takes effect. */
  private kill(): void {
    killEngine(this.directory);
    // Without an engine, only this program waits for the held request.
    this.lab.twin.faults.release();
  }

  private getBase(operation: InterruptedOperation): StartingPoint {
    const base = this.bases.get(operation);
    if (!base) throw new Error(`${operation} was not prepared`);
    return base;
  }
}
