/** What people wrote, for one line of a terminal: nothing in it may steer that, or turn the direction of reading. */
export function replaceControlCharacters(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "?");
}

/**
 * What people wrote, for a line of Markdown: no mention, reference, link, picture or HTML may come of it. GitHub looks for
 * mentions and references in the text that Markdown makes, where an entity is a character again: a comment keeps the
 * sign apart from what follows.
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

/** What people wrote, as the content of an HTML element; within `code` GitHub looks for no mentions. */
export function escapeHtml(text: string): string {
  return replaceControlCharacters(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** A row of a table; the cells are what people wrote. */
export function formatMarkdownRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(" | ")} |`;
}

/** The first two lines of a table. */
export function formatMarkdownHeader(columns: readonly string[]): string[] {
  return [formatMarkdownRow(columns), `|${" --- |".repeat(columns.length)}`];
}
