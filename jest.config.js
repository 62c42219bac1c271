const { availableParallelism } = require("node:os");

/** Modules of packages that `trimmed-packages.cjs` transforms. */
const TRIMMED_PACKAGES = "(@pulumi/pulumi/(runtime/debuggable|resource)|cloudflare/client)\\.js$";

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: "<rootDir>/tests/support/jest/environment.cjs",
  testEnvironmentOptions: { globalsCleanup: "off" },
  globalSetup: "<rootDir>/tests/support/jest/global-setup.cjs",
  globalTeardown: "<rootDir>/tests/support/jest/global-teardown.cjs",
  // One more than there are processors: a test of the stack leaves its own idle, waiting for the engine.
  maxWorkers: availableParallelism() + 1,
  // A worker keeps part of each file it has run: beyond this much, another takes its place.
  workerIdleMemoryLimit: "400MB",
  testSequencer: "<rootDir>/tests/support/jest/sequencer.cjs",
  // For what hangs: a busy machine is no failure.
  testTimeout: 120_000,
  reporters: ["default", "<rootDir>/ops/jest-counts.cjs"],
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  transform: {
    [TRIMMED_PACKAGES]: "<rootDir>/tests/support/jest/trimmed-packages.cjs",
    "\\.m?[jt]s$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        // A package is loaded at the first use of what is imported from it, as in ops/register.cjs.
        module: { type: "commonjs", lazy: true },
      },
    ],
  },
  // The Pulumi SDK loads them, and uses them for what no program here has: functions that are serialized.
  moduleNameMapper: { "/typescript-shim$|^@npmcli/arborist$": "<rootDir>/tests/support/jest/unused.cjs" },
  // ESM-only packages that Jest has to turn into CommonJS, and what is trimmed.
  transformIgnorePatterns: [
    `/node_modules/(?!(jose|oauth4webapi|openid-client|oidc-provider|nanoid|eta|quick-lru|oidc-token-hash)/|${TRIMMED_PACKAGES})`,
  ],
};
