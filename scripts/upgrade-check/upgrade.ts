/** Packages in groups that are tried together, and what came of it. */

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

/** The answer of `npm outdated --json`, by package. */
export type OutdatedPackages = Readonly<Record<string, { current?: string; latest: string }>>;

/** TypeScript 7 has no API for ts-node: docs/decisions/runtime.md. Pulumi's SDK is written for google-protobuf 3. */
const HELD = ["typescript", "google-protobuf"];
const PROVIDERS = ["@pulumi/azuread", "@pulumi/cloudflare", "@pulumi/random"];
/** Their newest versions need Node.js 22. */
const NODE_22 = ["@pulumi/pulumi", "@pulumi/policy", "@azure/identity", "azurite", "@types/node"];

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
    .map(([name, { current = "-", latest }]) => ({ name, from: current.replace(/^v/, ""), to: latest }))
    .filter(({ name, from, to }) => isInGroup(name) && from !== to);
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
  const sections = reports.map(({ group, node, changes, passed, failures }) =>
    [
      `## ${group}: ${passed ? "all tests pass" : "tests fail"} on Node.js ${node}`,
      "",
      "| Package | Now | Newest |",
      "|---|---|---|",
      ...changes.map(({ name, from, to }) => `| ${name} | ${from} | ${to} |`),
      ...(passed ? [] : ["", "```", ...failures.map((line) => line.replaceAll("```", "'''")), "```"]),
      "",
    ].join("\n"),
  );
  return ["How to upgrade: docs/upgrading.md.", "", ...sections].join("\n");
}
