/** Packages in groups that are tried together, and what came of it. */
import { UserError } from "../../ops/errors";

/** What an upgrade of one group did. */
export interface UpgradeReport {
  readonly group: string;
  /** Version of Node.js that ran the tests. */
  readonly node: string;
  readonly changes: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly passed: boolean;
  /** Lines of the output that say what failed. */
  readonly failures: readonly string[];
}

/** The answer of `npm outdated --json`, by package; `name:package@version` is one that is installed under another name. */
export type OutdatedPackages = Readonly<Record<string, { current?: string; latest: string }>>;

/** TypeScript 7 has no API for ts-node: docs/decisions/runtime.md. Pulumi's SDK is written for google-protobuf 3. */
const HELD = ["typescript", "google-protobuf"];
const PROVIDERS = ["@pulumi/azuread", "@pulumi/cloudflare", "@pulumi/random"];
/** Their newest versions need Node.js 22. */
const NODE_22 = ["@pulumi/pulumi", "@pulumi/policy", "@azure/identity", "azurite", "@types/node"];

/** The Go module from which the engine is built, in the same version as the SDK. */
const ENGINE_FOLDER = "ops/tools/engine";
const ENGINE_MODULE = "github.com/pulumi/pulumi/pkg/v3";

/** Tells by name which packages are in a group. */
export const UPGRADE_GROUPS: Readonly<Record<string, (name: string) => boolean>> = {
  "node-22": (name) => NODE_22.includes(name),
  providers: (name) => PROVIDERS.includes(name),
  libraries: (name) => ![...HELD, ...PROVIDERS, ...NODE_22].includes(name),
};

/** Lists the packages of a group that have a newer version. */
export function listUpgrades(outdated: OutdatedPackages, group: string): UpgradeReport["changes"] {
  const isInGroup = UPGRADE_GROUPS[group] ?? (() => false);
  return Object.entries(outdated)
    .map(([name, { current = "-", latest }]) => ({
      name: name.replace(/(:.+)@.*$/, "$1"),
      from: current.replace(/^v/, ""),
      to: latest,
    }))
    .filter(({ name, from, to }) => isInGroup(name) && from !== to);
}

/** The programs that try an upgrade in the checkout. */
export interface UpgradeTools {
  /** Runs a program and returns its standard output, whatever its exit code. */
  query(command: string, ...args: string[]): string;
  /** Runs a program and shows its output. */
  run(command: string, ...args: string[]): StepResult;
  /** @throws where packages of other platforms cannot be looked up */
  repairLockfile(): string;
}

interface StepResult {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Installs the newest versions of a group and runs all tests.
 *
 * @throws UserError where the checkout has changes, or the newest versions cannot be looked up
 */
export function tryUpgrade(group: string, node: string, tools: UpgradeTools): UpgradeReport {
  if (tools.query("git", "status", "--porcelain", "--untracked-files=no") !== "")
    throw new UserError("the checkout must have no changes, because package.json is changed", [
      "Commit them, or run it in a clone.",
    ]);
  const changes = listUpgrades(readOutdated(tools), group);
  const failed = changes.length > 0 ? findFailedStep(changes, tools) : undefined;
  const failures = failed === undefined ? [] : findFailures(failed);
  return { group, node, changes, passed: failed === undefined, failures };
}

function readOutdated({ query }: UpgradeTools): OutdatedPackages {
  const answer = query("npm", "outdated", "--json");
  try {
    const outdated = JSON.parse(answer || "{}");
    if (!outdated.error) return outdated;
    throw new Error(outdated.error.summary);
  } catch (error) {
    throw new UserError(`npm outdated failed: ${(error as Error).message}`, [
      "The npm registry must be reachable: npm ping",
    ]);
  }
}

/** Carries the steps out until one fails. @returns its output */
function findFailedStep(changes: UpgradeReport["changes"], tools: UpgradeTools): string | undefined {
  const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const packages = changes.map(({ name, to }) => `${name.replace(":", "@npm:")}@${to}`);
  const engine = changes.find(({ name }) => name === "@pulumi/pulumi");
  const steps = [
    () => tools.run("npm", "install", "--package-lock-only", "--save-exact", ...options, ...packages),
    () => ({ code: 0, output: tools.repairLockfile() }),
    () => tools.run("npm", "ci", ...options),
    ...(engine
      ? [
          () => tools.run("go", "-C", ENGINE_FOLDER, "get", `${ENGINE_MODULE}@v${engine.to}`),
          () => tools.run("go", "-C", ENGINE_FOLDER, "mod", "tidy"),
        ]
      : []),
    () => tools.run("npm", "test"),
  ];
  for (const step of steps) {
    try {
      const { code, output } = step();
      if (code !== 0) return output;
    } catch (error) {
      return `error: ${(error as Error).message}`;
    }
  }
  return undefined;
}

/** Finds the lines that say what failed in the output of `npm test`; where none does, the last ones. */
export function findFailures(output: string): string[] {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const failed = lines.filter((line) =>
    /^(FAIL |error: |npm error |\S+\(\d+,\d+\): error )|^\s+● .* › /.test(line),
  );
  return [...new Set(failed.length > 0 ? failed : lines.slice(-20))].slice(0, 60);
}

/** Renders the text of the issue. */
export function renderUpgrades(reports: readonly UpgradeReport[]): string {
  const sections = reports.map(({ group, node, changes, passed, failures }) => {
    if (changes.length === 0) return `## ${group}: nothing newer for Node.js ${node}\n`;
    return [
      `## ${group}: ${passed ? "all tests pass" : "tests fail"} on Node.js ${node}`,
      "",
      "| Package | Now | Newest |",
      "|---|---|---|",
      ...changes.map(({ name, from, to }) => `| ${name} | ${from} | ${to} |`),
      ...(passed ? [] : ["", "```", ...failures.map((line) => line.replaceAll("```", "'''")), "```"]),
      "",
    ].join("\n");
  });
  return ["How to upgrade: docs/upgrading.md.", "", ...sections].join("\n");
}
