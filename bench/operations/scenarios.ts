import { join } from "node:path";
import { PROJECT_FOLDER } from "../../ops/stacks";

/** Work that is measured; works of one group are run in turn, so that a busy machine slows all of them. */
export interface Work {
  readonly title: string;
  readonly group: "help" | "one stack" | "fleet";
  readonly command: readonly [program: string, ...args: string[]];
  /** The number of stacks that it works on. */
  readonly stacks: number;
  /** The number of stacks that there are; default: those that it works on. */
  readonly fleet?: number;
  /** Expected; anything else ends the measurement. Default: 0. */
  readonly exitCode?: number;
  /** True for the work that the others of its group with the same plugins are compared with. */
  readonly isPlain?: boolean;
  /** The Pulumi home with the plugins. Default: that with stand-ins. */
  readonly pulumiHome?: string;
}

const HELP = "new-stack up rotate adopt verify preview stacks drift report doctor local twin engine".split(
  " ",
);
const PROGRAM = join(PROJECT_FOLDER, "ops/entra-access.mjs");
const PLAIN = ["-r", "ts-node/register", join(__dirname, "plain-preview.ts")];
const NODE = process.execPath;

/** Lists the works that need no stack: the help of every command, and a wrong argument. */
export function listHelpWorks(): Work[] {
  const all = [[], ...HELP.map((command) => [command])];
  const help = all.map((command): Work => {
    const title = ["entra-access", ...command, "--help"].join(" ");
    return { title, group: "help", stacks: 0, command: [NODE, PROGRAM, ...command, "--help"] };
  });
  const wrong = [NODE, PROGRAM, "drift", "--nobody"] as const;
  return [
    ...help,
    { title: "entra-access drift --nobody", group: "help", stacks: 0, command: wrong, exitCode: 1 },
  ];
}

/** Lists the works on one of the stacks, all of which have nothing to do. */
export function listStackWorks(projectFolder: string, stack: string): Work[] {
  const base = { group: "one stack", stacks: 1 } as const;
  const at = ["-C", projectFolder];
  return [
    {
      ...base,
      title: "`pulumi preview --refresh`",
      command: [NODE, ...PLAIN, stack, projectFolder],
      isPlain: true,
    },
    { ...base, title: "`drift` of one stack", command: [NODE, PROGRAM, "drift", stack, ...at] },
    { ...base, title: "`verify`", command: [NODE, PROGRAM, "verify", stack, ...at] },
    { ...base, title: "`preview`", command: [NODE, PROGRAM, "preview", stack, ...at] },
    { ...base, title: "`up`", command: [NODE, PROGRAM, "up", stack, ...at] },
  ];
}

/** The most stacks that the loop runs for, as each costs the same. */
const LOOPED = 10;

/** Lists the works on all stacks: a loop with as many at once as there are for `drift`. */
export function listFleetWorks(projectFolder: string, stacks: readonly string[], atOnce: number): Work[] {
  const loop = `printf '%s\\n' "$@" | xargs -P ${atOnce} -I{} "$NODE" ${PLAIN.join(" ")} {} "$PROJECT"`;
  const base = { group: "fleet", stacks: stacks.length, fleet: stacks.length } as const;
  const looped = stacks.slice(0, LOOPED);
  const sample = looped.length < stacks.length ? ` for ${looped.length} of them` : "";
  return [
    {
      ...base,
      stacks: looped.length,
      title: `a loop of \`pulumi preview --refresh\`, ${atOnce} at once${sample}`,
      command: ["sh", "-ec", loop, "sh", ...looped],
      isPlain: true,
    },
    {
      ...base,
      title: `\`drift --all --concurrency ${atOnce}\``,
      command: [NODE, PROGRAM, "drift", "--all", "--concurrency", String(atOnce), "-C", projectFolder],
    },
  ];
}
