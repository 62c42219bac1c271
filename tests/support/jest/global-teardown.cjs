const { rmSync } = require("node:fs");

/** Runs once after all test files: Jest may replace a worker just as it begins a file, which then leaves its folder. */
module.exports = () => rmSync(process.env.ENTRA_ACCESS_TEST_RUN, { recursive: true, force: true });
