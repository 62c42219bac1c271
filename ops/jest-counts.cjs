/** Jest reporter: the last line is `N passed, N failed`, from Jest's own counts. */
class Counts {
  onRunComplete(_contexts, results) {
    // A suite that cannot run has no failed test, and no test at all proves nothing.
    const broken = results.numRuntimeErrorTestSuites + (results.numTotalTests === 0 ? 1 : 0);
    this.failed = results.numFailedTests + broken;
    console.log(`${results.numPassedTests} passed, ${this.failed} failed`);
  }

  getLastError() {
    return this.failed > 0 ? new Error("not every test passed") : undefined;
  }
}

module.exports = Counts;
