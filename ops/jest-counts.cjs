/** Jest reporter: the last line is `N passed, N failed`, from Jest's own counts. */
class Counts {
  onRunComplete(_contexts, { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites }) {
    // A suite that cannot run has no failed test, and where no test ran nothing is proven.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    this.failed = passed + failed === 0 ? 1 : failed;
    console.log(`${passed} passed, ${this.failed} failed`);
  }

  getLastError() {
    return this.failed > 0 ? new Error("not every test passed") : undefined;
  }
}

module.exports = Counts;
