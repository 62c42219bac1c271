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
import { renderUpgrades, tryUpgrade, UPGRADE_GROUPS, type UpgradeReport, type UpgradeTools } from "./upgrade";

/** Runs a program and collects its output. */
function run(command: string, args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  return { code: status, stdout, output: `${stdout}${stderr}` };
}

const TOOLS: UpgradeTools = {
  query: (command, ...args) => run(command, args).stdout,
  run(command, ...args) {
    const result = run(command, args);
    process.stdout.write(result.output);
    return result;
  },
  repairLockfile,
};

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
  else if (Object.hasOwn(UPGRADE_GROUPS, action) && file !== undefined) {
    const report = tryUpgrade(action, process.versions.node, TOOLS);
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
    console.log(renderUpgrades([report]));
  } else
    throw new UserError(
      `a group and a file are required; groups: ${Object.keys(UPGRADE_GROUPS).join(", ")}`,
      ["Run: npm run upgrade-check -- providers report.json"],
    );
}

main(process.argv.slice(2)).catch((error) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
