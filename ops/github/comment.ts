import type { GitHub } from "./api";
import { AUTHOR, bodyOf, isOwn, markerOf, type Written } from "./own";

const MARKER = markerOf("preview");

/**
 * Puts a text into the pull request's one comment of ours: makes it, or changes the one that is there.
 *
 * @param author whoever the token writes as
 * @returns the comment's address
 */
export async function commentOn(
  github: GitHub,
  pullRequest: number,
  text: string,
  author = AUTHOR,
): Promise<string> {
  const path = `/issues/${pullRequest}/comments`;
  const comments = await github.list<Written & { id: number }>(path);
  const own = comments.find((comment) => isOwn(comment, MARKER, author));
  const body = bodyOf(MARKER, text, github.run);
  const { html_url } = own
    ? await github.ask<{ html_url: string }>("PATCH", `/issues/comments/${own.id}`, { body })
    : await github.ask<{ html_url: string }>("POST", path, { body });
  return html_url;
}
