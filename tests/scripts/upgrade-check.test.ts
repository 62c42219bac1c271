import { dependencies, devDependencies } from "../../package.json";
import {
  findFailures,
  listUpgrades,
  renderUpgrades,
  tryUpgrade,
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

describe("tryUpgrade", () => {
  let ran: string[];
  beforeEach(() => {
    ran = [];
  });
  const outdated = {
    hono: { current: "4.13.19", latest: "5.0.0" },
    "@pulumi/pulumi": { current: "3.232.0", latest: "3.276.0" },
  };
  /** Tries a group where git and npm answer so, and programs that begin with `fails` fail with its output. */
  const attempt = (
    group: string,
    {
      git = "",
      npm = JSON.stringify(outdated),
      fails = {} as Record<string, string>,
      lockfile = () => "complete",
    } = {},
  ) =>
    tryUpgrade(group, "22.23.3", {
      query: (command) => (command === "git" ? git : npm),
      run(...args) {
        const line = args.join(" ");
        ran.push(line);
        const failure = Object.entries(fails).find(([start]) => line.startsWith(start));
        return failure ? { code: 1, output: failure[1] } : { code: 0, output: "" };
      },
      repairLockfile: lockfile,
    });
  const install = (name: string) =>
    `npm install --package-lock-only --save-exact --ignore-scripts --no-audit --no-fund ${name}`;

  it("installs the newest versions of the group and runs all tests", () => {
    expect(attempt("libraries")).toEqual({
      group: "libraries",
      node: "22.23.3",
      changes: [{ name: "hono", from: "4.13.19", to: "5.0.0" }],
      passed: true,
      failures: [],
    });
    const ci = "npm ci --ignore-scripts --no-audit --no-fund";
    expect(ran).toEqual([install("hono@5.0.0"), ci, "npm test"]);
  });

  it("keeps the name under which a package is installed", () => {
    const npm = { "typescript-native:typescript@7.0.2": { current: "7.0.2", latest: "7.0.3" } };
    attempt("libraries", { npm: JSON.stringify(npm) });
    expect(ran[0]).toBe(install("typescript-native@npm:typescript@7.0.3"));
  });

  it("takes the engine to the version of the SDK", () => {
    expect(attempt("node-22").passed).toBe(true);
    expect(ran.slice(2)).toEqual([
      "go -C ops/tools/engine get github.com/pulumi/pulumi/pkg/v3@v3.276.0",
      "go -C ops/tools/engine mod tidy",
      "npm test",
    ]);
  });

  it.each(["", "{}"])("passes without a test where npm says %p, nothing newer", (npm) => {
    expect(attempt("providers", { npm })).toMatchObject({ changes: [], passed: true });
    expect(ran).toEqual([]);
  });

  it.each([
    ["cannot be installed", { "npm install": "npm error ERESOLVE" }, ["npm error ERESOLVE"], 1],
    ["fails the tests", { "npm test": "PASS a\nFAIL tests/b.test.ts" }, ["FAIL tests/b.test.ts"], 3],
  ])("reports a newer version that %s", (_what, fails, failures, steps) => {
    expect(attempt("libraries", { fails })).toMatchObject({ passed: false, failures });
    expect(ran).toHaveLength(steps);
  });

  it("reports a lockfile that cannot be completed", () => {
    const lockfile = () => {
      throw new Error("incomplete in the registry: @swc/core");
    };
    const failures = ["error: incomplete in the registry: @swc/core"];
    expect(attempt("libraries", { lockfile })).toMatchObject({ passed: false, failures });
  });

  it.each([
    [
      "the registry is out of reach",
      JSON.stringify({ error: { summary: "connect ECONNREFUSED" } }),
      /ECONNREFUSED/,
    ],
    ["npm answers no JSON", "npm is broken", /^npm outdated failed: /],
  ])("stops where %s, because a check that looked at nothing must not pass", (_what, npm, message) => {
    expect(() => attempt("libraries", { npm })).toThrow(message);
    expect(ran).toEqual([]);
  });

  it("refuses a checkout with changes", () => {
    expect(() => attempt("libraries", { git: " M package.json" })).toThrow(
      "the checkout must have no changes",
    );
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
    expect(renderUpgrades([{ ...report, changes: [], passed: true }])).toContain(
      "\n## providers: nothing newer for Node.js 20.20.2\n",
    );
  });
});
