import {
  type Concurrency,
  parseWorkflow,
  type Workflow,
  type WorkflowJob,
  type WorkflowStep,
} from "./workflow";

/** Finds violations of the rules that actionlint does not cover, one line each. */
export function findPolicyProblems(text: string): string[] {
  const workflow = parseWorkflow(text);
  return [
    ...findDangerousTriggers(workflow),
    ...findUnpinnedActions(text),
    ...findWorkflowProblems(workflow),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) => [
      ...findJobProblems(job, workflow).map((problem) => `${name}: ${problem}`),
      ...findStepProblems(job.steps).map((problem) => `${name}: ${problem}`),
    ]),
  ];
}

/** Events that run other people's input with the permissions of the main branch. */
const DANGEROUS = ["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "fork"];

function findDangerousTriggers({ on }: Workflow): string[] {
  return DANGEROUS.filter((event) => event in on).map((event) => `it is started by ${event}`);
}

/** Finds actions that are not pinned to a commit with the version in a comment. */
export function findUnpinnedActions(text: string): string[] {
  const lines = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
  const good = /uses: (\.\/\.github\/actions\/\w+|actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/;
  return lines.filter((line) => !good.test(line)).map((line) => `not pinned: ${line.trim()}`);
}

function findWorkflowProblems({ permissions, concurrency, env = {} }: Workflow): string[] {
  const text = JSON.stringify(permissions);
  return [
    ...(text === "{}" || text === '{"contents":"read"}' ? [] : [`permissions of every job: ${text}`]),
    ...(concurrency ? [] : ["no concurrency"]),
    ...findSecrets(env).map((name) => `${name} is in the environment of every job`),
  ];
}

const findSecrets = (env: object) =>
  Object.entries(env).flatMap(([name, value]) => (/secrets\./.test(String(value)) ? [name] : []));
const runs = (job: WorkflowJob, what: RegExp) => job.steps.some(({ run = "" }) => what.test(run));
const CHANGES = /entra-access (up|rotate)\b/;
const OF_FORKS = "github.event.pull_request.head.repo.full_name == github.repository";
const ON_MAIN = "github.ref == 'refs/heads/main'";

function findJobProblems(job: WorkflowJob, workflow: Workflow): string[] {
  const { permissions, environment, env = {}, "timeout-minutes": minutes } = job;
  const signsIn = job.steps.some(({ env: own = {} }) => "ARM_USE_OIDC" in own);
  const secrets = job.steps.flatMap(({ env: own = {} }) => findSecrets(own));
  const credentials = signsIn || secrets.length > 0;
  const writes = Object.entries(permissions ?? {}).flatMap(([permission, level]) =>
    level === "write" ? [permission] : [],
  );
  const problems: [boolean, string][] = [
    [!permissions || typeof permissions !== "object", "no permissions of its own"],
    [!minutes, "no timeout"],
    [signsIn !== writes.includes("id-token"), "id-token: write without a sign-in to Entra, or vice versa"],
    [
      writes.some((permission) => !/^(id-token|issues|pull-requests)$/.test(permission)),
      `it may write ${writes}`,
    ],
    [
      credentials && writes.some((permission) => permission !== "id-token"),
      "credentials in addition to a permission to write",
    ],
    [credentials && !environment, "credentials outside of an environment"],
    [credentials && "pull_request" in workflow.on && !job.if?.includes(OF_FORKS), "credentials for forks"],
    [findSecrets(env).length > 0, "secrets in the environment of every step"],
  ];
  const found = problems.flatMap(([wrong, problem]) => (wrong ? [problem] : []));
  return [...found, ...findConcurrencyProblems(job, workflow)];
}

function findConcurrencyProblems(job: WorkflowJob, workflow: Workflow): string[] {
  const all = [workflow.concurrency, job.concurrency].filter((one): one is Concurrency => one !== undefined);
  const cancels = all.some((one) => one["cancel-in-progress"] !== false);
  if (!runs(job, CHANGES)) {
    const outdated = "pull_request" in workflow.on && !cancels;
    return outdated ? ["it runs for a pull request and is not canceled when outdated"] : [];
  }
  const before = [job, ...[job.needs ?? []].flat().map((name) => workflow.jobs[name])];
  const problems: [boolean, string][] = [
    [cancels, "it changes a stack and may be canceled"],
    [!job.concurrency?.group.startsWith("stack-"), "one stack may be changed twice concurrently"],
    [!before.some((one) => one?.if?.includes(ON_MAIN)), "it changes a stack from any branch"],
    [!/^(production|rotation)$/.test(String(job.environment)), "it changes a stack without its environment"],
    [
      isStartedOnDemand(workflow, job) && job.environment !== "production",
      "it is started by hand or a merge without a review",
    ],
  ];
  return problems.flatMap(([wrong, problem]) => (wrong ? [problem] : []));
}

/** Checks that a merge or a person starts the job, and no schedule. */
function isStartedOnDemand({ on, jobs }: Workflow, job: WorkflowJob): boolean {
  const before = [job, ...[job.needs ?? []].flat().map((name) => jobs[name])];
  const scheduled = before.some((one) => one?.if?.includes("github.event_name == 'schedule'"));
  return ("push" in on || "workflow_dispatch" in on) && !scheduled;
}

/** The allowed inputs of actions; actionlint does not know the inputs of an action that is pinned to a commit. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  "./.github/actions/setup": ["node-version"],
  "actions/checkout": ["ref", "fetch-depth", "persist-credentials"],
  "actions/setup-node": ["node-version", "package-manager-cache"],
  "actions/upload-artifact": ["name", "path", "if-no-files-found", "retention-days"],
  "actions/download-artifact": ["name", "pattern", "path", "merge-multiple"],
};

function findUnknownInputs(uses: string, inputs: object): string[] {
  const [action = ""] = uses.split("@");
  const stray = Object.keys(inputs).filter((name) => !INPUTS[action]?.includes(name));
  return stray.map((name) => `${action} takes no ${name}`);
}

export function findStepProblems(steps: readonly WorkflowStep[]): string[] {
  return steps.flatMap(({ uses = "", run = "", with: inputs = {}, env = {} }) => [
    ...(uses.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false
      ? ["the checkout keeps the token"]
      : []),
    ...(run.includes("${{") ? [`an expression in a script: ${run.trim()}`] : []),
    ...findUnknownInputs(uses, inputs),
    ...findSecrets(inputs).map((name) => `a secret goes to an action: ${name}`),
    ...(findSecrets(env).length > 0 && !run.includes("entra-access") ? ["secrets for another program"] : []),
  ]);
}
