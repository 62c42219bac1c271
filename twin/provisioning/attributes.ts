import type { Group, User } from "../store/entra/tenant";

/** Values by the path of the attribute in SCIM; an attribute without a value is absent. */
export type Attributes = Record<string, string>;

const EMAIL = 'emails[type eq "work"].value';

/**
 * Maps a user by the default mapping for applications outside the gallery, as far as users of the twin have values:
 * https://learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes
 *
 * @param isActive false for a user who is disabled, deleted or not assigned
 */
export function mapUser(user: User, isActive: boolean): Attributes {
  const { userPrincipalName, mail, displayName, givenName, surname } = user;
  return dropEmpty({
    userName: userPrincipalName,
    externalId: userPrincipalName.replace(/@[^@]*$/, ""),
    active: isActive ? "True" : "False",
    displayName,
    [EMAIL]: mail,
    "name.givenName": givenName,
    "name.familyName": surname,
    "name.formatted": [givenName, surname].filter(Boolean).join(" "),
  });
}

export function mapGroup({ id, displayName }: Group): Attributes {
  return { displayName, externalId: id };
}

/** Builds the body that creates the object. */
export function toResource(schema: string, attributes: Attributes): Record<string, unknown> {
  const { active, [EMAIL]: email, ...others } = attributes;
  const name = Object.entries(others).flatMap(([path, value]) =>
    path.startsWith("name.") ? [[path.slice("name.".length), value]] : [],
  );
  const plain = Object.entries(others).filter(([path]) => !path.startsWith("name."));
  return {
    schemas: [schema],
    ...Object.fromEntries(plain),
    ...(active !== undefined && { active: active === "True" }),
    ...(email !== undefined && { emails: [{ primary: true, type: "work", value: email }] }),
    ...(name.length > 0 && { name: Object.fromEntries(name) }),
  };
}

/** Reads the attributes that the mapping knows from an object of the service. */
export function fromResource(resource: Record<string, unknown>): Attributes {
  const { userName, externalId, active, displayName } = resource;
  const emails = (resource.emails ?? []) as { type?: string; value?: string }[];
  const name = (resource.name ?? {}) as Record<string, string>;
  return dropEmpty({
    userName: userName as string | undefined,
    externalId: externalId as string | undefined,
    active: active === undefined ? undefined : active === true ? "True" : "False",
    displayName: displayName as string | undefined,
    [EMAIL]: emails.find(({ type }) => type === "work")?.value,
    "name.givenName": name.givenName,
    "name.familyName": name.familyName,
    "name.formatted": name.formatted,
  });
}

/** Lists the operations of the PATCH that turns one state into another. */
export function listChanges(before: Attributes, after: Attributes): object[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return paths
    .filter((path) => before[path] !== after[path])
    .map((path) => {
      if (after[path] === undefined) return { op: "Remove", path };
      return { op: before[path] === undefined ? "Add" : "Replace", path, value: after[path] };
    });
}

function dropEmpty(values: Record<string, string | null | undefined>): Attributes {
  const given = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return Object.fromEntries(given);
}
