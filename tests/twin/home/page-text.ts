/** Reads the twin's page. @param query with the question mark */
export async function readPage({ browserUrl }: { browserUrl: string }, query = ""): Promise<string> {
  const answer = await fetch(`${browserUrl}/${query}`);
  if (answer.status !== 200) throw new Error(`the twin's page must answer 200; found ${answer.status}`);
  return answer.text();
}

/** Returns the page as a reader without eyes for tags has it: text alone, one space between words. */
export function listWords(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replace(/\s+/g, " ");
}
