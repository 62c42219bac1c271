/** The author of what a workflow writes with its own token. Nobody can register a name in brackets. */
export const WORKFLOW_AUTHOR = "github-actions[bot]";

/** Characters that GitHub accepts as the body of an issue or comment. */
const MAX_BODY_LENGTH = 65_536;

/** An issue or comment as the API returns it. */
export interface AuthoredText {
  readonly body?: string | null;
  readonly user?: { readonly login: string } | null;
}

/** Creates the invisible first line by which we find our own issue or comment. */
export const createMarker = (subject: "preview" | "drift" | "upgrade") => `<!-- entra-access:${subject} -->`;

/** Checks author and marker: others may write the marker too, and the author writes other things as well. */
export function isOwn({ body, user }: AuthoredText, marker: string, author: string): boolean {
  return user?.login === author && body?.startsWith(`${marker}\n`) === true;
}

/** Composes a body of marker, text and link to the run; a text that is too long is cut at the end of a line. */
export function composeBody(marker: string, text: string, runUrl: string | undefined): string {
  const footer = runUrl ? `\n[Workflow run](${runUrl})\n` : "";
  const whole = `${marker}\n${text.trimEnd()}\n${footer}`;
  if (whole.length <= MAX_BODY_LENGTH) return whole;
  const note =
    "\n\n**This text is incomplete**: it is too long for GitHub. The workflow run has all of it.\n";
  const closing = "\n\n</details>";
  const room = MAX_BODY_LENGTH - footer.length - note.length - closing.length;
  const kept = whole.slice(0, whole.lastIndexOf("\n", room));
  const isOpen = kept.split("<details>").length > kept.split("</details>").length;
  return `${kept}${isOpen ? closing : ""}${note}${footer}`;
}
