import { type Concurrency, type Job, parsed, type Step, type Workflow } from "./workflow";

/** What we hold to beyond what actionlint knows: one line for each place where a workflow does not. */
export function problemsOf(text: string): string[] {
  const workflow = parsed(text);
  return [
    ...ofTriggers(workflow),
    ...ofPins(text),
    ...ofTop(workflow),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) => [
      ...ofJob(job, workflow).map((problem) => `${name}: ${problem}`),
      ...ofSteps(job.steps).map((problem) => `${name}: ${problem}`),
    ]),
  ];
}

/** They run what others write with the rights of main. */
const DANGEROUS = ["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "fork"];

function ofTriggers({ on }: Workflow): string[] {
  return DANGEROUS.filter((event) => event in on).map((event) => `it is started by ${event}`);
}

/** Actions are named by a commit that nobody can move, with the version that people read. */
export function ofPins(text: string): string[] {
  const lines = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
  const good = /uses: (\.\/\.github\/actions\/\w+|actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/;
  return lines.filter((line) => !good.test(line)).map((line) => `not pinned: ${line.trim()}`);
}

function ofTop({ permissions, concurrency, env = {} }: Workflow): string[] {
  const rights = JSON.stringify(permissions);
  return [
    ...(rights === "{}" || rights === '{"contents":"read"}' ? [] : [`rights of every job: ${rights}`]),
    ...(concurrency ? [] : ["no concurrency"]),
    ...secretsIn(env).map((name) => `${name} is in the environment of every job`),
  ];
}

const secretsIn = (env: object) =>
  Object.entries(env).flatMap(([name, value]) => (/secrets\./.test(String(value)) ? [name] : []));
const runs = (job: Job, what: RegExp) => job.steps.some(({ run = "" }) => what.test(run));
const CHANGES = /entra-access (up|rotate)\b/;
const OF_FORKS = "github.event.pull_request.head.repo.full_name == github.repository";
const ON_MAIN = "github.ref == 'refs/heads/main'";

function ofJob(job: Job, workflow: Workflow): string[] {
  const { permissions, environment, env = {}, "timeout-minutes": minutes } = job;
  const signsIn = job.steps.some(({ env: own = {} }) => "ARM_USE_OIDC" in own);
  const secrets = job.steps.flatMap(({ env: own = {} }) => secretsIn(own));
  const credentials = signsIn || secrets.length > 0;
  const writes = Object.entries(permissions ?? {}).flatMap(([right, how]) =>
    how === "write" ? [right] : [],
  );
  const problems: [boolean, string][] = [
    [!permissions || typeof permissions !== "object", "no rights of its own"],
    [!minutes, "no timeout"],
    [
      signsIn !== writes.includes("id-token"),
      "id-token: write without a sign-in to Entra, or the other way round",
    ],
    [writes.some((right) => !/^(id-token|issues|pull-requests)$/.test(right)), `it may write ${writes}`],
    [credentials && writes.some((right) => right !== "id-token"), "credentials beside a right to write"],
    [credentials && !environment, "credentials outside of an environment"],
    [credentials && "pull_request" in workflow.on && !job.if?.includes(OF_FORKS), "credentials for forks"],
    [secretsIn(env).length > 0, "secrets in the environment of every step"],
  ];
  const found = problems.flatMap(([wrong, problem]) => (wrong ? [problem] : []));
  return [...found, ...ofConcurrency(job, workflow)];
}

function ofConcurrency(job: Job, workflow: Workflow): string[] {
  const all = [workflow.concurrency, job.concurrency].filter((one): one is Concurrency => one !== undefined);
  const cancels = all.some((one) => one["cancel-in-progress"] !== false);
  if (!runs(job, CHANGES)) {
    const outdated = "pull_request" in workflow.on && !cancels;
    return outdated ? ["of a pull request, and not cancelled when outdated"] : [];
  }
  const before = [job, ...[job.needs ?? []].flat().map((name) => workflow.jobs[name])];
  const problems: [boolean, string][] = [
    [cancels, "it changes a stack and may be cancelled"],
    [!job.concurrency?.group.startsWith("stack-"), "one stack may be changed twice at once"],
    [!before.some((one) => one?.if?.includes(ON_MAIN)), "it changes a stack from any branch"],
    [!/^(production|rotation)$/.test(String(job.environment)), "it changes a stack without its environment"],
    [asks(workflow, job) && job.environment !== "production", "it does what was asked for without a review"],
  ];
  return problems.flatMap(([wrong, problem]) => (wrong ? [problem] : []));
}

/** Whether it is a merge or a person that starts the job, and not a clock. */
function asks({ on, jobs }: Workflow, job: Job): boolean {
  const before = [job, ...[job.needs ?? []].flat().map((name) => jobs[name])];
  const scheduled = before.some((one) => one?.if?.includes("github.event_name == 'schedule'"));
  return ("push" in on || "workflow_dispatch" in on) && !scheduled;
}

/** What we give to actions: actionlint knows inputs by the name of a version, and not by its commit. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  "actions/checkout": ["ref", "fetch-depth", "persist-credentials"],
  "actions/setup-node": ["node-version", "package-manager-cache"],
  "actions/upload-artifact": ["name", "path", "if-no-files-found", "retention-days"],
  "actions/download-artifact": ["name", "pattern", "path", "merge-multiple"],
};

function strayInputs(uses: string, inputs: object): string[] {
  const [action = ""] = uses.split("@");
  const stray = Object.keys(inputs).filter((name) => !INPUTS[action]?.includes(name));
  return stray.map((name) => `${action} takes no ${name}`);
}

export function ofSteps(steps: readonly Step[]): string[] {
  return steps.flatMap(({ uses = "", run = "", with: inputs = {}, env = {} }) => [
    ...(uses.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false
      ? ["the checkout keeps the token"]
      : []),
    ...(run.includes("${{") ? [`an expression in a script: ${run.trim()}`] : []),
    ...strayInputs(uses, inputs),
    ...secretsIn(inputs).map((name) => `a secret goes to an action: ${name}`),
    ...(secretsIn(env).length > 0 && !run.includes("entra-access") ? ["secrets for another program"] : []),
  ]);
}
