import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The time and memory that a command took, with all processes that it started. */
export interface Consumption {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** The largest sum of the resident memory of processes at the same time; shared pages count for each. */
  readonly peakMegabytes: number;
  readonly processes: number;
  /** CPU seconds by the role of a process, from samples: what a process does in its last moments is missing. */
  readonly roles: Readonly<Record<Role, number>>;
  readonly exitCode: number;
  readonly output: string;
}

export type Role = "engine" | "plugins" | "node";

/** Linux counts in hundredths of a second, whatever the machine: `getconf CLK_TCK`. */
const TICKS = 100;
const PAGE = 4096;
const SAMPLE_MS = 50;

/** Runs a command and measures its process tree; at most one at a time, on Linux. */
export async function measureCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Consumption> {
  const before = readReapedTicks();
  const began = performance.now();
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const seen = new Map<number, { role: Role; ticks: number }>();
  let peak = 0;
  const sample = () => {
    const tree = listTree(child);
    for (const { pid, role, ticks } of tree)
      seen.set(pid, { role: role ?? seen.get(pid)?.role ?? "node", ticks });
    peak = Math.max(
      peak,
      tree.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  };
  const timer = setInterval(sample, SAMPLE_MS);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? -1));
  }).finally(() => clearInterval(timer));
  const roles = { engine: 0, plugins: 0, node: 0 };
  for (const { role, ticks } of seen.values()) roles[role] += ticks / TICKS;
  return {
    wallSeconds: (performance.now() - began) / 1000,
    // The kernel adds a process to its parent when it is waited for, so this one has the whole tree in the end.
    cpuSeconds: (readReapedTicks() - before) / TICKS,
    peakMegabytes: peak / 1e6,
    processes: seen.size,
    roles,
    exitCode,
    output,
  };
}

/** The fields of /proc/<pid>/stat behind the name, which may contain spaces: `man 5 proc`, from field 3 on. */
function readStat(pid: number | "self"): number[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
}

/** Reads the time of all descendants that have ended: `cutime` and `cstime`. */
function readReapedTicks(): number {
  const stat = readStat("self");
  return (stat[13] ?? 0) + (stat[14] ?? 0);
}

function listTree(root: ChildProcess) {
  const parents = new Map<number, number[]>();
  const stats = new Map<number, number[]>();
  for (const pid of readdirSync("/proc").map(Number).filter(Boolean)) {
    try {
      const stat = readStat(pid);
      stats.set(pid, stat);
      const parent = stat[1] ?? 0;
      parents.set(parent, [...(parents.get(parent) ?? []), pid]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const tree: number[] = root.pid !== undefined && stats.has(root.pid) ? [root.pid] : [];
  for (const pid of tree) tree.push(...(parents.get(pid) ?? []));
  return tree.map((pid) => {
    const stat = stats.get(pid) ?? [];
    const ticks = (stat[11] ?? 0) + (stat[12] ?? 0);
    return { pid, role: findRole(pid), ticks, bytes: (stat[21] ?? 0) * PAGE };
  });
}

/** @returns undefined once the process has ended, when it has no command line any more */
function findRole(pid: number): Role | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (/pulumi-resource-|\/stand-ins\//.test(command)) return "plugins";
    if (/^([^\0]*\/)?pulumi\0/.test(command)) return "engine";
    return command === "" ? undefined : "node";
  } catch {
    return undefined;
  }
}
