import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { Route } from "../http/routes";
import type { Account, ApiToken } from "../store/cloudflare/account";
import { matchesSecretHash } from "../store/secrets";
import type { Store } from "../store/store";
import {
  authenticationError,
  CloudflareError,
  cloudflareNotServed,
  invalidApiToken,
  invalidRequest,
} from "./errors";

/** An authorized call for its handler. */
export interface CloudflareCall {
  c: Context<TwinEnv>;
  store: Store;
  account: Account;
  /** The caller's token. */
  token: ApiToken;
}

/** The answer of a handler. */
export interface CloudflareResponse {
  status: 200 | 201 | 202;
  result: unknown;
  resultInfo?: ResultInfo | CursorInfo;
  messages?: { code: number; message: string; type: null }[];
}

/** https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/#pagination */
export interface ResultInfo {
  page: number;
  per_page: number;
  count: number;
  total_count: number;
  total_pages: number;
}

/** Information about a page by cursor; the last page has none. */
export interface CursorInfo {
  count: string;
  cursor?: string;
}

/**
 * The permissions of API tokens, each with a `Read` and a `Write` variant:
 * https://developers.cloudflare.com/fundamentals/api/reference/permissions/
 */
export const TOKEN_PERMISSIONS = {
  organization: "Access: Organizations, Identity Providers, and Groups",
  applications: "Access: Apps and Policies",
  logs: "Access: Audit Logs",
  serviceTokens: "Access: Service Tokens",
  users: "Access: Users",
  tokens: "Account API Tokens",
  settings: "Account Settings",
  tunnels: "Cloudflare Tunnel",
  gateway: "Zero Trust",
} as const;

/**
 * Authorizes a token for the account in the path, or a token of a user.
 *
 * @throws CloudflareError 400 for a missing or malformed header, 403/10000 for a token without the permission, 401/1000
 * for an unknown one when no permission is required
 */
export function authorizeCall(
  c: Context<TwinEnv>,
  store: Store,
  permission: CloudflareOperation["permission"],
): Pick<CloudflareCall, "account" | "token"> {
  if (permission === "user") return authorizeUser(c, store);
  if (c.req.header("x-auth-key")) throw cloudflareNotServed(c.req, "API keys");
  const header = c.req.header("authorization");
  if (!header) {
    throw new CloudflareError(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  }
  const token = /^Bearer ([0-9A-Za-z_-]{40,80})$/.exec(header)?.[1];
  if (!token) {
    throw new CloudflareError(400, 6003, "Invalid request headers", [
      { code: 6111, message: "Invalid format for Authorization header" },
    ]);
  }
  const id = c.req.param("account") ?? "";
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw new CloudflareError(
      404,
      7003,
      `Could not route to ${c.req.path}, perhaps your object identifier is invalid?`,
      [{ code: 7000, message: "No route for that URI" }],
    );
  }
  const account = store.accounts.get(id);
  const known = account?.tokens.find((t) => matchesSecretHash(t.hash, token) && !hasExpired(t, store));
  if (!account || !known) throw permission === "any" ? invalidApiToken() : authenticationError();
  c.set("caller", known.name);
  const authorized = { account, token: known };
  if (permission === "any") return authorized;
  const name = TOKEN_PERMISSIONS[permission];
  const enough = c.req.method === "GET" ? [`${name} Write`, `${name} Read`] : [`${name} Write`];
  if (!enough.some((one) => known.permissions.includes(one))) throw authenticationError();
  return authorized;
}

/** @throws CloudflareError 401/1000 */
function authorizeUser(c: Context<TwinEnv>, store: Store): Pick<CloudflareCall, "account" | "token"> {
  const sent = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
  for (const account of store.accounts.values()) {
    const token = account.tokens.find(
      (one) => one.user !== undefined && matchesSecretHash(one.hash, sent) && !hasExpired(one, store),
    );
    if (!token) continue;
    c.set("caller", token.name);
    return { account, token };
  }
  throw invalidApiToken();
}

/** Tells if a token has expired. Cloudflare answers then as to an unknown one, which is a guess. */
export function hasExpired({ expiresOn }: ApiToken, store: Store): boolean {
  return expiresOn !== undefined && Date.parse(expiresOn) <= store.now().getTime();
}

/** Reads the JSON body. @throws CloudflareError 400 */
export async function readJsonBody(call: CloudflareCall): Promise<unknown> {
  try {
    return JSON.parse(await call.c.req.text());
  } catch {
    throw invalidRequest("the body must be valid JSON");
  }
}

/** Reads a query parameter. @param invalid creates the refusal of the product; default: Access @throws CloudflareError 400 */
export function readOption(
  { c }: CloudflareCall,
  name: string,
  form: RegExp,
  expected: string,
  invalid: (why: string) => CloudflareError = invalidRequest,
): string | undefined {
  const text = c.req.query(name);
  if (text !== undefined && !form.test(text)) throw invalid(`${name} must be ${expected}`);
  return text;
}

/**
 * Answers with a page of a list. A page past the end is empty, by which SDKs and provider find the end.
 *
 * @throws CloudflareError 400 when `page` or `per_page` is not a positive number
 */
export function answerPage<T>(
  call: CloudflareCall,
  all: T[],
  toWire: (item: T) => object,
): CloudflareResponse {
  const number = (name: string, fallback: number) =>
    Number(readOption(call, name, /^[1-9]\d{0,5}$/, "a positive number") ?? fallback);
  const [current, perPage] = [number("page", 1), number("per_page", 25)];
  const items = all.slice((current - 1) * perPage, current * perPage);
  const resultInfo = {
    page: current,
    per_page: perPage,
    count: items.length,
    total_count: all.length,
    total_pages: Math.ceil(all.length / perPage),
  };
  return { status: 200, result: items.map(toWire), resultInfo };
}

/** Refuses query parameters that the operation does not serve. */
export function refuseUnservedQuery(call: CloudflareCall, served: string[]): void {
  for (const name of Object.keys(call.c.req.queries())) {
    if (!served.includes(name)) throw cloudflareNotServed(call.c.req, `parameter ${name}`);
  }
}

/** An operation of API v4 that the twin serves; its path is the one below `/accounts/{account}`. */
export interface CloudflareOperation extends Route<[call: CloudflareCall], CloudflareResponse> {
  /**
   * Required permission, in the `Write` variant unless the method is GET; `any`: any valid token. With `user`, the token
   * must be one of a user, and the path is the one below `/user`.
   */
  permission: keyof typeof TOKEN_PERMISSIONS | "any" | "user";
  /** Served query parameters; others are answered 501. Default: none. */
  query?: string[];
}
