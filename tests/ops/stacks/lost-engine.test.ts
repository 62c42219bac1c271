import { execFileSync } from "node:child_process";

// In a process of its own: what fails there leaves promises rejected that a test runner takes for its own failures.
test("a program that cannot reach the engine is reported as failed, not as one that wants nothing", () => {
  const script = require.resolve("../../support/unreachable-run");
  const told = execFileSync(process.execPath, ["-r", "ts-node/register", script], {
    encoding: "utf8",
    stdio: "pipe",
  });
  expect(told).toMatch(/^14 UNAVAILABLE/);
});
