import { parseArgs } from "node:util";
import type { Command } from "./command";
import { describeError, UsageError } from "./errors";
import { resolveUserPath } from "./terminal/user-path";

interface Entry {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Called when the command is: the Pulumi SDK and the twin take a second each to load. */
  load(): Command;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  "new-stack": {
    summary:
      "Asks what a new stack takes, checks each answer, makes the stack, says which rights are missing.",
    load: () => require("./commands/new-stack").newStackCommand,
  },
  up: {
    summary: "Recovers from whatever an earlier run left, then does what pulumi up does.",
    load: () => require("./commands/up").upCommand,
  },
  rotate: {
    summary: "Makes a new client secret, hands it to Cloudflare, and clears away old ones.",
    load: () => require("./commands/rotate").rotateCommand,
  },
  adopt: {
    summary: "Takes over what was made by hand as the tutorial says; shows it first, and asks.",
    load: () => require("./commands/adopt").adoptCommand,
  },
  verify: {
    summary: "Tests the integration of a stack without a browser; reads only.",
    load: () => require("./commands/verify").verify,
  },
  preview: {
    summary:
      "Says what up would do to one stack or all of them, for people or a pull request; changes nothing.",
    load: () => require("./commands/preview").preview,
  },
  stacks: {
    summary: "Lists the stacks that the backend has of this project.",
    load: () => require("./commands/stacks").stacks,
  },
  drift: {
    summary: "Says what is not as declared in one stack or all of them, and who changed it; reads only.",
    load: () => require("./commands/drift").drift,
  },
  report: {
    summary: "Makes one report of those that drift wrote on several machines, and tells GitHub of it.",
    load: () => require("./commands/report").report,
  },
  doctor: {
    summary: "Looks whether engine, plugins, stack, sign-in and rights are there; reads only.",
    load: () => require("./commands/doctor").doctorCommand,
  },
  local: {
    summary:
      "Brings stack dev up on a local twin of both clouds, checks it, breaks it, repairs it, signs in to it.",
    load: () => require("./commands/local").localCommand,
  },
  twin: {
    summary: "Serves the local twin of Microsoft Entra ID and Cloudflare Access alone.",
    load: () => require("./commands/twin").twinCommand,
  },
  engine: {
    summary: "Gets the Pulumi engine if this machine has none, and says where it is.",
    load: () => require("./commands/engine").engineCommand,
  },
  actionlint: {
    summary: "Gets actionlint if this machine has none, for the tests, and says where it is.",
    load: () => require("./commands/actionlint").actionlintCommand,
  },
  browser: {
    summary: "Gets Chromium if this machine has none, and says where it is.",
    load: () => require("./commands/browser").browserCommand,
  },
  postgresql: {
    summary: "Gets PostgreSQL's server if this machine has none, for the tests, and says where it is.",
    load: () => require("./commands/postgresql").postgresqlCommand,
  },
};

/** Runs `npm run ops -- <args>`. Errors are printed; the result is the exit code, 1 where there is an error. */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  let usage = overview();
  try {
    if (name === "--help" || name === "-h") {
      console.log(usage);
      return 0;
    }
    const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!entry) throw new UsageError(`unknown command "${name}"`);
    const command = entry.load();
    usage = command.usage;
    const { help, ...options } = parse(rest, command);
    if (!help) return await command.run(options);
    console.log(usage);
    return 0;
  } catch (error) {
    console.error(describeError(error));
    if (error instanceof UsageError) console.error(`\n${usage}`);
    return 1;
  }
}

function parse(args: string[], { options, positionals: names = [] }: Command): Record<string, unknown> {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: names.length > 0,
    });
    const last = names.at(-1);
    const single = last?.endsWith("...") ? names.slice(0, -1) : names;
    const rest = positionals.slice(single.length);
    if (rest.length > 0 && single === names) throw new Error(`Unexpected argument '${rest[0]}'`);
    const named = positionals.slice(0, single.length).map((value, i) => [single[i], value]);
    const others = rest.length > 0 ? { [String(last).slice(0, -3)]: rest } : {};
    const { cwd } = values as { cwd?: string };
    const folder = cwd === undefined ? {} : { cwd: resolveUserPath(cwd) };
    return { ...values, ...folder, ...Object.fromEntries(named), ...others };
  } catch (error) {
    // Node's advice about arguments that begin with a dash does not fit.
    throw new UsageError((error as Error).message.split(". ")[0] ?? "");
  }
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "usage: npm run ops -- <command> [options]",
    "",
    ...lines,
    "",
    "npm run ops -- <command> --help",
  ].join("\n");
}
