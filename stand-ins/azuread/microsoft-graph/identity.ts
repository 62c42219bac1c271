/** Ids in the formats of the azuread plugin. */
import { createRandomGuid } from "../../random/characters";

/** Parses the object id of `/applications/<object id>`. @throws Error with the plugin's message */
export function parseObjectId(id: string, segment: string): string {
  const [, object] = new RegExp(`^/${segment}/([^/]+)$`).exec(id) ?? [];
  if (object) return object;
  throw new Error(
    `[id] Parsing ID: parsing "${id}": the segment "${segment}" is missing: want "/${segment}/<id>"`,
  );
}

/** Creates the temporary name by which the plugin checks that the directory knows a new object. */
export function createTemporaryName(): string {
  return `TERRAFORM_UPDATE_${createRandomGuid()}`;
}

/** Runs a call and prefixes errors with the plugin's summary. */
export async function withSummary<T>(summary: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new Error(`${summary}: ${(error as Error).message}`, { cause: error });
  }
}

/** Formats an id like the plugin, for example `Service Principal (Service Principal: "<id>")`. */
export function formatIdLabel(kind: string, id: string): string {
  return `${kind} (${kind}: "${id}")`;
}
