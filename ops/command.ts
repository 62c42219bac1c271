import type { ParseArgsConfig } from "node:util";

/** One command of `npm run ops`. */
export interface Command {
  /** The options and what else is worth knowing: shown by --help and after a usage error. */
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /**
   * Names of the arguments without dashes, in order; each may be left out, and `run` finds it among the options. The
   * last takes any number of them, as a list, where it ends with `...`.
   */
  readonly positionals?: readonly string[];
  /** Returns the exit code: 0 as wanted, 2 for what was looked at and found wrong, 1 for anything else. */
  run(options: Readonly<Record<string, unknown>>): Promise<number>;
}
