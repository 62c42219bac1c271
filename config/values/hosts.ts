/** Mail addresses, mail domains, host names and origins, all in lower case, in which they are compared. */
import { domainToASCII } from "node:url";
import * as z from "zod";

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const topLevel = `([a-z]{2,63}|xn--[a-z0-9-]{1,59})`;
const domain = String.raw`(${label}\.)+${topLevel}`;
/** At most one wildcard between two dots; the domain itself has none. */
const wildcardLabel = String.raw`(?=[^.]{1,63}\.)([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?|[a-z0-9_-]*\*[a-z0-9_-]*)`;
/** At most one wildcard between two slashes. */
const segment = String.raw`/([^\s/?#*]+|[^\s/?#*]*\*[^\s/?#*]*)`;

const EMAIL = new RegExp(`^[a-z0-9.!#$%&'+/=?^_\`{|}~-]+@${domain}$`);
export const HOST_NAME_PATTERN = new RegExp(`^${domain}$`);
export const APPLICATION_HOST_PATTERN = new RegExp(
  String.raw`^(${wildcardLabel}\.)*${label}\.${topLevel}(${segment})*$`,
);

/** A text that is folded to lower case as far as `fold` says; it is refused unless the pattern matches then. */
const foldedField = (expected: string, pattern: RegExp, fold = (text: string) => text.toLowerCase()) =>
  z
    .string(`must be ${expected}`)
    .overwrite(fold)
    .regex(pattern, { error: `must be ${expected}`, abort: true });

export const emailField = foldedField("an email address, without wildcards", EMAIL);
export const emailDomainField = foldedField('a domain such as "contoso.example"', HOST_NAME_PATTERN);
export const hostNameField = foldedField(
  'a host name such as "ledger.corp.contoso.example", without wildcards',
  HOST_NAME_PATTERN,
);
/** The path keeps its case, because Access distinguishes it. */
export const applicationHostField = foldedField(
  'a host name with or without a path, such as "wiki.contoso.example/hr", without a port or a query',
  APPLICATION_HOST_PATTERN,
  (text) => text.replace(/^[^/]+/, (host) => host.toLowerCase()),
);

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;
const ORIGIN =
  'an origin such as "https://app.contoso.example" or, on your own machine, "http://localhost:3000"';
export const originField = foldedField(
  ORIGIN,
  /^(https:\/\/[^\s*/]+|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/,
).refine(isOrigin, `must be ${ORIGIN}`);

/** Returns a host name with letters beyond ASCII in the notation that Cloudflare takes; the path stays. */
export function encodeHost(text: string): string {
  return text.replace(/[^/@:]+(?=$|\/)/, (host) => domainToASCII(host) || host);
}
