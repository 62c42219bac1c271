/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: "node",
  testEnvironmentOptions: { globalsCleanup: "off" },
  globalSetup: "<rootDir>/tests/support/loopback-only.cjs",
  // Jest leaves one processor to itself; a test of the stack leaves its own idle, waiting for the engine.
  maxWorkers: "100%",
  // For what hangs: a busy machine is no failure.
  testTimeout: 120_000,
  reporters: ["default", "<rootDir>/ops/jest-counts.cjs"],
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "\\.m?[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // ESM-only packages that Jest has to turn into CommonJS.
  transformIgnorePatterns: [
    "/node_modules/(?!(jose|oauth4webapi|openid-client|oidc-provider|nanoid|eta|quick-lru|oidc-token-hash)/)",
  ],
};
