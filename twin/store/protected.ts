import type { AccessApplication, Account } from "./account";

/** Whether an application of the account protects something at a host. */
export function protectsHost(account: Account, host: string): boolean {
  return [...account.accessApplications.values()].some(({ uris }) =>
    uris.some((uri) => hostPattern(uri).test(host)),
  );
}

/**
 * The application that protects a path: of those that do, the most specific one.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths/
 */
export function applicationAt(account: Account, host: string, path: string): AccessApplication | undefined {
  const found = [...account.accessApplications.values()].flatMap((application) =>
    application.uris
      .filter((uri) => hostPattern(uri).test(host) && pathPattern(uri).test(path))
      .map((uri) => ({ application, uri })),
  );
  // A path counts before a host, and what is spelled out before a wildcard.
  const rank = ({ uri }: { uri: string }) => [
    partsOf(uri).path.length,
    uri.includes("*") ? 0 : 1,
    uri.length,
  ];
  return found.sort((one, other) => compare(rank(other), rank(one)))[0]?.application;
}

function compare(one: number[], other: number[]): number {
  return one.map((value, index) => value - (other[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function partsOf(uri: string): { host: string; path: string } {
  const slash = uri.indexOf("/");
  return slash < 0 ? { host: uri, path: "" } : { host: uri.slice(0, slash), path: uri.slice(slash) };
}

/** A wildcard stays within its level of the name. */
function hostPattern(uri: string): RegExp {
  return new RegExp(`^${escaped(partsOf(uri).host).replaceAll("\\*", "[^.]*")}$`, "i");
}

/** Without a wildcard at its end, a path stands for what is below it too; a wildcard takes any number of levels. */
function pathPattern(uri: string): RegExp {
  const path = partsOf(uri)
    .path.replace(/^\/\*?$/, "")
    .replace(/(?<=[^*])\/$/, "");
  return new RegExp(`^${escaped(path).replaceAll("\\*", ".*")}${path.endsWith("*") ? "" : "(/.*)?"}$`);
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
