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

/** An issue that is kept open about something. */
export interface KeptIssue {
  /** Its label, and the name in the marker by which the next run finds it. */
  readonly kind: "drift" | "upgrade";
  /** Title and text; without them there is nothing to report. */
  readonly title?: string;
  readonly text?: string;
  /** The comment with which it is closed when there is nothing to report. */
  readonly closing: string;
}

/**
 * Keeps one issue open with the newest drift report unless all stacks are in sync, and closes it then.
 *
 * @param author the user that the token belongs to
 * @returns what was done, as text
 */
export function updateDriftIssue(report: DriftReport, github: GitHub, author?: string): Promise<string> {
  const found = { title: `Drift: ${summarizeDrift(report)}`, text: renderDriftMarkdown(report) };
  const issue: KeptIssue = { kind: "drift", closing: "All stacks are in sync again." };
  return keepIssue(report.result === "in sync" ? issue : { ...issue, ...found }, github, author);
}

/**
 * Keeps one issue of a kind open while there is something to report, and closes it then. An issue that was closed by hand
 * stays closed; the next report opens another.
 *
 * @param author the user that the token belongs to
 * @returns what was done, as text
 */
export async function keepIssue(
  { kind, title, text = "", closing }: KeptIssue,
  github: GitHub,
  author = WORKFLOW_AUTHOR,
): Promise<string> {
  const marker = createMarker(kind);
  const open = await github.list<Issue>("/issues?state=open&sort=created&direction=asc");
  const own = open.filter((issue) => !issue.pull_request && isOwn(issue, marker, author));
  if (title === undefined) return closeIssues(own, closing, github);
  const body = composeBody(marker, text, github.runUrl);
  const [first] = own;
  if (first) {
    await github.request("PATCH", `/issues/${first.number}`, { title, body });
    return `updated ${first.html_url}`;
  }
  const { html_url } = await github.request<Issue>("POST", "/issues", { title, body, labels: [kind] });
  return `opened ${html_url}`;
}

async function closeIssues(issues: readonly Issue[], closing: string, github: GitHub): Promise<string> {
  const body = `${closing}${github.runUrl ? ` [Workflow run](${github.runUrl})` : ""}`;
  for (const { number } of issues) {
    await github.request("POST", `/issues/${number}/comments`, { body });
    await github.request("PATCH", `/issues/${number}`, { state: "closed", state_reason: "completed" });
  }
  return issues.length > 0
    ? `closed ${issues.map(({ html_url }) => html_url).join(", ")}`
    : "no issue is open";
}
