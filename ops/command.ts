import type { ParseArgsConfig } from "node:util";

/** One command of `npm run ops`. */
export interface Command {
  /** The options and what else is worth knowing: shown by --help and after a usage error. */
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Returns the exit code. */
  run(options: Readonly<Record<string, unknown>>): Promise<number>;
}
