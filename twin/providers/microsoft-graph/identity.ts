/** Ids as the azuread plugin writes and prints them. */
import { randomGuid } from "../random/characters";

/** `/applications/<object id>` to the object id; other forms are refused as the plugin refuses them. */
export function objectId(id: string, segment: string): string {
  const [, found] = new RegExp(`^/${segment}/([^/]+)$`).exec(id) ?? [];
  if (found) return found;
  throw new Error(
    `[id] Parsing ID: parsing "${id}": the segment "${segment}" is missing: want "/${segment}/<id>"`,
  );
}

/** What the plugin calls a new object for a moment, to see that the directory knows it. */
export function temporaryName(): string {
  return `TERRAFORM_UPDATE_${randomGuid()}`;
}

/** Runs a call and puts the plugin's summary before its error. */
export async function naming<T>(summary: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new Error(`${summary}: ${(error as Error).message}`, { cause: error });
  }
}

/** `Service Principal (Service Principal: "<id>")` and the like, as the plugin prints ids. */
export function label(kind: string, id: string): string {
  return `${kind} (${kind}: "${id}")`;
}
