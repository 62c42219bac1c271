import type { DirectoryAudit } from "../../store/entra/tenant";
import { type GraphCall, type GraphOperation, getPathId } from "../call";
import { graphNotServed, notFound } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";

const TYPE = "auditLogs/directoryAudits";

/**
 * Operations on the tenant's audit log, newest first.
 *
 * Sources: https://learn.microsoft.com/graph/api/directoryaudit-list and `directoryaudit-get`.
 */
export const directoryAuditOperations: GraphOperation[] = [
  {
    call: "GET /auditLogs/directoryAudits",
    query: ["$filter", "$orderby", ...PAGING_OPTIONS.filter((option) => option !== "$count")],
    handle(call) {
      const matches = compileAuditFilter(call);
      const oldestFirst = [...call.tenant.directoryAudits.values()].filter(matches);
      const audits = isOldestFirst(call) ? oldestFirst : oldestFirst.reverse();
      const wires = audits.map((audit) => ({ ...audit }));
      return formatCollection(call, TYPE, wires, { isFiltered: true, isPaged: true });
    },
  },
  {
    call: "GET /auditLogs/directoryAudits/{id}",
    handle(call) {
      const audit = call.tenant.directoryAudits.get(getPathId(call));
      if (!audit) throw notFound(getPathId(call));
      return formatEntity(call, TYPE, { ...audit });
    },
  },
];

/** Reads `$orderby`, for which only the time is documented: https://learn.microsoft.com/graph/api/resources/directoryaudit */
function isOldestFirst({ c: { req } }: GraphCall): boolean {
  const order = req.query("$orderby") ?? "activityDateTime desc";
  const direction = /^activityDateTime(?: (asc|desc))?$/.exec(order);
  if (!direction) throw graphNotServed(req, `$orderby=${order}`);
  return direction[1] !== "desc";
}

const CLAUSE =
  /\s*(?:([\w/]+)\s+(eq|ge|le)\s+(?:'((?:[^']|'')*)'|(\d[\d:TZ.-]+))|targetResources\/any\(\s*(\w+)\s*:\s*\5\/id\s+eq\s+'([^']*)'\s*\))\s*(?:\band\b|$)/giy;

/** Properties that `$filter` compares with `eq`. */
const TEXTS: Record<string, (audit: DirectoryAudit) => string | null | undefined> = {
  activityDisplayName: (audit) => audit.activityDisplayName,
  category: (audit) => audit.category,
  loggedByService: (audit) => audit.loggedByService,
  "initiatedBy/app/appId": (audit) => audit.initiatedBy.app?.appId,
  "initiatedBy/app/displayName": (audit) => audit.initiatedBy.app?.displayName,
  "initiatedBy/user/id": (audit) => audit.initiatedBy.user?.id,
  "initiatedBy/user/userPrincipalName": (audit) => audit.initiatedBy.user?.userPrincipalName,
};

/** Compiles `$filter`. @throws GraphError 501 for a filter that the twin does not serve */
function compileAuditFilter(call: GraphCall): (audit: DirectoryAudit) => boolean {
  const text = call.c.req.query("$filter") ?? "";
  const clause = new RegExp(CLAUSE);
  const conditions: ((audit: DirectoryAudit) => boolean)[] = [];
  while (clause.lastIndex < text.length) {
    const [, name = "", operator, literal, time = "", , target] = clause.exec(text) ?? [];
    const getText = TEXTS[name];
    const at = Date.parse(time);
    if (target !== undefined)
      conditions.push((audit) => audit.targetResources.some(({ id }) => id === target));
    else if (getText && operator === "eq" && literal !== undefined) {
      conditions.push((audit) => getText(audit) === literal.replaceAll("''", "'"));
    } else if (name === "activityDateTime" && operator && !Number.isNaN(at)) {
      const compare = { eq: (a: number) => a === at, ge: (a: number) => a >= at, le: (a: number) => a <= at }[
        operator
      ];
      if (!compare) throw graphNotServed(call.c.req, `$filter=${text}`);
      conditions.push((audit) => compare(Date.parse(audit.activityDateTime)));
    } else throw graphNotServed(call.c.req, `$filter=${text}`);
  }
  return (audit) => conditions.every((condition) => condition(audit));
}
