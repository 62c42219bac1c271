import { randomUUID } from "node:crypto";
import { deleteApplication, emptyApplication, wholeSeconds } from "../../store/store";
import type { Application } from "../../store/tenant";
import { type BodyRules, type Call, type Operation, readBody, requireOwner } from "../call";
import { badRequest, notFound } from "../errors";
import { collection, entity, find, PAGED } from "../query";
import { boundOwners, ownerOperations } from "../service-principals/owners";
import {
  type ApplicationChange,
  applicationChange,
  applicationRules,
  newApplication,
} from "./application-body";
import { applicationBetaWire, applicationWire, passwordWire } from "./application-wire";
import { makePassword, passwordRules } from "./passwords";

const createRules: BodyRules = {
  ...applicationRules,
  readOnly: [...applicationRules.readOnly, ...passwordRules.readOnly],
};

export const applicationOperations: Operation[] = [
  {
    call: "GET /applications",
    query: ["$filter", ...PAGED],
    handle(call) {
      const wires = [...call.tenant.applications.values()].map((a) => applicationWire(call.tenant, a));
      return {
        status: 200,
        body: collection(call, "applications", wires, {
          equal: ["appId", "applicationTemplateId", "displayName", "id"],
          prefix: ["displayName"],
          any: ["identifierUris", "tags"],
          paged: true,
        }),
      };
    },
  },
  { call: "POST /applications", handle: create },
  {
    call: "GET /applications/{id}",
    query: ["$select"],
    handle: (call) => ({
      status: 200,
      body: entity(call, "applications", applicationWire(call.tenant, application(call))),
    }),
  },
  {
    call: "GET /applications/{id}",
    version: "beta",
    query: ["$select"],
    handle(call) {
      return {
        status: 200,
        body: entity(call, "applications", applicationBetaWire(call.tenant, application(call))),
      };
    },
  },
  {
    call: "PATCH /applications/{id}",
    async handle(call) {
      const stored = owned(call);
      const change = await readBody(call, applicationChange, applicationRules);
      if (change.id !== undefined && change.id !== stored.id) {
        throw badRequest("Property 'id' is read-only and cannot be set.");
      }
      apply(call, stored, change);
      return { status: 204 };
    },
  },
  {
    call: "DELETE /applications/{id}",
    handle(call) {
      deleteApplication(call.tenant, owned(call));
      return { status: 204 };
    },
  },
  ...ownerOperations("/applications", application, owned),
];

function application(call: Call): Application {
  return find(call, call.tenant.applications, notFound);
}

function owned(call: Call): Application {
  const stored = application(call);
  requireOwner(call, stored);
  return stored;
}

async function create(call: Call) {
  const body = await readBody(call, newApplication, createRules);
  const { "owners@odata.bind": bound, passwordCredentials, ...change } = body;
  const now = call.store.now();
  const stored = emptyApplication(randomUUID(), randomUUID(), body.displayName, wholeSeconds(now));
  stored.owners = boundOwners(call, bound);
  apply(call, stored, change);
  const made = (passwordCredentials ?? []).map((wanted) => makePassword(now, wanted, call.tenant));
  stored.passwords = made.map(({ password }) => password);
  call.tenant.applications.set(stored.id, stored);
  const wire = applicationWire(call.tenant, stored);
  // The one answer that shows an inline secret.
  wire.passwordCredentials = made.map(({ password, secretText }) => passwordWire(password, secretText));
  return { status: 201 as const, body: entity(call, "applications", wire) };
}

/** Complex properties that Graph merges member by member; every other property is replaced as a whole. */
const MERGED = ["api", "info", "publicClient", "spa"] as const;

function apply(call: Call, stored: Application, change: ApplicationChange): void {
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

/** A role or scope that is enabled must be disabled before it goes. */
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

function checkIdentifierUris(call: Call, stored: Application, uris: string[] | undefined): void {
  for (const uri of uris ?? []) {
    const taken = [...call.tenant.applications.values()].some(
      (other) => other !== stored && other.identifierUris.includes(uri),
    );
    if (taken)
      throw badRequest("Another object with the same value for property identifierUris already exists.");
  }
}
