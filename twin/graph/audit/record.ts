import { recordAudit } from "../../store/audits";
import { applicationByAppId } from "../../store/store";
import type { Tenant } from "../../store/tenant";
import { applicationWire } from "../applications/application-wire";
import type { Answer, Call } from "../call";
import { policyWire } from "../conditional-access/policies";
import { groupWire } from "../groups/group-wire";
import { servicePrincipalWire } from "../service-principals/service-principal-wire";
import { ACTIVITIES, type Activity, type Kind } from "./activities";

/** A thing as the audit log shows it; no secret is in it. */
interface Seen {
  id: string;
  displayName: string | null;
  properties: Record<string, unknown>;
}

const KINDS: Record<
  Kind,
  { type: string; category: string; see(tenant: Tenant, id: string): Seen | undefined }
> = {
  application: {
    type: "Application",
    category: "ApplicationManagement",
    see(tenant, id) {
      const found = tenant.applications.get(id);
      return (
        found && { ...named(found), properties: { ...applicationWire(tenant, found), owners: found.owners } }
      );
    },
  },
  servicePrincipal: {
    type: "ServicePrincipal",
    category: "ApplicationManagement",
    see(tenant, id) {
      const found = tenant.servicePrincipals.get(id);
      if (!found) return undefined;
      const { secrets, jobs } = found.synchronization;
      const synchronization = { jobs, secrets: secrets.map(({ key, value = "*" }) => ({ key, value })) };
      const properties = { ...servicePrincipalWire(tenant, found), owners: found.owners, synchronization };
      return { id, displayName: nameOf(tenant, id), properties };
    },
  },
  group: {
    type: "Group",
    category: "GroupManagement",
    see(tenant, id) {
      const found = tenant.groups.get(id);
      const { members, owners } = found ?? {};
      return found && { ...named(found), properties: { ...groupWire(found), members, owners } };
    },
  },
  policy: {
    type: "Policy",
    category: "Policy",
    see(tenant, id) {
      const found = tenant.conditionalAccessPolicies.get(id);
      return found && { ...named(found), properties: policyWire(found) };
    },
  },
  grant: {
    type: "ServicePrincipal",
    category: "ApplicationManagement",
    see(tenant, id) {
      const found = tenant.grants.get(id);
      if (!found) return undefined;
      const properties = { "DelegatedPermissionGrant.Scope": found.scope };
      return { id: found.clientId, displayName: nameOf(tenant, found.clientId), properties };
    },
  },
  assignment: {
    type: "ServicePrincipal",
    category: "ApplicationManagement",
    see(tenant, id) {
      const found = tenant.appRoleAssignments.get(id);
      if (!found) return undefined;
      const properties = {
        "AppRole.Id": found.appRoleId,
        "AppRoleAssignment.PrincipalId": found.principalId,
      };
      return { id: found.resourceId, displayName: nameOf(tenant, found.resourceId), properties };
    },
  },
};

const named = ({ id, displayName }: { id: string; displayName: string }) => ({ id, displayName });

function nameOf(tenant: Tenant, principalId: string): string | null {
  const principal = tenant.servicePrincipals.get(principalId);
  return (principal && applicationByAppId(tenant, principal.appId)?.displayName) ?? null;
}

/**
 * Runs a call and, where it changed something, writes the tenant's audit log. What Graph refuses is not in it.
 *
 * @param name of the call, as in the permission table
 */
export async function audited(
  call: Call,
  name: string,
  handle: () => Promise<Answer> | Answer,
): Promise<Answer> {
  const activities = (ACTIVITIES[name] ?? []).map((activity) => ({
    activity,
    before: seeAt(call, activity, pathId(call, activity)),
  }));
  const answer = await handle();
  for (const { activity, before } of activities) {
    const { type, category } = KINDS[activity.kind];
    const after = seeAt(call, activity, pathId(call, activity) || answerId(answer, activity));
    const seen = after ?? before;
    if (!seen) continue;
    recordAudit(call.store, call.tenant, call.caller.user ?? call.caller.principal, {
      activityDisplayName: activity.name,
      category,
      operationType: activity.operation,
      loggedByService: activity.kind === "policy" ? "Conditional Access" : "Core Directory",
      target: {
        id: seen.id,
        displayName: seen.displayName,
        type,
        userPrincipalName: null,
        groupType: null,
        modifiedProperties: after ? modified(before?.properties ?? {}, after.properties) : [],
      },
    });
  }
  return answer;
}

/** Ids are found in any case, unless they are of a kind that has meaning in its case. */
function seeAt({ tenant }: Call, { kind }: Activity, id: string): Seen | undefined {
  return KINDS[kind].see(tenant, id) ?? KINDS[kind].see(tenant, id.toLowerCase());
}

function pathId(call: Call, { parameter = "id", kind, operation }: Activity): string {
  // The id in the path of what is made from a template is the template's.
  const made = operation === "Add" && ["application", "servicePrincipal"].includes(kind);
  return made ? "" : (call.c.req.param(parameter) ?? "");
}

function answerId({ body }: Answer, { kind }: Activity): string {
  const made = (body?.[kind] ?? body) as { id?: string } | undefined;
  return made?.id ?? "";
}

function modified(before: Record<string, unknown>, after: Record<string, unknown>) {
  const written = (value: unknown) => {
    const empty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    return empty ? null : JSON.stringify(value);
  };
  return Object.keys(after).flatMap((displayName) => {
    const [oldValue, newValue] = [written(before[displayName]), written(after[displayName])];
    return oldValue === newValue ? [] : [{ displayName, oldValue, newValue }];
  });
}
