import type { AccessUser, ScimResource } from "../../store/cloudflare/users";
import { answerPage, type CloudflareCall, type CloudflareOperation, type CloudflareResponse } from "../call";
import { unknownObject } from "../errors";

const PAGE = ["page", "per_page"];
const provider = "/access/identity_providers/{id}";

/**
 * Operations on users, and on what identity providers provisioned.
 *
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/users and
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers/subresources/scim
 */
export const scimOperations: CloudflareOperation[] = [
  {
    call: `GET ${provider}/scim/users`,
    permission: "organization",
    query: PAGE,
    handle: (call) => listProvisioned(call, call.account.scimUsers, toUserResourceWire),
  },
  {
    call: `GET ${provider}/scim/groups`,
    permission: "organization",
    query: PAGE,
    handle: (call) => listProvisioned(call, call.account.scimGroups, toResourceWire),
  },
  {
    call: "GET /access/users",
    permission: "users",
    query: PAGE,
    handle: (call) => answerPage(call, [...call.account.users.values()], toUserWire),
  },
  {
    call: "GET /access/users/{user}/last_seen_identity",
    permission: "users",
    handle({ account, c }) {
      const user = account.users.get(c.req.param("user") ?? "");
      if (!user) throw unknownObject("user");
      return { status: 200, result: user.lastSeenIdentity };
    },
  },
];

function listProvisioned(
  call: CloudflareCall,
  resources: Map<string, ScimResource>,
  toWire: (resource: ScimResource) => object,
): CloudflareResponse {
  const id = call.c.req.param("id") ?? "";
  if (!call.account.identityProviders.has(id)) throw unknownObject("identity_provider");
  const own = [...resources.values()].filter(({ identityProviderId }) => identityProviderId === id);
  return answerPage(call, own, toWire);
}

/** Formats what was provisioned, with the attributes that Cloudflare documents: a group has no members. */
function toResourceWire({ id, attributes, createdAt, updatedAt }: ScimResource) {
  const { schemas, externalId, displayName } = attributes;
  return { id, schemas, externalId, displayName, meta: { created: createdAt, lastModified: updatedAt } };
}

function toUserResourceWire(resource: ScimResource) {
  const { active = true, emails } = resource.attributes;
  return { ...toResourceWire(resource), active, emails };
}

function toUserWire(user: AccessUser): Record<string, unknown> {
  return {
    id: user.id,
    uid: user.id,
    email: user.email,
    name: user.name,
    access_seat: user.hasSeat,
    gateway_seat: false,
    seat_uid: user.seatId,
    active_device_count: 0,
    last_successful_login: user.lastLoginAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}
