import type { AccessRequest } from "../../store/account";
import { type Answer, type Call, type Operation, page } from "../call";
import { invalidRequest } from "../errors";

/** The most entries that one call is given: https://developers.cloudflare.com/api, `limit`. */
const MOST = 1000;

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/logs */
export const accessRequestOperations: Operation[] = [
  {
    method: "GET",
    path: "/access/logs/access_requests",
    permission: "logs",
    // The last is taken for compatibility, and has no effect.
    query: [
      ...["direction", "email", "emailOp", "email_exact", "fields", "limit", "page", "per_page"],
      ...["since", "until", "user_id"],
    ],
    handle: list,
  },
];

/** An entry as the API shows it. */
function accessRequestWire(entry: AccessRequest): Record<string, unknown> {
  return {
    action: entry.action,
    allowed: entry.allowed,
    app_domain: entry.appDomain,
    ...(entry.appUid === undefined ? {} : { app_uid: entry.appUid }),
    connection: entry.connection,
    created_at: entry.createdAt,
    ip_address: entry.ipAddress,
    ray_id: entry.rayId,
    user_email: entry.userEmail,
  };
}

function list(call: Call): Answer {
  const limit = option(call, "limit", /^[1-9]\d{0,3}$/, "a positive number");
  const direction = option(call, "direction", /^(asc|desc)$/, "asc or desc") ?? "desc";
  const [since, until] = [time(call, "since"), time(call, "until")];
  const wanted = [...call.account.accessRequests.values()].filter(
    ({ createdAt, userEmail }) =>
      (since ?? 0) <= Date.parse(createdAt) &&
      Date.parse(createdAt) <= (until ?? Number.POSITIVE_INFINITY) &&
      isOfEmail(call, userEmail),
  );
  if (direction === "desc") wanted.reverse();
  const { items, info } = page(call, wanted.slice(0, Math.min(Number(limit ?? MOST), MOST)));
  return { status: 200, result: items.map((entry) => shown(call, entry)), resultInfo: info };
}

/** `email` is a part of the address unless told otherwise; `email_exact` goes before `emailOp`. */
function isOfEmail(call: Call, userEmail: string): boolean {
  const email = call.c.req.query("email");
  const operator = option(call, "emailOp", /^(eq|neq|contains)$/, "eq, neq or contains");
  const exact = option(call, "email_exact", /^(true|false)$/, "true or false") === "true";
  if (email === undefined) return true;
  const found = exact || operator === "eq" ? userEmail === email : userEmail.includes(email);
  return operator === "neq" ? !found : found;
}

function shown(call: Call, entry: AccessRequest): Record<string, unknown> {
  const wire = accessRequestWire(entry);
  const fields = call.c.req.query("fields")?.split(",");
  return fields ? Object.fromEntries(Object.entries(wire).filter(([name]) => fields.includes(name))) : wire;
}

function time(call: Call, name: string): number | undefined {
  const text = call.c.req.query(name);
  if (text === undefined) return undefined;
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw invalidRequest(`${name} must be a date and time`);
  return value;
}

function option(call: Call, name: string, form: RegExp, wanted: string): string | undefined {
  const text = call.c.req.query(name);
  if (text !== undefined && !form.test(text)) throw invalidRequest(`${name} must be ${wanted}`);
  return text;
}
