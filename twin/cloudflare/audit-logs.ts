import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Account, AuditLog } from "../store/account";
import type { Answer, Call, Operation } from "./call";
import { CloudflareError } from "./errors";
import { tokenId } from "./tokens";

const PATH = "/logs/audit";

/**
 * Version 2 of the account's audit log: https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/
 * and https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/methods/list/
 */
export const auditLogOperations: Operation[] = [
  {
    method: "GET",
    path: PATH,
    permission: "settings",
    query: ["since", "before", "direction", "limit", "cursor"],
    handle: list,
  },
];

const ACTIONS: Partial<Record<Operation["method"], AuditLog["action"]>> = {
  POST: "create",
  PUT: "update",
  PATCH: "update",
  DELETE: "delete",
};

/** Runs a call and, where it changed something, writes the log. What was refused is not in it. */
export async function audited(call: Call, { method, path, handle }: Operation): Promise<Answer> {
  const answer = await handle(call);
  const action = ACTIONS[method];
  if (!action) return answer;
  const { c, account, store } = call;
  const [product = "", ...kind] = path.split("/").filter((part) => part !== "" && !part.startsWith(":"));
  const { id, name } = (answer.result ?? {}) as { id?: string; name?: string };
  // Of an organization there is one, without an id; a tag is known by its name.
  const resourceId = id ?? (kind[0] === "tags" ? name : undefined);
  const entry: AuditLog = {
    id: randomUUID().replaceAll("-", ""),
    time: store.now().toISOString(),
    action,
    token: call.token.name,
    method,
    status: answer.status,
    uri: c.req.path.replace(/^\/client\/v4/, ""),
    ipAddress: "127.0.0.1",
    userAgent: c.req.header("user-agent") ?? "",
    rayId: randomBytes(8).toString("hex"),
    product,
    type: kind.join("_"),
    ...(resourceId !== undefined && { resourceId }),
  };
  account.auditLogs.set(entry.id, entry);
  return answer;
}

function list(call: Call): Answer {
  const [since, before] = [time(call, "since"), time(call, "before")];
  const limit = Number(option(call, "limit", /^([1-9]\d{0,2}|1000)$/, "a number from 1 to 1000") ?? 100);
  const all = [...call.account.auditLogs.values()].filter((entry) => {
    const at = Date.parse(entry.time);
    return since <= at && at < before;
  });
  if (option(call, "direction", /^(asc|desc)$/, "asc or desc") !== "asc") all.reverse();
  const from = startOf(call, all);
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  return {
    status: 200,
    result: items.map((entry) => wire(call.account, entry)),
    resultInfo: {
      count: String(items.length),
      ...(last && from + limit < all.length ? { cursor: cursorAt(last) } : {}),
    },
  };
}

const cursorAt = ({ id }: AuditLog) => Buffer.from(id, "hex").toString("base64url");

/** Where the page begins that the cursor points to. @throws CloudflareError 400 for one that no answer had */
function startOf({ c }: Call, all: AuditLog[]): number {
  const cursor = c.req.query("cursor");
  if (cursor === undefined) return 0;
  const last = all.findIndex((entry) => cursorAt(entry) === cursor);
  if (last < 0) throw refused("cursor is invalid");
  return last + 1;
}

/** Who did it is an account where the token is its own, and a person where it is theirs. */
function wire(account: Account, entry: AuditLog): Record<string, unknown> {
  const { id, name } = { id: account.id, name: account.organization.name };
  const user = account.tokens.find((token) => token.name === entry.token)?.user;
  return {
    id: entry.id,
    account: { id, name },
    action: {
      description: `${entry.action} ${entry.type.replaceAll("_", " ")}`,
      result: "success",
      time: entry.time,
      type: entry.action,
    },
    actor: {
      id: user === undefined ? id : createHash("md5").update(user).digest("hex"),
      context: "api_token",
      ...(user !== undefined && { email: user }),
      ip_address: entry.ipAddress,
      token_id: tokenId(account, entry.token),
      token_name: entry.token,
      type: user === undefined ? "account" : "user",
    },
    raw: {
      cf_ray_id: entry.rayId,
      method: entry.method,
      status_code: entry.status,
      uri: entry.uri,
      user_agent: entry.userAgent,
    },
    resource: {
      ...(entry.resourceId !== undefined && { id: entry.resourceId }),
      product: entry.product,
      scope: "accounts",
      type: entry.type,
    },
  };
}

/** A day in UTC, or a moment. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/;

function time(call: Call, name: "since" | "before"): number {
  const text = option(call, name, TIME, "a date or a timestamp of RFC 3339");
  const value = Date.parse(text ?? "");
  if (Number.isNaN(value)) throw refused(`${name} is required`);
  return value;
}

function option(call: Call, name: string, form: RegExp, wanted: string): string | undefined {
  const text = call.c.req.query(name);
  if (text !== undefined && !form.test(text)) throw refused(`${name} must be ${wanted}`);
  return text;
}

/** Of its errors Cloudflare documents that they are 4xx with a message. */
const refused = (why: string) => new CloudflareError(400, 1001, why);
