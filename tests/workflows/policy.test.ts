import { findPolicyProblems, findStepProblems, findUnpinnedActions } from "./policy";
import { parseWorkflow, readSetupAction, readWorkflow, WORKFLOWS } from "./workflow";

test.each(WORKFLOWS)("%s violates no rule", (file) => {
  expect(findPolicyProblems(readWorkflow(file))).toEqual([]);
});

test("the setup action violates no rule", () => {
  const { text, steps } = readSetupAction();
  expect([...findUnpinnedActions(text), ...findStepProblems(steps)]).toEqual([]);
  expect(text).toContain("--ignore-scripts");
});

test("each version of an action is pinned to one commit", () => {
  const all = [...WORKFLOWS.map(readWorkflow), readSetupAction().text].join("\n");
  const pins = new Set(all.match(/actions\/[\w-]+@[0-9a-f]{40} # v\S+/g));
  expect([...pins].map((pin) => pin.replace(/@.*/, "")).sort()).toEqual([
    "actions/checkout",
    "actions/download-artifact",
    "actions/setup-node",
    "actions/upload-artifact",
  ]);
});

test("the nightly report expects as many shards as there are machines", () => {
  const { look, report } = parseWorkflow(readWorkflow("drift.yml")).jobs;
  const shards = look?.strategy?.matrix.shard as number[];
  expect(shards).toEqual(shards.map((_, i) => i + 1));
  expect(report?.steps.map(({ run }) => run).join("\n")).toContain(`--shards ${shards.length} `);
});

const CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

const of = (expression: string) => `\${{ ${expression} }}`;

test.each<[problem: string, file: string, good: string | RegExp, bad: string]>([
  ["it is started by pull_request_target", "test.yml", "  pull_request:", "  pull_request_target:"],
  [
    "it is started by workflow_run",
    "drift.yml",
    "  schedule:",
    "  workflow_run:\n    workflows: [up]\n  schedule:",
  ],
  ["not pinned: - uses: actions/checkout@v7", "test.yml", CHECKOUT, "actions/checkout@v7"],
  [
    "not pinned: - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
    "test.yml",
    " # v7.0.1",
    "",
  ],
  [`not pinned: - uses: somebody/${CHECKOUT.slice(8)}`, "test.yml", "actions/checkout", "somebody/checkout"],
  [
    'permissions of every job: {"contents":"write"}',
    "test.yml",
    "permissions: {}",
    "permissions:\n  contents: write",
  ],
  ["permissions of every job: undefined", "test.yml", "permissions: {}", ""],
  ["no concurrency", "up.yml", /concurrency:\n {2}group: up\n {2}cancel-in-progress: false\n/, ""],
  [
    "SECRET is in the environment of every job",
    "up.yml",
    "jobs:",
    `env:\n  SECRET: ${of("secrets.S")}\njobs:`,
  ],
  ["test: no permissions of its own", "test.yml", /permissions:\n {6}contents: read/, "name: test"],
  ["test: no timeout", "test.yml", /timeout-minutes: \d+/, "name: test"],
  ["test: it may write contents", "test.yml", "contents: read", "contents: write"],
  [
    "test: id-token: write without a sign-in to Entra, or vice versa",
    "test.yml",
    "contents: read",
    "id-token: write",
  ],
  [
    "preview: id-token: write without a sign-in to Entra, or vice versa",
    "preview.yml",
    /id-token: write.*/,
    "actions: read",
  ],
  [
    "preview: credentials in addition to a permission to write",
    "preview.yml",
    /contents: read/,
    "pull-requests: write",
  ],
  ["preview: credentials outside of an environment", "preview.yml", "environment: preview", ""],
  ["preview: credentials for forks", "preview.yml", /if: github\.event.*/, "if: github.actor != 'eve'"],
  [
    "stacks: secrets in the environment of every step",
    "up.yml",
    "environment: drift",
    `environment: drift\n    env:\n      S: ${of("secrets.S")}`,
  ],
  [
    "comment: it runs for a pull request and is not canceled when outdated",
    "preview.yml",
    "cancel-in-progress: true",
    "cancel-in-progress: false",
  ],
  [
    "up: it changes a stack and may be canceled",
    "up.yml",
    "cancel-in-progress: false",
    "cancel-in-progress: true",
  ],
  [
    "up: one stack may be changed twice concurrently",
    "up.yml",
    `group: stack-${of("matrix.stack")}`,
    "group: up-again",
  ],
  ["up: it changes a stack from any branch", "up.yml", /if: github\.ref.*/, "if: always()"],
  [
    "up: it changes a stack without its environment",
    "up.yml",
    "environment: production",
    "environment: drift",
  ],
  [
    "rotate: it is started by hand or a merge without a review",
    "rotate.yml",
    "environment: production",
    "environment: rotation",
  ],
  ["test: the checkout keeps the token", "test.yml", "persist-credentials: false", "fetch-depth: 0"],
  [
    `test: an expression in a script: npm test ${of("github.head_ref")}`,
    "test.yml",
    "run: npm test",
    `run: npm test ${of("github.head_ref")}`,
  ],
  [
    "test: actions/checkout takes no persist-credential",
    "test.yml",
    "persist-credentials",
    "persist-credential",
  ],
  ["report: a secret goes to an action: token", "drift.yml", "pattern: drift-*", `token: ${of("secrets.S")}`],
  ["look: secrets for another program", "drift.yml", "npx entra-access drift --all", "npx elsewhere --all"],
])("%s", (problem, file, good, bad) => {
  const text = readWorkflow(file);
  const broken = text.replace(good, () => bad);
  expect(broken).not.toBe(text);
  expect(findPolicyProblems(broken)).toContain(problem);
});
