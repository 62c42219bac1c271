/** Compares what official plugins and stand-ins send for the same settings, and what they put into the state. */
import { HonoRequest } from "hono/request";
import type { Stack } from "../../ops/stacks";
import type { StateResource } from "../../ops/stacks/state/state";
import { isSecret } from "../../stand-ins/bridge/values";
import type { Twin } from "../../twin/index";

/**
 * Runs an operation, and describes the requests that it made and the state that it left: a line for each value, with
 * `*` for what the clouds generate.
 */
export async function recordRun(twin: Twin, stack: Stack, run: () => Promise<unknown>): Promise<string[]> {
  const before = twin.requests.length;
  const read = jest.spyOn(HonoRequest.prototype, "text");
  try {
    await run();
    const bodies = await Promise.all(read.mock.results.map(({ value }): Promise<string> => value));
    const writes = read.mock.contexts.map(({ method, path }, index) => ({
      method,
      path,
      body: bodies[index],
    }));
    const reads = twin.requests
      .slice(before)
      .filter(({ service }) => ["graph", "cloudflare"].includes(service));
    const resources: StateResource[] = (await stack.export()).deployment.resources ?? [];
    const suffixes = resources.filter(({ type }) => type.startsWith("random:")).map(({ id }) => String(id));
    return [
      ...reads.filter(({ method }) => method === "GET").map(({ path, query }) => `GET ${path} ${query}`),
      ...writes
        .filter(({ path }) => !path.endsWith("/token"))
        .flatMap(({ method, path, body }) => describeValue(`${method} ${path}`, JSON.parse(body || "null"))),
      ...resources
        .filter(({ id, type }) => id !== undefined && !type.startsWith("pulumi:"))
        .flatMap(({ urn, inputs, outputs }) =>
          Object.entries({ inputs, outputs }).flatMap(([part, values]) =>
            describeValue(`${urn.split("$").at(-1)} ${part}`, values),
          ),
        ),
    ].map((line) => maskGenerated(line, suffixes));
  } finally {
    read.mockRestore();
  }
}

/** Lists the lines that one of two recorded runs has more often. */
export function listDifferences(official: readonly string[], standIns: readonly string[]): string[] {
  const more = new Map<string, number>();
  for (const line of official) more.set(line, (more.get(line) ?? 0) + 1);
  for (const line of standIns) more.set(line, (more.get(line) ?? 0) - 1);
  return [...more]
    .filter(([, times]) => times !== 0)
    .map(
      ([line, times]) =>
        `${line}: ${Math.abs(times)} more by the ${times > 0 ? "official plugin" : "stand-in"}`,
    )
    .sort();
}

/** Lists the values in a value, with their paths; members that a bridge adds for itself are left out. */
function describeValue(path: string, value: unknown): string[] {
  if (isSecret(value)) return [`${path} is secret`];
  const entries = typeof value === "object" ? Object.entries(value ?? {}) : [];
  if (entries.length === 0) return [`${path} = ${JSON.stringify(value)}`];
  return entries
    .filter(([key]) => !key.startsWith("__"))
    .flatMap(([key, item]) => describeValue(Array.isArray(value) ? `${path}[]` : `${path}.${key}`, item));
}

/** Ids of Entra and Cloudflare, mail nicknames, ids of grants, client secrets and SCIM secrets. */
const GENERATED =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![\w-])(?:[0-9a-f]{32,64}|[0-9a-f]{8}-[0-9a-f]|[\w-]{43}|scim_[0-9a-f]+)(?![\w-])|"\S{5}~\S{34}"/gi;

function maskGenerated(line: string, suffixes: readonly string[]): string {
  return suffixes.reduce((text, suffix) => text.replace(suffix, "*"), line.replace(GENERATED, "*"));
}
