/**
 * Tries the newest versions of a group of packages in this checkout: `npm run upgrade-check -- <group> <report.json>`; or
 * keeps one GitHub issue about what breaks: `npm run upgrade-check -- issue <report.json>...`
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { describeError, UserError } from "../../ops/errors";
import { GitHub } from "../../ops/github/api";
import { keepIssue } from "../../ops/github/issue";
import { repairLockfile } from "../dev-tools/lockfile";
import { findFailures, listUpgrades, renderUpgrades, UPGRADE_GROUPS, type UpgradeReport } from "./upgrade";

/** Runs a program and shows its output. */
function run(command: string, ...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const output = `${stdout}${stderr}`;
  process.stdout.write(output);
  return { code: status, output };
}

function tryGroup(group: string, file: string): void {
  if (run("git", "status", "--porcelain").output !== "")
    throw new UserError("the checkout must have no changes, because package.json is changed", [
      "Commit them, or run it in a clone.",
    ]);
  const { stdout } = spawnSync("npm", ["outdated", "--json"], { encoding: "utf8" });
  const outdated = JSON.parse(stdout || "{}");
  if (outdated.error) throw new UserError(`npm outdated failed: ${outdated.error.summary}`);
  const changes = listUpgrades(outdated, group);
  const install = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const packages = changes.map(({ name, to }) => `${name}@${to}`);
  const steps = [
    () => run("npm", "install", "--package-lock-only", "--save-exact", ...install, ...packages),
    () => ({ code: 0, output: repairLockfile() }), // npm drops packages of other platforms
    () => run("npm", "ci", ...install),
    () => run("npm", "test"),
  ];
  let failed: string | undefined;
  for (const step of changes.length > 0 ? steps : []) {
    const { code, output } = step();
    if (code === 0) continue;
    failed = output;
    break;
  }
  const report: UpgradeReport = {
    group,
    node: process.versions.node,
    changes,
    passed: failed === undefined,
    failures: failed === undefined ? [] : findFailures(failed),
  };
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** Keeps an issue open while a group fails, or has not reported. */
async function updateIssue(files: readonly string[]): Promise<string> {
  const reports = files.map((file): UpgradeReport => JSON.parse(readFileSync(file, "utf8")));
  const missing = Object.keys(UPGRADE_GROUPS).filter((group) => !reports.some((one) => one.group === group));
  const failing = [...reports.filter(({ passed }) => !passed).map(({ group }) => group), ...missing];
  return keepIssue(
    {
      kind: "upgrade",
      ...(failing.length > 0 && {
        title: `Upgrades that fail: ${failing.join(", ")}`,
        text: [...missing.map((group) => `No result for ${group}.\n`), renderUpgrades(reports)].join("\n"),
      }),
      closing: "All newest versions pass the tests again.",
    },
    new GitHub(),
  );
}

async function main([action = "", ...files]: readonly string[]): Promise<void> {
  const [file] = files;
  if (action === "issue" && file !== undefined) console.log(await updateIssue(files));
  else if (Object.hasOwn(UPGRADE_GROUPS, action) && file !== undefined) tryGroup(action, file);
  else
    throw new UserError(
      `a group and a file are required; groups: ${Object.keys(UPGRADE_GROUPS).join(", ")}`,
      ["Run: npm run upgrade-check -- providers report.json"],
    );
}

main(process.argv.slice(2)).catch((error) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
