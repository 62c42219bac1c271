import { parseArgs } from "node:util";
import { UsageError } from "./errors";
import type { CommandOption, CommandOptions, OptionValues } from "./options";

/** A command of the CLI; parsing and help text derive from its options. */
export interface Command<O extends CommandOptions = CommandOptions> {
  /** The help text above the options. */
  readonly description: string;
  readonly options: O;
  /** The help text below the options. */
  readonly notes?: string;
  /** @returns the exit code: 0 for success, 2 if somebody must act on the result, 1 for anything else */
  run(values: OptionValues<O>): Promise<number>;
}

/** Lets TypeScript derive the type of a command's values from its options. */
export function defineCommand<O extends CommandOptions>(command: Command<O>): Command {
  return command as unknown as Command;
}

export function formatUsage(name: string, { description, options, notes }: Command): string {
  const entries: [string, CommandOption<unknown>][] = Object.entries(options);
  const names = entries.filter(isPositional).map(([argument, option]) => formatName(argument, option));
  const rows = [
    ...entries.map(([option, value]) => [formatName(option, value), value.description] as const),
    ["-h, --help", "shows this help"] as const,
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    ["usage: npx entra-access", name, ...names, "[options]"].join(" "),
    "",
    description,
    "",
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(notes ? ["", notes] : []),
  ].join("\n");
}

function formatName(name: string, { kind, placeholder, short }: CommandOption<unknown>): string {
  if (kind === "argument") return `[${name}]`;
  if (kind === "rest") return `[${name}...]`;
  return `${short ? `-${short}, ` : ""}--${name}${placeholder ? ` ${placeholder}` : ""}`;
}

const isPositional = ([, { kind }]: readonly [string, CommandOption<unknown>]) =>
  kind === "argument" || kind === "rest";

/** Parses the arguments of a command. @returns undefined where help is requested @throws UsageError */
export function parseArguments(
  args: string[],
  { options }: Command,
): OptionValues<CommandOptions> | undefined {
  const entries: [string, CommandOption<unknown>][] = Object.entries(options);
  const positionalEntries = entries.filter(isPositional);
  const given = new Map<string, unknown>();
  try {
    const { values, positionals } = parseArgs({
      args,
      options: {
        help: { type: "boolean", short: "h" },
        ...Object.fromEntries(
          entries
            .filter((entry) => !isPositional(entry))
            .map(([name, { kind, short }]) => [
              name,
              { type: kind === "flag" ? ("boolean" as const) : ("string" as const), ...(short && { short }) },
            ]),
        ),
      },
      allowPositionals: positionalEntries.length > 0,
    });
    if (values.help) return undefined;
    for (const [name, value] of Object.entries(values)) given.set(name, value);
    for (const [name, { kind }] of positionalEntries)
      given.set(name, kind === "argument" ? positionals.shift() : positionals.splice(0));
    if (positionals.length > 0) throw new Error(`Unexpected argument '${positionals[0]}'`);
  } catch (error) {
    // Node's advice about arguments that begin with a dash does not apply.
    throw new UsageError((error as Error).message.split(". ")[0] ?? "");
  }
  return Object.fromEntries(entries.map(([name, option]) => [name, option.parse(given.get(name), name)]));
}
