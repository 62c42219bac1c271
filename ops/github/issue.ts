import { summarizeDrift } from "../drift/format";
import type { DriftReport } from "../drift/report";
import { renderDriftMarkdown } from "../drift/text";
import type { GitHub } from "./api";
import { type AuthoredText, composeBody, createMarker, isOwn, WORKFLOW_AUTHOR } from "./body";

interface Issue extends AuthoredText {
  readonly number: number;
  readonly html_url: string;
  /** Present if the issue is a pull request, as the API lists both. */
  readonly pull_request?: unknown;
}

const MARKER = createMarker("drift");
const LABEL = "drift";

/**
 * Keeps one issue open with the newest report unless all stacks are in sync, and closes it then. An issue that was closed
 * by hand stays closed; the next report opens another.
 *
 * @param author the user that the token belongs to
 * @returns what was done, as text
 */
export async function updateDriftIssue(
  report: DriftReport,
  github: GitHub,
  author = WORKFLOW_AUTHOR,
): Promise<string> {
  const open = await github.list<Issue>("/issues?state=open&sort=created&direction=asc");
  const own = open.filter((issue) => !issue.pull_request && isOwn(issue, MARKER, author));
  if (report.result === "in sync") return closeIssues(own, github);
  const title = `Drift: ${summarizeDrift(report)}`;
  const body = composeBody(MARKER, renderDriftMarkdown(report), github.runUrl);
  const [first] = own;
  if (first) {
    await github.request("PATCH", `/issues/${first.number}`, { title, body });
    return `updated ${first.html_url}`;
  }
  const { html_url } = await github.request<Issue>("POST", "/issues", { title, body, labels: [LABEL] });
  return `opened ${html_url}`;
}

async function closeIssues(issues: readonly Issue[], github: GitHub): Promise<string> {
  const body = `All stacks are in sync again.${github.runUrl ? ` [Workflow run](${github.runUrl})` : ""}`;
  for (const { number } of issues) {
    await github.request("POST", `/issues/${number}/comments`, { body });
    await github.request("PATCH", `/issues/${number}`, { state: "closed", state_reason: "completed" });
  }
  return issues.length > 0
    ? `closed ${issues.map(({ html_url }) => html_url).join(", ")}`
    : "no issue is open";
}
