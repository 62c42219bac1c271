import { type Measurement, renderGrowth } from "../../bench/operations/table";

const measure = (title: string, stacks: number, cpu: number, isPlain = false): Measurement => ({
  title,
  group: stacks === 1 ? "one stack" : "fleet",
  stacks,
  isPlain,
  rounds: 1,
  cpuSecondsOfRounds: [cpu],
  figures: {
    cpu,
    wall: 0,
    node: 0,
    engine: 0,
    plugins: 0,
    peakMegabytes: 0,
    processes: 0,
    graph: 0,
    cloudflare: 0,
  },
});

test("what each further stack takes leaves out what is once per command", () => {
  const drift = [measure("drift", 10, 9), measure("drift", 50, 29), measure("drift", 200, 119)];
  expect(renderGrowth([measure("drift", 1, 4), measure("a loop", 10, 30, true), ...drift])).toBe(
    "CPU seconds of each further stack of drift: 0.50 from 10 to 50, 0.60 from 50 to 200.\n",
  );
});

test("one size says nothing of further stacks", () => {
  expect(renderGrowth([measure("drift", 10, 9)])).toBe("");
});
