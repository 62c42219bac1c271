import type { Context } from "hono";
import type { z } from "zod";
import type { TwinEnv } from "../http/requests";
import type { Route } from "../http/routes";
import type { EntraTenant, ServicePrincipal, User } from "../store/entra/tenant";
import type { Store } from "../store/store";
import { accessDenied, badRequest, graphNotServed, malformedRequest, notFound } from "./errors";
import { splitPermissions } from "./permissions";

/** The caller according to the access token. */
export interface Caller {
  tenant: EntraTenant;
  /** The application's service principal, which may act for a user. */
  principal: ServicePrincipal;
  /** The user that the application acts for; absent when it acts as itself. */
  user?: User;
  /** Permissions in the token: application permissions (`roles`), or delegated ones for a user (`scp`). */
  permissions: string[];
}

/** An authorized call for its handler. */
export interface GraphCall {
  c: Context<TwinEnv>;
  store: Store;
  tenant: EntraTenant;
  caller: Caller;
  /** `v1.0` or `beta`. */
  version: string;
  /** Entries of the permission table that allow this call. */
  allowedBy: string[];
}

/** An object in the form of Graph's answers. */
export type WireObject = Record<string, unknown>;

const OWNED_BY = "Application.ReadWrite.OwnedBy";

/**
 * Refuses a change of an object that the caller does not own if `Application.ReadWrite.OwnedBy` is the only permission
 * that allows it. Reading is not restricted:
 * https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby
 */
export function requireOwner<T extends { owners: string[] }>(call: GraphCall, object: T): T {
  const ownedOnly = call.allowedBy.every((entry) => splitPermissions(entry).includes(OWNED_BY));
  if (ownedOnly && !object.owners.includes(call.caller.principal.id)) throw accessDenied();
  return object;
}

/** Refuses a caller without one of these permissions, where the table is too generous. */
export function requireAnyPermission({ caller }: GraphCall, permissions: readonly string[]): void {
  if (!permissions.some((permission) => caller.permissions.includes(permission))) throw accessDenied();
}

/** Returns the path parameter `{id}`. */
export function getPathId(call: GraphCall): string {
  return call.c.req.param("id") ?? "";
}

/** Finds the object of the path parameter `{id}`. @throws GraphError 404 */
export function findByPath<T>(call: GraphCall, objects: Map<string, T>, missing = notFound): T {
  const id = getPathId(call);
  const object = objects.get(id.toLowerCase()) ?? objects.get(id);
  if (!object) throw missing(id);
  return object;
}

export const findApplication = (call: GraphCall) => findByPath(call, call.tenant.applications);

/** Finds the application of the path if the caller may change it. */
export const findChangeableApplication = (call: GraphCall) => requireOwner(call, findApplication(call));

export const findServicePrincipal = (call: GraphCall) => findByPath(call, call.tenant.servicePrincipals);

/** Finds the service principal of the path if the caller may change it. */
export const findChangeablePrincipal = (call: GraphCall) => requireOwner(call, findServicePrincipal(call));

/** The documented properties that the twin does not accept in a body. */
export interface BodyRules {
  /** Name of the type in messages, for example `Application`. */
  type: string;
  /** Read-only properties, which are refused. */
  readOnly: string[];
  /** Properties that the twin does not serve, which are answered 501. */
  notServed: string[];
}

/**
 * Reads and validates a JSON body.
 *
 * @throws GraphError 400 for what Graph refuses, 501 for what the twin does not serve
 */
export async function readBody<T>(call: GraphCall, schema: z.ZodType<T>, rules: BodyRules): Promise<T> {
  const { req } = call.c;
  if (!/^application\/json\b/i.test(req.header("content-type") ?? "")) {
    throw malformedRequest(
      "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
    );
  }
  let body: unknown;
  try {
    body = JSON.parse(await req.text());
  } catch {
    throw malformedRequest(
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    );
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) refuseProperty(call, rules, [...issue.path, key].join("."));
    }
    if (issue.message.startsWith(NOT_SERVED)) {
      throw graphNotServed(req, `${issue.path.join(".")}: ${issue.message.slice(NOT_SERVED.length)}`);
    }
  }
  const [first] = result.error.issues;
  throw badRequest(
    `Invalid value specified for property '${String(first?.path[0])}' of resource '${rules.type}'. ${first?.path.join(".")}: ${first?.message}`,
  );
}

/** Prefix of a schema's message for a value that Graph may accept but the twin does not serve. */
export const NOT_SERVED = "not served: ";

function refuseProperty(call: GraphCall, rules: BodyRules, property: string): never {
  if (rules.readOnly.includes(property)) {
    throw badRequest(`Property '${property}' is read-only and cannot be set.`);
  }
  if (rules.notServed.includes(property)) {
    throw graphNotServed(call.c.req, `property ${property}`);
  }
  throw badRequest(`Invalid property '${property}'.`);
}

/**
 * An operation of Microsoft Graph that the twin serves; its call is the key into the permission table, and its handler
 * returns the body of the answer.
 */
export interface GraphOperation extends Route<[call: GraphCall], WireObject | null> {
  /** Default: 201 for POST, 200 for other methods; 204 where the handler returns null. */
  status?: 200;
  /** Default: `v1.0`. */
  version?: "beta";
  /** Served query options; others are answered 501. Default: none. */
  query?: string[];
}
