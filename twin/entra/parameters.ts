import type { Context } from "hono";
import { EntraNotServed, SignInError } from "./errors";

/** Telemetry parameters of Microsoft's client libraries. */
const TELEMETRY = /^(x-|client-request-id$)/i;

/** Reads the parameters of a page, which a browser sends in the address or by a form. */
export async function readParameters(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams(c.req.method === "POST" ? await c.req.text() : new URL(c.req.url).search);
}

/** @throws SignInError 900144 */
export function requireParameter(given: URLSearchParams, name: string): string {
  const value = given.get(name);
  if (!value) throw new SignInError(900144, { value: name });
  return value;
}

/** @throws EntraNotServed for parameters that the twin does not know */
export function refuseUnknownParameters(given: URLSearchParams, known: readonly string[]): void {
  const unknown = [...given.keys()].find((name) => !known.includes(name) && !TELEMETRY.test(name));
  if (unknown !== undefined) throw new EntraNotServed(`parameter ${unknown}`);
}
