/** Whoever the workflow's own token writes as. Nobody can register a name in brackets. */
export const AUTHOR = "github-actions[bot]";

/** What GitHub takes as the body of an issue or a comment, in characters. */
export const MOST = 65_536;

/** An issue or comment as the API shows it. */
export interface Written {
  readonly body?: string | null;
  readonly user?: { readonly login: string } | null;
}

/** A line that no reader sees; by it we find what we wrote. */
export const markerOf = (subject: "preview" | "drift") => `<!-- entra-access:${subject} -->`;

/** Whether we wrote it: others may write the marker, too, and the author alone writes more than this. */
export function isOwn({ body, user }: Written, marker: string, author: string): boolean {
  return user?.login === author && body?.startsWith(`${marker}\n`) === true;
}

/** Marker, text, and where it comes from; a text that is too long is cut at the end of a line, and says so. */
export function bodyOf(marker: string, text: string, run: string | undefined): string {
  const footer = run ? `\n[Workflow run](${run})\n` : "";
  const whole = `${marker}\n${text.trimEnd()}\n${footer}`;
  if (whole.length <= MOST) return whole;
  const note = "\n\n**This is not all of it**: GitHub takes no more. The workflow run keeps the whole.\n";
  const closing = "\n\n</details>";
  const room = MOST - footer.length - note.length - closing.length;
  const kept = whole.slice(0, whole.lastIndexOf("\n", room));
  const open = kept.split("<details>").length > kept.split("</details>").length;
  return `${kept}${open ? closing : ""}${note}${footer}`;
}
