import type { DirectoryAudit } from "../../store/tenant";
import { type Call, idOf, type Operation } from "../call";
import { notFound, notServed } from "../errors";
import { collection, entity, PAGED } from "../query";

const TYPE = "auditLogs/directoryAudits";

/**
 * The audit log of the tenant, the newest first.
 *
 * Sources: https://learn.microsoft.com/graph/api/directoryaudit-list and `directoryaudit-get`.
 */
export const directoryAuditOperations: Operation[] = [
  {
    call: "GET /auditLogs/directoryAudits",
    query: ["$filter", ...PAGED.filter((option) => option !== "$count")],
    handle(call) {
      const matches = wanted(call);
      const audits = [...call.tenant.directoryAudits.values()].reverse().filter(matches);
      const wires = audits.map((audit) => ({ ...audit }));
      return { status: 200, body: collection(call, TYPE, wires, { filtered: true, paged: true }) };
    },
  },
  {
    call: "GET /auditLogs/directoryAudits/{id}",
    handle(call) {
      const audit = call.tenant.directoryAudits.get(idOf(call));
      if (!audit) throw notFound(idOf(call));
      return { status: 200, body: entity(call, TYPE, { ...audit }) };
    },
  },
];

const CLAUSE =
  /\s*(?:([\w/]+)\s+(eq|ge|le)\s+(?:'((?:[^']|'')*)'|(\d[\d:TZ.-]+))|targetResources\/any\(\s*(\w+)\s*:\s*\5\/id\s+eq\s+'([^']*)'\s*\))\s*(?:\band\b|$)/giy;

/** Texts that `$filter` compares with `eq`. */
const TEXTS: Record<string, (audit: DirectoryAudit) => string | null | undefined> = {
  activityDisplayName: (audit) => audit.activityDisplayName,
  category: (audit) => audit.category,
  loggedByService: (audit) => audit.loggedByService,
  "initiatedBy/app/appId": (audit) => audit.initiatedBy.app?.appId,
  "initiatedBy/app/displayName": (audit) => audit.initiatedBy.app?.displayName,
  "initiatedBy/user/id": (audit) => audit.initiatedBy.user?.id,
  "initiatedBy/user/userPrincipalName": (audit) => audit.initiatedBy.user?.userPrincipalName,
};

/** @throws GraphError 501 for a filter that the twin cannot judge */
function wanted(call: Call): (audit: DirectoryAudit) => boolean {
  const text = call.c.req.query("$filter") ?? "";
  const clause = new RegExp(CLAUSE);
  const conditions: ((audit: DirectoryAudit) => boolean)[] = [];
  while (clause.lastIndex < text.length) {
    const [, name = "", operator, literal, time = "", , target] = clause.exec(text) ?? [];
    const textOf = TEXTS[name];
    const at = Date.parse(time);
    if (target !== undefined)
      conditions.push((audit) => audit.targetResources.some(({ id }) => id === target));
    else if (textOf && operator === "eq" && literal !== undefined) {
      conditions.push((audit) => textOf(audit) === literal.replaceAll("''", "'"));
    } else if (name === "activityDateTime" && operator && !Number.isNaN(at)) {
      const holds = { eq: (a: number) => a === at, ge: (a: number) => a >= at, le: (a: number) => a <= at }[
        operator
      ];
      if (!holds) throw notServed("GET", call.c.req.path, `$filter=${text}`);
      conditions.push((audit) => holds(Date.parse(audit.activityDateTime)));
    } else throw notServed("GET", call.c.req.path, `$filter=${text}`);
  }
  return (audit) => conditions.every((condition) => condition(audit));
}
