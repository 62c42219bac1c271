import { availableParallelism } from "node:os";

/** How much goes on at once, and how much is asked of Cloudflare. */
export interface Limits {
  /** Stacks at once on this machine; default: its processors, as each runs an engine and its plugins. */
  readonly machine: number;
  /**
   * Stacks at once of one tenant; default 4. Graph grants an application at least 3500 units in 10 seconds, and a stack
   * takes about 50: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
   */
  readonly tenant: number;
  /** Stacks at once of one Cloudflare account; default 2. */
  readonly account: number;
  /**
   * Requests to Cloudflare in any five minutes with one token; default 1000. Cloudflare refuses every request for five
   * minutes after 1200: https://developers.cloudflare.com/fundamentals/api/reference/limits/
   */
  readonly requests: number;
}

export const DEFAULT_LIMITS: Limits = {
  machine: availableParallelism(),
  tenant: 4,
  account: 2,
  requests: 1000,
};

/** One thing to do, and what it takes. */
export interface Job<T> {
  readonly tenant: string;
  readonly account: string;
  /** Whose requests to Cloudflare count together. */
  readonly token: string;
  /** Requests to Cloudflare that it may take. */
  readonly requests: number;
  /** Must not throw. */
  run(): Promise<T>;
}

export interface Time {
  now(): number;
  /** Milliseconds. */
  wait(time: number): Promise<void>;
}

const SYSTEM: Time = { now: Date.now, wait: (time) => new Promise((done) => setTimeout(done, time)) };
const WINDOW = 5 * 60 * 1000;

/** Requests to Cloudflare that a job may have made since it began. */
export interface Spent {
  readonly token: string;
  readonly requests: number;
  /** As {@link Time} has it. */
  readonly at: number;
}

/**
 * Runs jobs in their order, each as soon as every limit lets it: what waits for one limit holds up no other.
 *
 * @param started what was spent before; what these jobs spend is put to it
 */
export async function runWithin<T>(
  jobs: readonly Job<T>[],
  limits: Limits = DEFAULT_LIMITS,
  time: Time = SYSTEM,
  started: Spent[] = [],
): Promise<T[]> {
  const results = new Map<Job<T>, T>();
  const waiting = [...jobs];
  const running = new Set<Job<T>>();
  const busy = (key: "tenant" | "account", job: Job<T>) =>
    [...running].filter((other) => other[key] === job[key]).length < limits[key];
  const spent = ({ token }: Job<T>) =>
    started.filter((one) => one.token === token && one.at > time.now() - WINDOW);
  // A job that alone asks for more than there is runs alone in its window.
  const affordable = (job: Job<T>) => {
    const others = spent(job);
    return others.length === 0 || sum(others) + job.requests <= limits.requests;
  };
  const mayStart = (job: Job<T>) => busy("tenant", job) && busy("account", job) && affordable(job);

  await new Promise<void>((done) => {
    let pausing = false;
    const step = () => {
      while (running.size < limits.machine) {
        const next = waiting.findIndex(mayStart);
        const [job] = next < 0 ? [] : waiting.splice(next, 1);
        if (!job) break;
        running.add(job);
        started.push({ token: job.token, requests: job.requests, at: time.now() });
        void job.run().then((result) => {
          results.set(job, result);
          running.delete(job);
          step();
        });
      }
      if (waiting.length + running.size === 0) return done();
      // Nothing that ends will make room: only time does.
      if (running.size > 0 || pausing) return;
      pausing = true;
      const free = Math.min(...waiting.flatMap(spent).map(({ at }) => at)) + WINDOW;
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
