import type { Context } from "hono";
import type { z } from "zod";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import type { ServicePrincipal, Tenant, User } from "../store/tenant";
import { badRequest, denied, malformed, notServed } from "./errors";
import { allOf } from "./permissions";

/** Who calls, as the access token says. */
export interface Caller {
  tenant: Tenant;
  /** The application's; for a delegated token, the one that acts for the user. */
  principal: ServicePrincipal;
  /** Whom the application acts for; absent when it acts for itself. */
  user?: User;
  /** In the token: application permissions (`roles`), for a user delegated ones (`scp`). */
  permissions: string[];
}

/** One authorised call, as its handler sees it. */
export interface Call {
  c: Context<TwinEnv>;
  store: Store;
  tenant: Tenant;
  caller: Caller;
  /** `v1.0` or `beta`. */
  version: string;
  /** Entries of the permission table that allow the caller this call. */
  allowedBy: string[];
}

/** What a handler answers; no body means 204. */
export interface Answer {
  status: 200 | 201 | 204;
  body?: Record<string, unknown>;
}

const OWNED_BY = "Application.ReadWrite.OwnedBy";

/**
 * Refuses a change that is allowed by `Application.ReadWrite.OwnedBy` alone to an object that the caller does
 * not own. Reading is not restricted:
 * https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby
 */
export function requireOwner(call: Call, object: { owners: string[] }): void {
  const ownedOnly = call.allowedBy.every((entry) => allOf(entry).includes(OWNED_BY));
  if (ownedOnly && !object.owners.includes(call.caller.principal.id)) throw denied();
}

/** The parameter `{id}` of the path. */
export function idOf(call: Call): string {
  return call.c.req.param("id") ?? "";
}

/** Documented properties that a body may carry on the real service, and how the twin takes them. */
export interface BodyRules {
  /** Name of the type in messages, for example `Application`. */
  type: string;
  /** Documented, but read-only: refused. */
  readOnly: string[];
  /** Documented, but not judged by the twin: answered 501. */
  notJudged: string[];
}

/**
 * Reads and checks a JSON body.
 *
 * @throws GraphError 400 for what Graph refuses, 501 for what the twin cannot judge
 */
export async function readBody<T>(call: Call, schema: z.ZodType<T>, rules: BodyRules): Promise<T> {
  const { req } = call.c;
  if (!/^application\/json\b/i.test(req.header("content-type") ?? "")) {
    throw malformed("Write requests (excluding DELETE) must contain the Content-Type header declaration.");
  }
  let body: unknown;
  try {
    body = JSON.parse(await req.text());
  } catch {
    throw malformed(
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    );
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) refuseProperty(call, rules, [...issue.path, key].join("."));
    }
    if (issue.message.startsWith(NOT_JUDGED)) {
      throw notServed(
        req.method,
        req.path,
        `${issue.path.join(".")}: ${issue.message.slice(NOT_JUDGED.length)}`,
      );
    }
  }
  const [first] = result.error.issues;
  throw badRequest(
    `Invalid value specified for property '${String(first?.path[0])}' of resource '${rules.type}'. ${first?.path.join(".")}: ${first?.message}`,
  );
}

/** Prefix of a schema's message for a value that Graph may take and the twin cannot judge. */
export const NOT_JUDGED = "not judged: ";

function refuseProperty(call: Call, rules: BodyRules, property: string): never {
  if (rules.readOnly.includes(property)) {
    throw badRequest(`Property '${property}' is read-only and cannot be set.`);
  }
  if (rules.notJudged.includes(property)) {
    throw notServed(call.c.req.method, call.c.req.path, `property ${property}`);
  }
  throw badRequest(`Invalid property '${property}'.`);
}

/** A call of Microsoft Graph that the twin serves. */
export interface Operation {
  /** Method and path template, the key into the permission table. */
  call: string;
  /** Default: `v1.0`. */
  version?: "beta";
  /** Query options it takes; any other is answered 501. Default: none. */
  query?: string[];
  handle(call: Call): Answer | Promise<Answer>;
}
