import { type FleetJob, type FleetLimits, runWithinLimits } from "../../../ops/fleet/schedule";

const WINDOW = 5 * 60 * 1000;
const roomy: FleetLimits = { machine: 100, tenant: 100, account: 100, requests: 1000 };

let now: number;
let running: Set<string>;
let begun: string[];
/** The most jobs that ran at once, per limit. */
let most: Record<string, number>;
let ends: Map<string, () => void>;
beforeEach(() => {
  now = 0;
  running = new Set();
  begun = [];
  most = {};
  ends = new Map();
});

const time = {
  now: () => now,
  wait: async (milliseconds: number) => {
    now += milliseconds;
  },
};

/** Creates a job that ends when `ends` is called. */
function job(
  name: string,
  { tenant = name, account = name, token = name, requests = 1, turns = [] as string[] } = {},
): FleetJob<string> {
  return {
    tenant,
    account,
    token,
    requests,
    turns,
    async run() {
      begun.push(name);
      running.add(name);
      for (const key of ["machine", `tenant ${tenant}`, `account ${account}`])
        most[key] = Math.max(most[key] ?? 0, key === "machine" ? running.size : countOf(key));
      await new Promise<void>((done) => ends.set(name, done));
      running.delete(name);
      return `${name} done`;
    },
  };
  function countOf(key: string): number {
    const [kind, value] = key.split(" ");
    return all.filter((one) => running.has(one.name) && one[kind as "tenant" | "account"] === value).length;
  }
}
let all: { name: string; tenant: string; account: string }[] = [];
function jobs(list: [name: string, tenant: string, account: string][]): FleetJob<string>[] {
  all = list.map(([name, tenant, account]) => ({ name, tenant, account }));
  return list.map(([name, tenant, account]) => job(name, { tenant, account }));
}
const settle = () => new Promise((done) => setImmediate(done));
async function endAll(): Promise<void> {
  for (let left = true; left; left = running.size > 0) {
    for (const name of [...running]) ends.get(name)?.();
    await settle();
  }
}

test("keeps all limits, and returns the results in the order of the jobs", async () => {
  const list = Array.from({ length: 40 }, (_, i): [string, string, string] => [
    `stack-${i}`,
    `t${i % 3}`,
    `a${i % 5}`,
  ]);
  const done = runWithinLimits(jobs(list), { ...roomy, machine: 4, tenant: 3, account: 1 }, time);
  await endAll();
  expect(await done).toEqual(list.map(([name]) => `${name} done`));
  expect(most.machine).toBe(4);
  for (const [key, count] of Object.entries(most)) {
    if (key.startsWith("tenant")) expect(count).toBeLessThanOrEqual(3);
    if (key.startsWith("account")) expect(count).toBe(1);
  }
});

test("a job that waits for its account does not hold up the others", async () => {
  const done = runWithinLimits(
    jobs([
      ["one", "t1", "a"],
      ["two", "t2", "a"],
      ["three", "t3", "b"],
    ]),
    { ...roomy, account: 1 },
    time,
  );
  expect(begun).toEqual(["one", "three"]);
  await endAll();
  await done;
  expect(begun).toEqual(["one", "three", "two"]);
});

test("counts requests to Cloudflare per token in advance, and waits five minutes when the limit is reached", async () => {
  const of = (name: string, token: string) => job(name, { token, requests: 400 });
  const list = [of("a1", "a"), of("a2", "a"), of("a3", "a"), of("b1", "b")];
  const done = runWithinLimits(list, roomy, time);
  expect(begun).toEqual(["a1", "a2", "b1"]);
  await endAll();
  // No job is running any more, so only time makes room.
  await settle();
  expect(begun).toEqual(["a1", "a2", "b1", "a3"]);
  expect(now).toBe(WINDOW);
  await endAll();
  await done;
});

test("counts the requests of earlier jobs", async () => {
  const spent = [{ token: "t", requests: 900, at: 0 }];
  const done = runWithinLimits([job("late", { token: "t", requests: 200 })], roomy, time, spent);
  expect(begun).toEqual([]);
  await settle();
  expect([begun, now]).toEqual([["late"], WINDOW]);
  await endAll();
  await done;
  expect(spent).toHaveLength(2);
});

test("runs a job that exceeds the limit on its own, without others", async () => {
  const done = runWithinLimits(
    [job("big", { token: "t", requests: 5000 }), job("small", { token: "t" })],
    roomy,
    time,
  );
  expect(begun).toEqual(["big"]);
  await endAll();
  await settle();
  await endAll();
  expect(await done).toEqual(["big done", "small done"]);
});

test("jobs with Conditional Access in one tenant take turns, and others need not wait", async () => {
  const list = [
    job("one", { turns: ["t"] }),
    job("both", { turns: ["t", "u"] }),
    job("other", { turns: ["u"] }),
    job("none"),
  ];
  const done = runWithinLimits(list, roomy, time);
  await settle();
  expect([...running]).toEqual(["one", "other", "none"]);
  ends.get("one")?.();
  await settle();
  expect([...running]).toEqual(["other", "none"]);
  ends.get("other")?.();
  await settle();
  expect([...running]).toEqual(["none", "both"]);
  await endAll();
  expect(await done).toEqual(["one done", "both done", "other done", "none done"]);
});
