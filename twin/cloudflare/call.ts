import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { Account, ApiToken } from "../store/account";
import { type Store, secretMatches } from "../store/store";
import { authenticationError, CloudflareError, invalidRequest, invalidToken, notServed } from "./errors";

/** One authorised call, as its handler sees it. */
export interface Call {
  c: Context<TwinEnv>;
  store: Store;
  account: Account;
  /** Whose call it is. */
  token: ApiToken;
}

/** What a handler answers. */
export interface Answer {
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

/** The same where pages are found by a cursor, which the last one does not have. */
export interface CursorInfo {
  count: string;
  cursor?: string;
}

/**
 * What API tokens are permitted, each to read or to write:
 * https://developers.cloudflare.com/fundamentals/api/reference/permissions/
 */
export const PERMISSIONS = {
  organization: "Access: Organizations, Identity Providers, and Groups",
  applications: "Access: Apps and Policies",
  logs: "Access: Audit Logs",
  serviceTokens: "Access: Service Tokens",
  tokens: "Account API Tokens",
  settings: "Account Settings",
  tunnels: "Cloudflare Tunnel",
  gateway: "Zero Trust",
} as const;

/**
 * The token, and the account that the path names, once it has been found good for it.
 *
 * @throws CloudflareError 400 for a header that is missing or malformed, 403/10000 for a token that may not, 401/1000
 * for one that is unknown where any will do
 */
export function authorize(
  c: Context<TwinEnv>,
  store: Store,
  { method, permission }: Operation,
): Pick<Call, "account" | "token"> {
  if (c.req.header("x-auth-key")) throw notServed(c.req.method, c.req.path, "API keys");
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
  const known = account?.tokens.find((t) => secretMatches(t.hash, token));
  if (!account || !known) throw permission === "any" ? invalidToken() : authenticationError();
  c.set("caller", known.name);
  const authorized = { account, token: known };
  if (permission === "any") return authorized;
  const name = PERMISSIONS[permission];
  const enough = method === "GET" ? [`${name} Write`, `${name} Read`] : [`${name} Write`];
  if (!enough.some((one) => known.permissions.includes(one))) throw authenticationError();
  return authorized;
}

/** The JSON body. @throws CloudflareError 400 */
export async function jsonBody(call: Call): Promise<unknown> {
  try {
    return JSON.parse(await call.c.req.text());
  } catch {
    throw invalidRequest("the body is not valid JSON");
  }
}

/**
 * One page of a list. A page past the end is empty, which is how the SDKs and the provider find the end.
 *
 * @throws CloudflareError 400 when `page` or `per_page` is no positive number
 */
export function page<T>(call: Call, all: T[]): { items: T[]; info: ResultInfo } {
  const number = (name: string, fallback: number) => {
    const text = call.c.req.query(name);
    if (text === undefined) return fallback;
    if (!/^[1-9]\d{0,5}$/.test(text)) throw invalidRequest(`${name} must be a positive number`);
    return Number(text);
  };
  const current = number("page", 1);
  const perPage = number("per_page", 25);
  const items = all.slice((current - 1) * perPage, current * perPage);
  const info = {
    page: current,
    per_page: perPage,
    count: items.length,
    total_count: all.length,
    total_pages: Math.ceil(all.length / perPage),
  };
  return { items, info };
}

/** Refuses query parameters that the operation does not take. */
export function checkQuery(call: Call, served: string[]): void {
  for (const name of Object.keys(call.c.req.queries())) {
    if (!served.includes(name)) throw notServed(call.c.req.method, call.c.req.path, `parameter ${name}`);
  }
}

/** A call of API v4 that the twin serves. */
export interface Operation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/accounts/{account_id}`. */
  path: string;
  /** To write, where the method is not GET; `any`: the token itself is enough. */
  permission: keyof typeof PERMISSIONS | "any";
  /** Query parameters it takes; any other is answered 501. Default: none. */
  query?: string[];
  handle(call: Call): Answer | Promise<Answer>;
}
