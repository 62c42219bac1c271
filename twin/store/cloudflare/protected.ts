import type { AccessApplication, Account } from "./account";

/** Tells if an application of the account protects any path of a host. */
export function protectsHost(account: Account, host: string): boolean {
  return [...account.accessApplications.values()].some(({ uris }) =>
    uris.some((uri) => hostPattern(uri).test(host)),
  );
}

/**
 * Finds the most specific application that protects a path.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths/
 */
export function findApplicationAt(
  account: Account,
  host: string,
  path: string,
): AccessApplication | undefined {
  const matches = [...account.accessApplications.values()].flatMap((application) =>
    application.uris
      .filter((uri) => hostPattern(uri).test(host) && pathPattern(uri).test(path))
      .map((uri) => ({ application, uri })),
  );
  // A longer path wins over a longer host, and an exact name over a wildcard.
  const rank = ({ uri }: { uri: string }) => [
    splitUri(uri).path.length,
    uri.includes("*") ? 0 : 1,
    uri.length,
  ];
  return matches.sort((one, other) => compare(rank(other), rank(one)))[0]?.application;
}

function compare(one: number[], other: number[]): number {
  return one.map((value, index) => value - (other[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function splitUri(uri: string): { host: string; path: string } {
  const slash = uri.indexOf("/");
  return slash < 0 ? { host: uri, path: "" } : { host: uri.slice(0, slash), path: uri.slice(slash) };
}

/** Builds the pattern of a host, whose wildcards stay within one label. */
function hostPattern(uri: string): RegExp {
  return new RegExp(`^${escapeRegExp(splitUri(uri).host).replaceAll("\\*", "[^.]*")}$`, "i");
}

/** Builds the pattern of a path, which covers the paths below it; a wildcard matches any number of segments. */
function pathPattern(uri: string): RegExp {
  const path = splitUri(uri)
    .path.replace(/^\/\*?$/, "")
    .replace(/(?<=[^*])\/$/, "");
  return new RegExp(`^${escapeRegExp(path).replaceAll("\\*", ".*")}${path.endsWith("*") ? "" : "(/.*)?"}$`);
}

const escapeRegExp = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
