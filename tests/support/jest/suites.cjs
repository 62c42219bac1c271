const { relative, sep } = require("node:path");

/** Test files that need a program beside Node.js (engine, browser, PostgreSQL, actionlint), slowest first. */
const WITH_TOOLS = [
  "fleet/",
  "workflows/fleet",
  "stack/credentials/",
  "stack/tenants/several-tenants-recovery",
  "stack/access/company",
  "stack/new-stack",
  "stack/",
  "state/",
  "ops/doctor",
  "browser/",
  "ops/checks/",
  "ops/cli",
  "ops/commands/",
  "ops/demo/",
  "ops/drift/",
  "ops/stacks",
  "network",
  "policy/engine",
  "stand-ins/engine",
  "workflows/",
];

/**
 * The place of a test file among those with tools; the number of such places for all others.
 *
 * @param {string} rootDir of the project
 * @param {string} path of the test file
 */
exports.rank = (rootDir, path) => {
  const name = relative(rootDir, path).split(sep).join("/");
  const found = WITH_TOOLS.findIndex((start) => name.startsWith(`tests/${start}`));
  return found < 0 ? WITH_TOOLS.length : found;
};

exports.needsTools = (rootDir, path) => exports.rank(rootDir, path) < WITH_TOOLS.length;
