import type { AccessRequest } from "../../store/cloudflare/account";
import {
  answerPage,
  type CloudflareCall,
  type CloudflareOperation,
  type CloudflareResponse,
  readOption,
} from "../call";
import { invalidRequest } from "../errors";

/** Maximum number of entries per call: https://developers.cloudflare.com/api, `limit`. */
const MAX_ENTRIES = 1000;

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/logs */
export const accessRequestOperations: CloudflareOperation[] = [
  {
    call: "GET /access/logs/access_requests",
    permission: "logs",
    // `user_id` is accepted for compatibility, without effect.
    query: [
      "direction",
      "email",
      "emailOp",
      "email_exact",
      "fields",
      "limit",
      "page",
      "per_page",
      "since",
      "until",
      "user_id",
    ],
    handle: listRequests,
  },
];

/** Formats an entry as the API does. */
function toWire(entry: AccessRequest): Record<string, unknown> {
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

function listRequests(call: CloudflareCall): CloudflareResponse {
  const limit = readOption(call, "limit", /^[1-9]\d{0,3}$/, "a positive number");
  const direction = readOption(call, "direction", /^(asc|desc)$/, "asc or desc") ?? "desc";
  const [since, until] = [readTime(call, "since"), readTime(call, "until")];
  const entries = [...call.account.accessRequests.values()].filter(
    ({ createdAt, userEmail }) =>
      (since ?? 0) <= Date.parse(createdAt) &&
      Date.parse(createdAt) <= (until ?? Number.POSITIVE_INFINITY) &&
      isOfEmail(call, userEmail),
  );
  if (direction === "desc") entries.reverse();
  const first = entries.slice(0, Math.min(Number(limit ?? MAX_ENTRIES), MAX_ENTRIES));
  return answerPage(call, first, (entry) => selectFields(call, entry));
}

/** Matches `email`, by default as a part of the address; `email_exact` takes precedence over `emailOp`. */
function isOfEmail(call: CloudflareCall, userEmail: string): boolean {
  const email = call.c.req.query("email");
  const operator = readOption(call, "emailOp", /^(eq|neq|contains)$/, "eq, neq or contains");
  const exact = readOption(call, "email_exact", /^(true|false)$/, "true or false") === "true";
  if (email === undefined) return true;
  const matches = exact || operator === "eq" ? userEmail === email : userEmail.includes(email);
  return operator === "neq" ? !matches : matches;
}

function selectFields(call: CloudflareCall, entry: AccessRequest): Record<string, unknown> {
  const wire = toWire(entry);
  const fields = call.c.req.query("fields")?.split(",");
  return fields ? Object.fromEntries(Object.entries(wire).filter(([name]) => fields.includes(name))) : wire;
}

function readTime(call: CloudflareCall, name: string): number | undefined {
  const text = call.c.req.query(name);
  if (text === undefined) return undefined;
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw invalidRequest(`${name} must be a date and time`);
  return value;
}
