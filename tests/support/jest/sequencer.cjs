const { default: TestSequencer } = require("@jest/test-sequencer");
const { createHash } = require("node:crypto");
const { existsSync } = require("node:fs");
const { rank } = require("./suites.cjs");

/**
 * The longest first, so that no worker is left with one of them at the end. While tools are still being installed, those
 * that need none come before. With `--randomize` files are shuffled too, by the same seed as the tests in them.
 */
module.exports = class extends TestSequencer {
  constructor(options) {
    super(options);
    this.config = options.globalConfig;
  }

  sort(tests) {
    const { rootDir, randomize, seed } = this.config;
    if (randomize)
      return sorted(tests, ({ path }) => createHash("sha256").update(`${seed} ${path}`).digest("hex"));
    const direction = existsSync(process.env.ENTRA_ACCESS_INSTALLING ?? "") ? -1 : 1;
    return sorted(super.sort(tests), ({ path }) => direction * rank(rootDir, path));
  }
};

function sorted(tests, keyOf) {
  const keyed = tests.map((test) => [keyOf(test), test]);
  return keyed.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, test]) => test);
}
