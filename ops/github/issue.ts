import type { DriftReport } from "../drift/report";
import { markdownOf } from "../drift/text";
import { summaryOf } from "../drift/words";
import type { GitHub } from "./api";
import { AUTHOR, bodyOf, isOwn, markerOf, type Written } from "./own";

interface Issue extends Written {
  readonly number: number;
  readonly html_url: string;
  /** The API lists pull requests as issues. */
  readonly pull_request?: unknown;
}

const MARKER = markerOf("drift");
const LABEL = "drift";

/**
 * Keeps one open issue while anything is not as declared, with the newest report in it, and closes it when all is.
 * An issue that people closed stays closed; the next report of drift opens another.
 *
 * @param author whoever the token writes as
 * @returns what was done, for people
 */
export async function tellOf(report: DriftReport, github: GitHub, author = AUTHOR): Promise<string> {
  const open = await github.list<Issue>("/issues?state=open&sort=created&direction=asc");
  const own = open.filter((issue) => !issue.pull_request && isOwn(issue, MARKER, author));
  if (report.result === "as declared") return close(own, github);
  const title = `Drift: ${summaryOf(report).replace(/^[^:]*: /, "")}`;
  const body = bodyOf(MARKER, markdownOf(report), github.run);
  const [first] = own;
  if (first) {
    await github.ask("PATCH", `/issues/${first.number}`, { title, body });
    return `updated ${first.html_url}`;
  }
  const { html_url } = await github.ask<Issue>("POST", "/issues", { title, body, labels: [LABEL] });
  return `opened ${html_url}`;
}

async function close(issues: readonly Issue[], github: GitHub): Promise<string> {
  const body = `All stacks are as declared again.${github.run ? ` [Workflow run](${github.run})` : ""}`;
  for (const { number } of issues) {
    await github.ask("POST", `/issues/${number}/comments`, { body });
    await github.ask("PATCH", `/issues/${number}`, { state: "closed", state_reason: "completed" });
  }
  return issues.length > 0
    ? `closed ${issues.map(({ html_url }) => html_url).join(", ")}`
    : "no issue is open";
}
