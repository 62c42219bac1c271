import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, formatUsage, parseArguments } from "./command";
import { describeError, InterruptedError, UsageError } from "./errors";

interface CommandEntry {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Loads the command on demand, because the Pulumi SDK and the twin take a second each to load. */
  load(): Command;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  bootstrap: {
    summary: "Creates the identities and tokens with which pipelines deploy.",
    load: () => require("./commands/bootstrap").bootstrapCommand,
  },
  "new-stack": {
    summary: "Creates a stack from checked answers and lists missing permissions.",
    load: () => require("./commands/new-stack").newStackCommand,
  },
  up: {
    summary: "Recovers from an interrupted run, then runs pulumi up.",
    load: () => require("./commands/up").upCommand,
  },
  rotate: {
    summary: "Replaces the client secret without downtime and removes old ones.",
    load: () => require("./commands/rotate").rotateCommand,
  },
  adopt: {
    summary: "Imports an existing set-up into a new stack, after a preview and a confirmation.",
    load: () => require("./commands/adopt").adoptCommand,
  },
  verify: {
    summary: "Tests the sign-in of a deployed stack without a browser (read-only).",
    load: () => require("./commands/verify").verifyCommand,
  },
  preview: {
    summary: "Previews up for one stack or all of them, for a terminal or a pull request (read-only).",
    load: () => require("./commands/preview").previewCommand,
  },
  access: {
    summary: "Says who can reach which application, and why (read-only).",
    load: () => require("./commands/access").accessCommand,
  },
  stacks: {
    summary: "Lists the project's stacks in the backend.",
    load: () => require("./commands/stacks").stacksCommand,
  },
  drift: {
    summary: "Reports drift in one stack or all of them, and who caused it; --repair repairs it.",
    load: () => require("./commands/drift").driftCommand,
  },
  report: {
    summary: "Merges drift reports of several machines and publishes them on GitHub.",
    load: () => require("./commands/report").reportCommand,
  },
  doctor: {
    summary: "Checks engine, plugins, stack, sign-in and permissions (read-only).",
    load: () => require("./commands/doctor").doctorCommand,
  },
  // A project of the template, and a checkout in which somebody deleted the twin, have neither.
  ...(existsSync(join(__dirname, "../twin")) && {
    local: {
      summary: "Deploys stack dev on a local twin of both clouds, causes and repairs drift, and signs in.",
      load: () => require("./commands/local").localCommand,
    },
    twin: {
      summary: "Serves the local twin of Microsoft Entra ID and Cloudflare Access.",
      load: () => require("./commands/twin").twinCommand,
    },
  }),
  engine: {
    summary: "Finds or installs the Pulumi engine.",
    load: () => require("./commands/engine").engineCommand,
  },
};

/** Runs `npx entra-access <args>` and prints errors. @returns the exit code: 1 for an error, 130 after Ctrl-C */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  let usage = formatOverview();
  try {
    if (name === "--help" || name === "-h") {
      console.log(usage);
      return 0;
    }
    const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!entry) throw new UsageError(`unknown command "${name}"`);
    const command = entry.load();
    usage = formatUsage(name, command);
    const values = parseArguments(rest, command);
    if (values) return await command.run(values);
    console.log(usage);
    return 0;
  } catch (error) {
    console.error(describeError(error));
    if (error instanceof UsageError) console.error(`\n${usage}`);
    return error instanceof InterruptedError ? 130 : 1;
  }
}

function formatOverview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "usage: npx entra-access <command> [options]",
    "",
    ...lines,
    "",
    "Options of a command: npx entra-access <command> --help",
  ].join("\n");
}
