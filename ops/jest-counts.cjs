/** Jest reporter: the slowest test files, and as last line `N passed, N failed`, from Jest's own counts. */
const { relative } = require("node:path");

/** The number of files to list. */
const SLOWEST = 10;

class Counts {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onRunComplete(
    _contexts,
    { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites, testResults },
  ) {
    // A suite that cannot run has no failed test, and where no test ran nothing is proven.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    this.failed = passed + failed === 0 ? 1 : failed;
    const files = testResults.map(({ testFilePath, perfStats }) => ({
      seconds: (perfStats.end - perfStats.start) / 1000,
      name: relative(this.rootDir, testFilePath),
    }));
    if (files.length > SLOWEST) console.log(`The slowest test files, in seconds:\n${slowest(files)}`);
    console.log(`${passed} passed, ${this.failed} failed`);
  }

  getLastError() {
    return this.failed > 0 ? new Error("not every test passed") : undefined;
  }
}

function slowest(files) {
  const sorted = files.sort((one, other) => other.seconds - one.seconds).slice(0, SLOWEST);
  return sorted.map(({ seconds, name }) => `${seconds.toFixed(1).padStart(6)}  ${name}`).join("\n");
}

module.exports = Counts;
