import { dependencies, devDependencies } from "../../package.json";
import {
  findFailures,
  listUpgrades,
  renderUpgrades,
  UPGRADE_GROUPS,
  type UpgradeReport,
} from "../../scripts/upgrade-check/upgrade";

describe("groups of upgrades", () => {
  it("have each package once, except those that are held", () => {
    const groups = Object.values(UPGRADE_GROUPS);
    const counts = Object.keys({ ...dependencies, ...devDependencies }).map(
      (name) => [name, groups.filter((isInGroup) => isInGroup(name)).length] as const,
    );
    expect(counts.filter(([, count]) => count !== 1)).toEqual([
      ["typescript", 0],
      ["google-protobuf", 0],
    ]);
  });

  it("list only what has a newer version", () => {
    const outdated = {
      zod: { current: "4.6.7", latest: "4.6.7" },
      "@pulumi/policy": { current: "v1.21.0", latest: "1.21.0" },
      hono: { current: "4.13.19", latest: "5.0.0" },
      "@pulumi/pulumi": { current: "3.232.0", latest: "3.276.0" },
      typescript: { current: "6.0.3", latest: "7.0.1" },
    };
    expect(listUpgrades(outdated, "libraries")).toEqual([{ name: "hono", from: "4.13.19", to: "5.0.0" }]);
    expect(listUpgrades(outdated, "node-22").map(({ name }) => name)).toEqual(["@pulumi/pulumi"]);
    expect(listUpgrades(outdated, "providers")).toEqual([]);
  });
});

describe("the report of an upgrade", () => {
  it.each([
    [
      "a failed test",
      "PASS a\nFAIL tests/b.test.ts\n  ● b › works\n",
      ["FAIL tests/b.test.ts", "  ● b › works"],
    ],
    ["a type error", "x\nops/a.ts(3,4): error TS2322: no\n", ["ops/a.ts(3,4): error TS2322: no"]],
    ["anything else by the last lines", "something\nbroke\n\n", ["something", "broke"]],
  ])("names %s", (_what, output, failures) => {
    expect(findFailures(output)).toEqual(failures);
  });

  it("shows versions, and failures as text that cannot end its block", () => {
    const report: UpgradeReport = {
      group: "providers",
      node: "20.20.2",
      changes: [{ name: "@pulumi/azuread", from: "6.9.1", to: "7.0.0" }],
      passed: false,
      failures: ["FAIL tests/a.test.ts", "```"],
    };
    const text = renderUpgrades([report]);
    expect(text).toContain("## providers: tests fail on Node.js 20.20.2");
    expect(text).toContain("| @pulumi/azuread | 6.9.1 | 7.0.0 |");
    expect(text.match(/```/g)).toHaveLength(2);
    expect(renderUpgrades([{ ...report, passed: true }])).not.toContain("FAIL");
  });
});
