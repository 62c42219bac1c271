import type { GitHub } from "./api";
import { type AuthoredText, composeBody, createMarker, isOwn, WORKFLOW_AUTHOR } from "./body";

const MARKER = createMarker("preview");

/**
 * Creates our comment on a pull request, or updates the existing one.
 *
 * @param author the user that the token belongs to
 * @returns the comment's address
 */
export async function upsertComment(
  github: GitHub,
  pullRequest: number,
  text: string,
  author = WORKFLOW_AUTHOR,
): Promise<string> {
  const path = `/issues/${pullRequest}/comments`;
  const comments = await github.list<AuthoredText & { id: number }>(path);
  const own = comments.find((comment) => isOwn(comment, MARKER, author));
  const body = composeBody(MARKER, text, github.runUrl);
  const { html_url } = own
    ? await github.request<{ html_url: string }>("PATCH", `/issues/comments/${own.id}`, { body })
    : await github.request<{ html_url: string }>("POST", path, { body });
  return html_url;
}
