import { randomUUID } from "node:crypto";
import type { AppRegistration } from "../../store/entra/tenant";
import { createEmptyApplication, deleteApplication, formatTimestamp } from "../../store/store";
import {
  type BodyRules,
  findApplication,
  findChangeableApplication,
  type GraphCall,
  type GraphOperation,
  readBody,
} from "../call";
import { badRequest } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";
import { createOwnerOperations, resolveOwners } from "../service-principals/owners";
import {
  type ApplicationPatch,
  applicationChangeSchema,
  bodyRules,
  newApplicationSchema,
} from "./application-body";
import { toApplicationBetaWire, toApplicationWire, toPasswordWire } from "./application-wire";
import { createPassword, passwordRules } from "./passwords";

const createRules: BodyRules = {
  ...bodyRules,
  readOnly: [...bodyRules.readOnly, ...passwordRules.readOnly],
};

export const applicationOperations: GraphOperation[] = [
  {
    call: "GET /applications",
    query: ["$filter", ...PAGING_OPTIONS],
    handle(call) {
      const wires = [...call.tenant.applications.values()].map((a) => toApplicationWire(call.tenant, a));
      return formatCollection(call, "applications", wires, {
        equal: ["appId", "applicationTemplateId", "displayName", "id"],
        prefix: ["displayName"],
        any: ["identifierUris", "tags"],
        isPaged: true,
      });
    },
  },
  { call: "POST /applications", handle: createApplication },
  {
    call: "GET /applications/{id}",
    query: ["$select"],
    handle: (call) =>
      formatEntity(call, "applications", toApplicationWire(call.tenant, findApplication(call))),
  },
  {
    call: "GET /applications/{id}",
    version: "beta",
    query: ["$select"],
    handle(call) {
      return formatEntity(call, "applications", toApplicationBetaWire(call.tenant, findApplication(call)));
    },
  },
  {
    call: "PATCH /applications/{id}",
    async handle(call) {
      const stored = findChangeableApplication(call);
      const change = await readBody(call, applicationChangeSchema, bodyRules);
      if (change.id !== undefined && change.id !== stored.id) {
        throw badRequest("Property 'id' is read-only and cannot be set.");
      }
      applyChange(call, stored, change);
      return null;
    },
  },
  {
    call: "DELETE /applications/{id}",
    handle(call) {
      deleteApplication(call.tenant, findChangeableApplication(call));
      return null;
    },
  },
  ...createOwnerOperations("/applications", findApplication, findChangeableApplication),
];

async function createApplication(call: GraphCall) {
  const body = await readBody(call, newApplicationSchema, createRules);
  const { "owners@odata.bind": bound, passwordCredentials, ...change } = body;
  const now = call.store.now();
  const stored = createEmptyApplication(randomUUID(), randomUUID(), body.displayName, formatTimestamp(now));
  stored.owners = resolveOwners(call, bound);
  applyChange(call, stored, change);
  const created = (passwordCredentials ?? []).map((credential) =>
    createPassword(now, credential, call.tenant),
  );
  stored.passwords = created.map(({ password }) => password);
  call.tenant.applications.set(stored.id, stored);
  const wire = toApplicationWire(call.tenant, stored);
  // Only this answer shows the secret.
  wire.passwordCredentials = created.map(({ password, secretText }) => toPasswordWire(password, secretText));
  return formatEntity(call, "applications", wire);
}

/** Complex properties that Graph merges by member; others are replaced as a whole. */
const MERGED = ["api", "info", "publicClient", "spa"] as const;

function applyChange(call: GraphCall, stored: AppRegistration, change: ApplicationPatch): void {
  checkEntitlements("appRoles", stored.appRoles, change.appRoles);
  const scopes = change.api?.oauth2PermissionScopes;
  checkEntitlements("oauth2PermissionScopes", stored.api.oauth2PermissionScopes, scopes);
  checkIdentifierUris(call, stored, change.identifierUris);
  const { "@odata.type": _type, id: _id, web, ...rest } = change;
  const merged = MERGED.map((name) => [name, { ...stored[name], ...change[name] }] as const);
  const roles = change.appRoles?.map(({ origin: _origin, ...role }) => role);
  Object.assign(stored, rest, Object.fromEntries(merged), roles && { appRoles: roles });
  const implicit = { ...stored.web.implicitGrantSettings, ...web?.implicitGrantSettings };
  Object.assign(stored.web, web, { implicitGrantSettings: implicit });
}

/** Refuses to delete an enabled role or scope, which must be disabled first. */
function checkEntitlements(
  property: string,
  before: { id: string; isEnabled: boolean }[],
  after: { id: string }[] | undefined,
): void {
  const gone = before.find((b) => b.isEnabled && after && !after.some((a) => a.id === b.id));
  if (!gone) return;
  throw badRequest(
    `Property ${property} value cannot be deleted unless it is disabled first (${gone.id}): CannotDeleteOrUpdateEnabledEntitlement.`,
  );
}

function checkIdentifierUris(call: GraphCall, stored: AppRegistration, uris: string[] | undefined): void {
  for (const uri of uris ?? []) {
    const taken = [...call.tenant.applications.values()].some(
      (other) => other !== stored && other.identifierUris.includes(uri),
    );
    if (taken)
      throw badRequest("Another object with the same value for property identifierUris already exists.");
  }
}
