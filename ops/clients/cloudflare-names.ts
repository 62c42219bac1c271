/** Names that Cloudflare's API does not spell as the snake case of Pulumi's. */
const API_NAMES: Readonly<Record<string, string>> = {
  azureAd: "azureAD",
  githubOrganization: "github-organization",
  includes: "include",
  requires: "require",
  excludes: "exclude",
};

type Properties = Readonly<Record<string, unknown>>;

/** Converts inputs of a Pulumi resource, also those of a state, to the form of Cloudflare's API. */
export function convertToApi(inputs: Properties): Record<string, unknown> {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    return typeof value === "object" && value !== null ? convertToApi(value as Properties) : value;
  };
  return Object.fromEntries(
    Object.entries(inputs)
      // The provider notes there, in a state, which properties have its own defaults.
      .filter(([name]) => name !== "__defaults")
      .map(([name, inner]) => [
        API_NAMES[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        convert(inner),
      ]),
  );
}
