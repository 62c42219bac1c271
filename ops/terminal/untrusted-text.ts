/** Replaces characters that would control a terminal or change the direction of text. */
export function replaceControlCharacters(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "?");
}

/**
 * Escapes text for a line of Markdown, so that it contains no mention, reference, link, picture or HTML. GitHub looks for
 * mentions and references in the rendered text, where an entity is a character again, so an HTML comment separates the
 * sign from the text after it.
 */
export function escapeMarkdown(text: string): string {
  return replaceControlCharacters(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\`*_{}[\]()#!|~>]/g, "\\$&")
    .replace(/#(?=\d)|www(?=\.)/gi, "$&<!-- -->")
    .replace(/@/g, "&#64;<!-- -->")
    .replace(/:/g, "&#58;");
}

/** Escapes text for the content of an HTML element; within `code`, GitHub looks for no mentions. */
export function escapeHtml(text: string): string {
  return replaceControlCharacters(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Formats a row of a Markdown table and escapes its cells. */
export function formatMarkdownRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(" | ")} |`;
}

/** Formats lines that are shown once somebody opens them. @param summary HTML */
export function formatMarkdownFold(summary: string, lines: readonly string[]): string[] {
  return ["", "<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

export function formatMarkdownHeader(columns: readonly string[]): string[] {
  return [formatMarkdownRow(columns), `|${" --- |".repeat(columns.length)}`];
}
