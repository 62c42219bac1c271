/**
 * Terraform's order of sets in requests, and conversions shared by applications and service principals.
 */
import { crc32 } from "node:zlib";
import { isRecord, type Properties } from "../../bridge/values";

/** Sorts a set of strings by checksum, like Terraform's SDK in recorded requests. */
export function sortLikeTerraform(values: unknown): string[] {
  const keyed = toStrings(values).map((value) => [String(crc32(`${value};`)), value] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

export function toStrings(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

export function toRecords(values: unknown): Properties[] {
  return Array.isArray(values) ? values.filter(isRecord) : [];
}

export function toRecord(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

/** Converts unset and empty values to null, by which Graph clears a property. */
export function emptyToNull(value: unknown): unknown {
  return value === undefined || value === "" ? null : value;
}

const FEATURES: Record<string, string> = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
};

/** Chooses the tags to send: those of the feature tags if set, else the tags, else those that are there. */
export function chooseTags(inputs: Properties, state: Properties = {}): string[] {
  const [features] = toRecords(inputs.featureTags);
  if (!features) return sortLikeTerraform(inputs.tags ?? state.tags);
  return Object.entries(FEATURES).flatMap(([name, tag]) => (features[name] === true ? [tag] : []));
}

export function readFeatures(tags: unknown): Properties {
  const present = new Set(toStrings(tags).map((tag) => tag.toLowerCase()));
  return Object.fromEntries(
    Object.entries(FEATURES).map(([name, tag]) => [name, present.has(tag.toLowerCase())]),
  );
}

/** Maps values of roles or scopes to ids, omitting those without a value. */
export function mapIdsByValue(entries: unknown): Properties {
  return Object.fromEntries(
    toRecords(entries).flatMap(({ value, id }) => (value ? [[String(value), id]] : [])),
  );
}

export function readRoles(entries: unknown): Properties[] {
  return toRecords(entries).map((role) => ({
    allowedMemberTypes: toStrings(role.allowedMemberTypes),
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

export function readScopes(entries: unknown): Properties[] {
  return toRecords(entries).map((scope) => ({
    ...Object.fromEntries(SCOPE_TEXTS.map((name) => [name, scope[name] ?? ""])),
    enabled: scope.isEnabled === true,
  }));
}
