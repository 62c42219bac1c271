import { type AuditTarget, recordAudit } from "../../store/entra/audits";
import { findUser } from "../../store/entra/directory";
import type { EntraTenant } from "../../store/entra/tenant";
import { findApplicationByAppId } from "../../store/store";
import { toApplicationWire } from "../applications/application-wire";
import type { GraphCall, GraphOperation, WireObject } from "../call";
import { toNamedLocationWire } from "../conditional-access/named-locations";
import { toConditionalAccessWire } from "../conditional-access/policies";
import { findObjectKind } from "../directory-objects";
import { toGroupWire } from "../groups/group-wire";
import { toServicePrincipalWire } from "../service-principals/service-principal-wire";
import { maskSecrets } from "../synchronization/secrets";
import { toUserWire } from "../users/user-wire";
import { ACTIVITIES, type Activity, type AuditedKind } from "./activities";

/** An object in the form of the audit log, without secrets. */
interface AuditedObject {
  id: string;
  displayName: string | null;
  properties: Record<string, unknown>;
}

type Describe = (tenant: EntraTenant, id: string) => AuditedObject | undefined;

/** Describes objects by their own id and name. */
const describeBy =
  <T extends Pick<AuditedObject, "id" | "displayName">>(
    find: (tenant: EntraTenant, id: string) => T | undefined,
    getProperties: (found: T, tenant: EntraTenant) => Record<string, unknown>,
  ): Describe =>
  (tenant, id) => {
    const found = find(tenant, id);
    if (!found) return undefined;
    return { id: found.id, displayName: found.displayName, properties: getProperties(found, tenant) };
  };

const APPLICATIONS = "ApplicationManagement";

const KINDS: Record<AuditedKind, { type: string; category: string; describe: Describe }> = {
  application: {
    type: "Application",
    category: APPLICATIONS,
    describe: describeBy(
      ({ applications }, id) => applications.get(id),
      (found, tenant) => ({ ...toApplicationWire(tenant, found), owners: found.owners }),
    ),
  },
  servicePrincipal: {
    type: "ServicePrincipal",
    category: APPLICATIONS,
    describe(tenant, id) {
      const found = tenant.servicePrincipals.get(id);
      if (!found) return undefined;
      const { secrets, jobs } = found.synchronization;
      const synchronization = {
        jobs: jobs.map(({ id, templateId, state }) => ({ id, templateId, state })),
        secrets: maskSecrets(secrets),
      };
      const properties = { ...toServicePrincipalWire(tenant, found), owners: found.owners, synchronization };
      return { id, displayName: findPrincipalName(tenant, id), properties };
    },
  },
  group: {
    type: "Group",
    category: "GroupManagement",
    describe: describeBy(
      ({ groups }, id) => groups.get(id),
      (found) => ({ ...toGroupWire(found), members: found.members, owners: found.owners }),
    ),
  },
  user: { type: "User", category: "UserManagement", describe: describeBy(findUser, toUserWire) },
  policy: {
    type: "Policy",
    category: "Policy",
    describe: describeBy((tenant, id) => tenant.conditionalAccessPolicies.get(id), toConditionalAccessWire),
  },
  location: {
    type: "Policy",
    category: "Policy",
    describe: describeBy(({ namedLocations }, id) => namedLocations.get(id), toNamedLocationWire),
  },
  context: {
    type: "Policy",
    category: "Policy",
    describe: describeBy(
      (tenant, id) => tenant.authenticationContexts.get(id),
      (found) => ({ ...found }),
    ),
  },
  grant: {
    type: "ServicePrincipal",
    category: APPLICATIONS,
    describe(tenant, id) {
      const found = tenant.grants.get(id);
      if (!found) return undefined;
      const properties = { "DelegatedPermissionGrant.Scope": found.scope };
      return { id: found.clientId, displayName: findPrincipalName(tenant, found.clientId), properties };
    },
  },
  assignment: {
    type: "ServicePrincipal",
    category: APPLICATIONS,
    describe(tenant, id) {
      const found = tenant.appRoleAssignments.get(id);
      if (!found) return undefined;
      const properties = {
        "AppRole.Id": found.appRoleId,
        "AppRoleAssignment.PrincipalId": found.principalId,
      };
      return { id: found.resourceId, displayName: findPrincipalName(tenant, found.resourceId), properties };
    },
  },
};

const CONDITIONAL_ACCESS: readonly AuditedKind[] = ["policy", "location", "context"];

function findPrincipalName(tenant: EntraTenant, principalId: string): string | null {
  const principal = tenant.servicePrincipals.get(principalId);
  return (principal && findApplicationByAppId(tenant, principal.appId)?.displayName) ?? null;
}

