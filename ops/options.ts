import { UsageError } from "./errors";
import { findProjectFolder, requireProjectFile } from "./stacks/settings/project-file";
import { resolveUserPath } from "./terminal/user-path";

/** An option or argument of a command: its parser, description and default. */
export interface CommandOption<T> {
  /** An `argument` has no dashes; `rest` takes all remaining arguments. */
  readonly kind: "flag" | "value" | "argument" | "rest";
  readonly description: string;
  /** The value in the help text, for example `<n>`. */
  readonly placeholder?: string;
  readonly short?: string;
  /** @param given undefined where the option is absent @throws UsageError */
  parse(given: unknown, name: string): T;
}

export type CommandOptions = Readonly<Record<string, CommandOption<unknown>>>;

/** The parsed values of options, by name. */
export type OptionValues<O extends CommandOptions> = {
  readonly [K in keyof O]: O[K] extends CommandOption<infer T> ? T : never;
};

type Text = string | undefined;

export function flagOption(description: string): CommandOption<boolean> {
  return { kind: "flag", description, parse: (given) => given === true };
}

export function textOption(placeholder: string, description: string): CommandOption<Text> {
  return { kind: "value", placeholder, description, parse: (given) => given as Text };
}

export function textArgument(description: string): CommandOption<Text> {
  return { kind: "argument", description, parse: (given) => given as Text };
}

export function restArguments(description: string): CommandOption<readonly string[]> {
  return { kind: "rest", description, parse: (given) => given as string[] };
}

/** A path, relative to the folder in which the command was called. */
export function pathOption(placeholder: string, description: string): CommandOption<Text> {
  const parse = (given: unknown) => (given === undefined ? undefined : resolveUserPath(String(given)));
  return { ...textOption(placeholder, description), parse };
}

/** A list that is separated by commas; the default is empty. */
export function listOption(placeholder: string, description: string): CommandOption<readonly string[]> {
  const parse = (given: unknown) =>
    String(given ?? "")
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  return { ...textOption(placeholder, description), parse };
}

export function choiceOption<T extends string>(
  values: readonly T[],
  placeholder: string,
  description: string,
): CommandOption<T | undefined> {
  const parse = (given: unknown, name: string) => {
    if (given === undefined || values.includes(given as T)) return given as T | undefined;
    throw new UsageError(`--${name} must be one of ${values.join(", ")}; found "${given}"`);
  };
  return { ...textOption(placeholder, `${description} (${values.join(", ")})`), parse };
}

/** A whole number between two bounds, both allowed. */
export function numberOption<D extends number | undefined = undefined>(
  description: string,
  { min, max, default: fallback }: { min: number; max: number; default?: D },
): CommandOption<number | D> {
  const parse = (given: unknown, name: string) => {
    if (given === undefined) return fallback as D;
    const number = Number(given);
    if (/^(0|[1-9]\d*)$/.test(String(given)) && number >= min && number <= max) return number;
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}; found "${given}"`);
  };
  const suffix = fallback === undefined ? "" : `; default: ${fallback}`;
  return { ...textOption("<n>", `${description}${suffix}`), parse };
}

export const STACK_ARGUMENT = textArgument("name of the stack; default: the selected stack");

const folderOption = pathOption(
  "<folder>",
  "folder of Pulumi.yaml; default: the current project's, or else this repository's",
);
/**
 * The default is the project in which the command was called, as for `pulumi`: another one could have a stack of the same
 * name. Checked before the command starts, because it may install the engine first, which takes minutes.
 */
export const CWD_OPTION: CommandOption<Text> = {
  ...folderOption,
  short: "C",
  parse(given, name) {
    const folder = folderOption.parse(given, name);
    if (folder === undefined) return findProjectFolder(resolveUserPath("."));
    requireProjectFile(folder);
    return folder;
  },
};

/** @param command the command whose page documents the report */
export function jsonOption(command: string): CommandOption<boolean> {
  return flagOption(`prints a JSON report, schema entra-access/${command}/1 (docs/commands/${command}.md)`);
}
