const { chmodSync, mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const stayOnLoopback = require("./loopback-only.cjs");

/** Runs once before all test files: makes the folder in which each of them has its own. */
module.exports = () => {
  stayOnLoopback();
  const folder = mkdtempSync(join(tmpdir(), "entra-"));
  // PostgreSQL runs as a user of its own.
  chmodSync(folder, 0o755);
  process.env.ENTRA_ACCESS_TEST_RUN = folder;
};