/**
 * Runs a call and adds its changes to the tenant's audit log; refused calls are not logged.
 *
 * @param name of the call, as in the permission table
 */
export async function withAudit(
  call: GraphCall,
  name: string,
  handle: () => ReturnType<GraphOperation["handle"]>,
): Promise<WireObject | null> {
  const activities = (ACTIVITIES[name] ?? []).map((activity) => ({
    activity,
    before: describeObject(call, activity, getIdFromPath(call, activity)),
  }));
  const answer = await handle();
  for (const { activity, before } of activities) {
    const { category } = KINDS[activity.kind];
    const after = describeObject(
      call,
      activity,
      getIdFromPath(call, activity) || getIdFromResponse(answer, activity),
    );
    const object = after ?? before;
    if (!object) continue;
    recordAudit(call.store, call.tenant, call.caller.user ?? call.caller.principal, {
      activityDisplayName: activity.name,
      category,
      operationType: activity.operation,
      loggedByService: CONDITIONAL_ACCESS.includes(activity.kind) ? "Conditional Access" : "Core Directory",
      targets: describeMembership(call, activity, before, after) ?? [
        describeTarget(
          activity,
          object,
          after ? listModifiedProperties(before?.properties ?? {}, after.properties) : [],
        ),
      ],
    });
  }
  return answer;
}

function describeTarget(
  { kind }: Activity,
  { id, displayName }: AuditedObject,
  modifiedProperties: AuditTarget["modifiedProperties"],
): AuditTarget {
  const { type } = KINDS[kind];
  return { id, displayName, type, userPrincipalName: null, groupType: null, modifiedProperties };
}

/**
 * Describes a member that a group gained or lost: the member with the group among its changed properties, then the group,
 * both without their names, as in recordings.
 *
 * @returns undefined where the activity is another
 */
function describeMembership(
  { tenant }: GraphCall,
  { name }: Activity,
  before: AuditedObject | undefined,
  after: AuditedObject | undefined,
): AuditTarget[] | undefined {
  if (!/member (to|from) group$/.test(name) || !before || !after) return undefined;
  const [had, has] = [before, after].map(({ properties }) => new Set(properties.members as string[]));
  const added = [...(has ?? [])].find((id) => !had?.has(id));
  const member = added ?? [...(had ?? [])].find((id) => !has?.has(id));
  if (member === undefined) return undefined;
  const kind = findObjectKind(tenant, member) ?? "user";
  const property = (displayName: string, text: string | null) => {
    const value = text === null ? null : JSON.stringify(text);
    const [oldValue, newValue] = added === undefined ? [value, null] : [null, value];
    return { displayName, oldValue, newValue };
  };
  return [
    {
      id: member,
      displayName: null,
      type: `${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      groupType: null,
      userPrincipalName: tenant.users.get(member)?.userPrincipalName ?? null,
      modifiedProperties: [
        property("Group.ObjectID", after.id),
        property("Group.DisplayName", after.displayName),
        property("Group.WellKnownObjectName", null),
      ],
    },
    {
      id: after.id,
      displayName: null,
      type: "Group",
      userPrincipalName: null,
      groupType: "azureAD",
      modifiedProperties: [],
    },
  ];
}

/** Describes an object. Ids are case-insensitive, except those of kinds with base64 ids. */
function describeObject({ tenant }: GraphCall, { kind }: Activity, id: string): AuditedObject | undefined {
  return KINDS[kind].describe(tenant, id) ?? KINDS[kind].describe(tenant, id.toLowerCase());
}

function getIdFromPath(call: GraphCall, { parameter = "id", kind, operation }: Activity): string {
  // When an application is created from a template, the id in the path is the template's.
  const isCreated = operation === "Add" && ["application", "servicePrincipal"].includes(kind);
  return isCreated ? "" : (call.c.req.param(parameter) ?? "");
}

function getIdFromResponse(body: WireObject | null, { kind }: Activity): string {
  const created = (body?.[kind] ?? body) as { id?: string } | undefined;
  return created?.id ?? "";
}

function listModifiedProperties(before: Record<string, unknown>, after: Record<string, unknown>) {
  const toJson = (value: unknown) => {
    const isEmpty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    return isEmpty ? null : JSON.stringify(value);
  };
  return Object.keys(after).flatMap((displayName) => {
    const [oldValue, newValue] = [toJson(before[displayName]), toJson(after[displayName])];
    return oldValue === newValue ? [] : [{ displayName, oldValue, newValue }];
  });
}
