import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../ops/errors";
import { bringUp } from "../../ops/recovery/bring-up";
import { knownFrom } from "../../ops/recovery/known";
import { askForRotation } from "../../ops/recovery/rotate";
import type { Stack } from "../../ops/stacks";
import { Progress } from "../../ops/terminal/progress";
import { type Checkpoint, checkpoint } from "../support/checkpoint";
import { copiesAtCloudflare, signIns } from "../support/clouds";
import { type Lab, told } from "../support/lab";
import { leaks } from "../support/leaks";
import { killEngine } from "../support/locks";
import { faultAt, type Operation, type Point, type Request, requestsIn } from "./points";

/** What came of a point. */
export interface Outcome {
  /** Whether the request came, and went wrong. */
  readonly struck: boolean;
  /** Whether the operation itself ended well all the same. */
  readonly survived: boolean;
  /** What is not as it should be after the next `up`; empty when it converged. */
  readonly problems: readonly string[];
}

/** Milliseconds of an operation, and of the `up` after it, on a busy machine; the engine is killed then. */
const LIMIT = 180_000;

const MARK = "entra-access:entra-access/test";

/** Where an operation starts. */
interface Base {
  readonly start: Checkpoint;
  readonly requests: readonly Request[];
}

/** A stack that is put back to where an operation starts, interrupted, and brought up again. */
export class Trials {
  /** Every client secret that Cloudflare or a state ever had. */
  private readonly secrets = new Set<string>();
  /** What was printed, thrown and logged. */
  private readonly said: unknown[] = [];
  private readonly leaked: string[] = [];
  private readonly progress = new Progress({ write: (text) => this.said.push(text) > 0 });

  private constructor(
    private readonly lab: Lab,
    private readonly stack: Stack,
    private readonly directory: string,
    private readonly bases: ReadonlyMap<Operation, Base>,
  ) {}

  /** Runs each operation once undisturbed, to learn what it asks of the clouds. */
  static async prepare(lab: Lab, directory: string, operations: readonly Operation[]): Promise<Trials> {
    const config = { "entra-access:protect": false };
    const stack = await lab.stack({
      directory,
      config,
      env: { STAND_IN_PATIENCE_MS: "1500" },
    });
    const bases = new Map<Operation, Base>();
    const trials = new Trials(lab, stack, directory, bases);
    for (const operation of ["up", ...operations.filter((other) => other !== "up")] as const) {
      if (operation === "rotate") await askForRotation(stack, "compromised");
      const start = checkpoint(lab, directory);
      const before = lab.twin.requests.length;
      await trials.run(operation);
      const requests = requestsIn(lab.twin.requests.slice(before));
      bases.set(operation, { start, requests });
      if (operation === "destroy") start.restore();
    }
    return trials;
  }

  /** The requests of an operation that was not disturbed. */
  requests(operation: Operation): readonly Request[] {
    return this.base(operation).requests;
  }

  async try(point: Point): Promise<Outcome> {
    const { twin } = this.lab;
    this.base(point.operation).start.restore();
    const { id } = twin.faults.add(faultAt(point));
    const running = this.limited(this.run(point.operation)).then(
      () => true,
      (error) => {
        this.said.push(describeError(error), error.causes, error.result);
        return false;
      },
    );
    if (point.effect === "kill")
      await Promise.race([twin.faults.waitUntilHeld(id).then(() => this.kill()), running]);
    const survived = await running;
    const struck = (twin.faults.list.find((fault) => fault.id === id)?.used ?? 0) > 0;
    twin.faults.clear();
    await this.note();
    const problems = await this.recover();
    await this.note();
    this.searchFiles();
    return { struck, survived, problems };
  }

  /** Where a secret stands in clear text, base64 or URL-encoded: in files left behind, in what was said and logged. */
  leaks(): { secrets: number; places: string[] } {
    const others = leaks({ files: this.lab.files(), said: this.said }, [...this.secrets]);
    return { secrets: this.secrets.size, places: [...this.leaked, ...others] };
  }

  /** Every version of the state that a trial left, with its history and backups: the next trial starts without them. */
  private searchFiles(): void {
    const all = readdirSync(this.directory, { recursive: true, withFileTypes: true });
    const paths = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const files = Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));
    this.leaked.push(...leaks(files, [...this.secrets]));
  }

  private async note(): Promise<void> {
    for (const { clientSecret } of copiesAtCloudflare(this.lab.twin)) this.secrets.add(clientSecret);
    const { deployment } = await this.stack.export({ secrets: true });
    for (const { outputs } of knownFrom({ version: 3, deployment }).credentials)
      if (outputs?.value) this.secrets.add(String(outputs.value));
    this.said.push(this.lab.twin.requests.map((request) => JSON.stringify(request)).join("\n"));
  }

  close(): void {
    for (const { start } of this.bases.values()) start.discard();
  }

  private async run(operation: Operation): Promise<void> {
    if (operation === "destroy") await this.stack.destroy();
    else this.said.push(await bringUp(this.stack, { progress: this.progress }));
  }

  private async recover(): Promise<string[]> {
    try {
      this.said.push(await this.limited(bringUp(this.stack, { progress: this.progress })));
      return [...(await this.leftOver()), ...(await this.differences())];
    } catch (error) {
      return [describeError(error)];
    }
  }

  private async limited<T>(running: Promise<T>): Promise<T> {
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

  private async differences(): Promise<string[]> {
    const { changes } = await this.limited(this.stack.preview());
    return told(changes).map((change) => `preview: ${change}`);
  }

  /** Everything of which there is not exactly one, and a secret at Cloudflare that Entra does not take. */
  private async leftOver(): Promise<string[]> {
    const { graph, cloudflare, accountId } = await this.lab.administrator();
    const { value: all } = await graph.api("/applications").get();
    const applications = all.filter(({ tags }: { tags: string[] }) => tags.includes(MARK));
    const { value: consents } = await graph.api("/oauth2PermissionGrants").get();
    const { result } = await cloudflare.zeroTrust.identityProviders.list({ account_id: accountId });
    const counted = {
      applications,
      credentials: applications.flatMap((app: { passwordCredentials: unknown[] }) => app.passwordCredentials),
      consents,
      "identity providers": result,
    };
    const counts = Object.entries(counted).filter(([, found]) => found.length !== 1);
    const answers = await signIns(this.lab.twin);
    return [
      ...counts.map(([kind, found]) => `${found.length} ${kind}`),
      ...(answers.join() === "200" ? [] : [`sign-in: ${answers.join() || "no identity provider"}`]),
    ];
  }

  /** The engine as a power cut would end it; the request that was made for it took effect. */
  private kill(): void {
    killEngine(this.directory);
    // Without an engine, it is this program that waits.
    this.lab.twin.faults.release();
  }

  private base(operation: Operation): Base {
    const base = this.bases.get(operation);
    if (!base) throw new Error(`${operation} was not prepared`);
    return base;
  }
}
