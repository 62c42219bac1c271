import { availableParallelism } from "node:os";

/** Limits for concurrent jobs and for requests to Cloudflare. */
export interface FleetLimits {
  /** Concurrent stacks on this machine; default: its processors, as each stack runs an engine and its plugins. */
  readonly machine: number;
  /**
   * Concurrent stacks per tenant; default 4. Graph grants an application at least 3500 units in 10 seconds, and a stack
   * takes about 50: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
   */
  readonly tenant: number;
  /** Concurrent stacks per Cloudflare account; default 2. */
  readonly account: number;
  /**
   * Requests to Cloudflare per token in any five minutes; default 1000. After 1200, Cloudflare refuses every request for
   * five minutes: https://developers.cloudflare.com/fundamentals/api/reference/limits/
   */
  readonly requests: number;
}

export const DEFAULT_FLEET_LIMITS: FleetLimits = {
  machine: availableParallelism(),
  tenant: 4,
  account: 2,
  requests: 1000,
};

/** A job with its estimated load. */
export interface FleetJob<T> {
  readonly tenant: string;
  readonly account: string;
  /** The token that its requests to Cloudflare count against. */
  readonly token: string;
  /** The most requests to Cloudflare that it may make. */
  readonly requests: number;
  /**
   * The tenants in which it reads Conditional Access, of which Entra takes one request per second and tenant; such jobs
   * take turns. https://learn.microsoft.com/graph/throttling-limits#identity-protection-and-conditional-access-service-limits
   */
  readonly turns: readonly string[];
  /** Must not throw. */
  run(): Promise<T>;
}

export interface SchedulerClock {
  now(): number;
  /** Milliseconds. */
  wait(time: number): Promise<void>;
}

const SYSTEM: SchedulerClock = {
  now: Date.now,
  wait: (time) => new Promise((done) => setTimeout(done, time)),
};
const WINDOW = 5 * 60 * 1000;

/** The requests to Cloudflare that a started job may have made. */
export interface SpentRequests {
  readonly token: string;
  readonly requests: number;
  readonly at: number;
}

/**
 * Runs jobs in order, each as soon as all limits allow: a job that waits for one limit does not hold up the others.
 *
 * @param spent requests of earlier jobs; those of these jobs are added
 */
export async function runWithinLimits<T>(
  jobs: readonly FleetJob<T>[],
  limits: FleetLimits = DEFAULT_FLEET_LIMITS,
  time: SchedulerClock = SYSTEM,
  spent: SpentRequests[] = [],
): Promise<T[]> {
  const results = new Map<FleetJob<T>, T>();
  const waiting = [...jobs];
  const running = new Set<FleetJob<T>>();
  const hasRoom = (key: "tenant" | "account", job: FleetJob<T>) =>
    [...running].filter((other) => other[key] === job[key]).length < limits[key];
  const hasTurn = ({ turns }: FleetJob<T>) =>
    ![...running].some((other) => other.turns.some((tenant) => turns.includes(tenant)));
  const findSpent = ({ token }: FleetJob<T>) =>
    spent.filter((one) => one.token === token && one.at > time.now() - WINDOW);
  // A job that exceeds the limit on its own runs alone in its window.
  const isAffordable = (job: FleetJob<T>) => {
    const others = findSpent(job);
    return others.length === 0 || sum(others) + job.requests <= limits.requests;
  };
  const mayStart = (job: FleetJob<T>) =>
    hasRoom("tenant", job) && hasRoom("account", job) && hasTurn(job) && isAffordable(job);

  await new Promise<void>((done) => {
    let pausing = false;
    const step = () => {
      while (running.size < limits.machine) {
        const next = waiting.findIndex(mayStart);
        const [job] = next < 0 ? [] : waiting.splice(next, 1);
        if (!job) break;
        running.add(job);
        spent.push({ token: job.token, requests: job.requests, at: time.now() });
        void job.run().then((result) => {
          results.set(job, result);
          running.delete(job);
          step();
        });
      }
      if (waiting.length + running.size === 0) return done();
      // No running job can make room any more, only time.
      if (running.size > 0 || pausing) return;
      pausing = true;
      const free = Math.min(...waiting.flatMap(findSpent).map(({ at }) => at)) + WINDOW;
      void time.wait(Math.max(1, free - time.now())).then(() => {
        pausing = false;
        step();
      });
    };
    step();
  });
  return jobs.map((job) => results.get(job) as T);
}

const sum = (all: readonly { requests: number }[]) =>
  all.reduce((total, { requests }) => total + requests, 0);
