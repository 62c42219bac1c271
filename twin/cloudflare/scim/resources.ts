import { randomUUID } from "node:crypto";
import SCIMMY from "scimmy";
import type { Account, EntraProvider } from "../../store/cloudflare/account";
import { deprovision, findUsersOf } from "../../store/cloudflare/provisioning";
import type { ScimAttributes, ScimResource } from "../../store/cloudflare/users";
import { scimError, scimNotServed } from "./errors";
import { applyGroupChange } from "./group-changes";

/** The identity provider whose people and groups a request is about. */
export interface ScimCall {
  account: Account;
  provider: EntraProvider;
  /** The current time. */
  now: string;
}

/** Takes the place of the address of the endpoint, which differs with each identity provider. */
export const BASE = "https://scim.invalid/v2";

export type ScimKind = "Users" | "Groups";

/** SCIMMY's classes by the name of their endpoint; they keep no state between requests. */
export const RESOURCES = { Users: SCIMMY.Resources.User, Groups: SCIMMY.Resources.Group };
const SAVE = { Users: saveUser, Groups: saveGroup };
const DELETE = { Users: deleteUser, Groups: deleteGroup };

SCIMMY.Config.set({
  patch: true,
  filter: { supported: true, maxResults: 200 },
  authenticationSchemes: [
    {
      type: "oauthbearertoken",
      name: "Bearer token",
      description: "The SCIM secret of the identity provider",
    },
  ],
});
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
// The standard suggests no values for these types, which SCIMMY takes for allowing none.
for (const name of ["roles.type", "entitlements.type", "x509Certificates.type"]) {
  const type = SCIMMY.Schemas.User.definition.attribute(name);
  if (type instanceof SCIMMY.Types.Attribute) type.config.canonicalValues = false;
}
for (const [kind, Resource] of Object.entries(RESOURCES) as [ScimKind, typeof SCIMMY.Resources.User][]) {
  Resource.ingress(({ id }, data, call) => SAVE[kind](call, id, toAttributes(data)) as never);
  Resource.egress((query, call) => read(call, kind, query) as never);
  Resource.degress(({ id }, call) => DELETE[kind](call, findResource(call, kind, id)));
  Resource.basepath(BASE);
  SCIMMY.Resources.declare(Resource);
}
SCIMMY.Resources.Schema.basepath(BASE);
SCIMMY.Resources.ResourceType.basepath(BASE);
SCIMMY.Resources.ServiceProviderConfig.basepath(BASE);

/** Copies the attributes, without those that the endpoint sets. */
function toAttributes(data: object): ScimAttributes {
  const { id: _id, meta: _meta, ...attributes } = JSON.parse(JSON.stringify(data));
  return attributes;
}

const toSource = ({ id, attributes, createdAt, updatedAt }: ScimResource) => ({
  ...attributes,
  id,
  meta: { created: new Date(createdAt), lastModified: new Date(updatedAt) },
});

type ScimSource = ReturnType<typeof toSource>;

function getResources({ account }: ScimCall, kind: ScimKind): Map<string, ScimResource> {
  return kind === "Users" ? account.scimUsers : account.scimGroups;
}

/** @throws SCIM error 404 */
function findResource(call: ScimCall, kind: ScimKind, id: string | undefined): ScimResource {
  const resource = getResources(call, kind).get(id ?? "");
  if (resource?.identityProviderId !== call.provider.id) throw scimError(404, `Resource ${id} not found`);
  return resource;
}

interface Query {
  id?: string | undefined;
  filter?: unknown;
}

/** The attributes by which resources are found, as Entra does. */
const FILTERS: Record<ScimKind, readonly string[]> = {
  Users: ["userName", "externalId"],
  Groups: ["displayName", "externalId"],
};

/** Reads one resource, or all that match the filter. `externalId` is compared with its case, other texts without. */
function read(call: ScimCall, kind: ScimKind, { id, filter }: Query): ScimSource | ScimSource[] {
  if (id !== undefined) return toSource(findResource(call, kind, id));
  const all = [...getResources(call, kind).values()].filter(
    ({ identityProviderId }) => identityProviderId === call.provider.id,
  );
  const [name, expected] = parseFilter(kind, filter);
  const fold = (value: unknown) => (name === "externalId" ? String(value) : String(value).toLowerCase());
  return all
    .filter(({ attributes }) => name === undefined || fold(attributes[name] ?? "") === fold(expected))
    .map(toSource);
}

/** @throws SCIM error 501 for a filter that Entra does not send */
function parseFilter(kind: ScimKind, filter: unknown): [name?: string, expected?: unknown] {
  if (filter === undefined) return [];
  const [first, ...others] = filter as Record<string, unknown>[];
  const [[name, comparison] = [""], ...more] = Object.entries(first ?? {});
  const [operator, value] = Array.isArray(comparison) ? comparison : [];
  if (others.length > 0 || more.length > 0 || operator !== "eq" || !FILTERS[kind].includes(name))
    throw scimNotServed(`filters other than ${FILTERS[kind].map((one) => `${one} eq`).join(" and ")}`);
  return [name, value];
}

function save(call: ScimCall, kind: ScimKind, id: string | undefined, attributes: ScimAttributes) {
  const before = id === undefined ? undefined : findResource(call, kind, id);
  const resource: ScimResource = {
    id: before?.id ?? randomUUID(),
    identityProviderId: call.provider.id,
    attributes,
    createdAt: before?.createdAt ?? call.now,
    updatedAt: call.now,
  };
  getResources(call, kind).set(resource.id, resource);
  return { before, resource };
}

/** Creates or replaces a SCIM User; one that stops to be active is deprovisioned. @throws SCIM error 409 */
function saveUser(call: ScimCall, id: string | undefined, attributes: ScimAttributes): ScimSource {
  const others = [...call.account.scimUsers.values()].filter(
    (one) => one.identityProviderId === call.provider.id && one.id !== id,
  );
  const name = String(attributes.userName).toLowerCase();
  if (others.some((one) => one.attributes.userName?.toLowerCase() === name))
    throw scimError(409, `userName ${attributes.userName} is taken`, "uniqueness");
  const { before, resource } = save(call, "Users", id, attributes);
  if (before && before.attributes.active !== false && attributes.active === false)
    deprovision(call.provider, findUsersOf(call.account, before));
  return toSource(resource);
}

function deleteUser(call: ScimCall, user: ScimResource): void {
  if (user.attributes.active !== false) deprovision(call.provider, findUsersOf(call.account, user));
  call.account.scimUsers.delete(user.id);
  for (const { attributes } of call.account.scimGroups.values())
    if (attributes.members) attributes.members = attributes.members.filter(({ value }) => value !== user.id);
}

/** Creates or replaces a SCIM Group, whose members must exist. @throws SCIM error 400 */
function saveGroup(call: ScimCall, id: string | undefined, attributes: ScimAttributes): ScimSource {
  for (const { value } of attributes.members ?? [])
    if (call.account.scimUsers.get(value)?.identityProviderId !== call.provider.id)
      throw scimError(400, `member ${value} does not exist`, "invalidValue");
  const { before, resource } = save(call, "Groups", id, attributes);
  applyGroupChange(call.account, call.provider, before, resource);
  return toSource(resource);
}

function deleteGroup({ account, provider }: ScimCall, group: ScimResource): void {
  account.scimGroups.delete(group.id);
  applyGroupChange(account, provider, group, undefined);
}
