/** Other names that the azuread provider takes for Microsoft clouds. */
const CLOUD_ALIASES: Readonly<Record<string, string>> = {
  global: "public",
  usgovernmentl4: "usgovernment",
  dod: "usgovernmentl5",
};

/** Returns the name under which tables have a cloud. The azuread provider takes its names in any case. */
export function getCloudName(environment: string): string {
  const name = environment.toLowerCase();
  return CLOUD_ALIASES[name] ?? name;
}
