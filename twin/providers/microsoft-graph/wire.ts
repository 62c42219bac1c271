/**
 * Terraform's order of sets on the wire, and the pieces that applications and service principals share in Graph.
 */
import { crc32 } from "node:zlib";
import { isRecord, type Properties } from "../values";

/** Terraform's SDK lists a set of strings by the checksum of its elements: recorded bodies have this order. */
export function setOrder(values: unknown): string[] {
  const keyed = strings(values).map((value) => [String(crc32(`${value};`)), value] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

export function strings(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

export function records(values: unknown): Properties[] {
  return Array.isArray(values) ? values.filter(isRecord) : [];
}

export function record(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

/** Graph clears a property by null; the plugin writes null for what is unset or empty. */
export function orNull(value: unknown): unknown {
  return value === undefined || value === "" ? null : value;
}

const FEATURES: Record<string, string> = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
};

/** The tags to send: the named features where the program gives them, else its tags. */
export function tagsOf(inputs: Properties): string[] {
  const [features] = records(inputs.featureTags);
  if (!features) return setOrder(inputs.tags);
  return Object.entries(FEATURES).flatMap(([name, tag]) => (features[name] === true ? [tag] : []));
}

export function featuresOf(tags: unknown): Properties {
  const have = new Set(strings(tags).map((tag) => tag.toLowerCase()));
  return Object.fromEntries(
    Object.entries(FEATURES).map(([name, tag]) => [name, have.has(tag.toLowerCase())]),
  );
}

/** Role or scope names to ids; unnamed ones are left out. */
export function idsByValue(entries: unknown): Properties {
  return Object.fromEntries(
    records(entries).flatMap(({ value, id }) => (value ? [[String(value), id]] : [])),
  );
}

export function rolesOf(entries: unknown): Properties[] {
  return records(entries).map((role) => ({
    allowedMemberTypes: strings(role.allowedMemberTypes),
    description: role.description ?? "",
    displayName: role.displayName ?? "",
    enabled: role.isEnabled === true,
    id: role.id ?? "",
    value: role.value ?? "",
  }));
}

const SCOPE_TEXTS = [
  "adminConsentDescription",
  "adminConsentDisplayName",
  "id",
  "type",
  "userConsentDescription",
  "userConsentDisplayName",
  "value",
];

export function scopesOf(entries: unknown): Properties[] {
  return records(entries).map((scope) => ({
    ...Object.fromEntries(SCOPE_TEXTS.map((name) => [name, scope[name] ?? ""])),
    enabled: scope.isEnabled === true,
  }));
}
