/** Groups of the stack's outputs in the order that people need them, by heading. Any others are in the last one. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "Sign-in": ["testUrl", "redirectUri", "tenantId", "clientId", "identityProviderId"],
  "Client secret": ["rotation"],
  "Objects in Entra": ["applicationObjectId", "servicePrincipalObjectId", "entraGroups"],
  Provisioning: ["scim"],
  "Other identity providers": ["identityProviders"],
};
const OTHERS = "Other outputs";
/** Outputs for the next update alone. */
const HIDDEN = ["identifiers"];

interface Output {
  readonly value: unknown;
  readonly secret: boolean;
}

/** Describes the outputs of a stack for people, in groups; `pulumi stack output` lists them as they are. */
export function describeOutputs(outputs: Readonly<Record<string, Output>>): string[] {
  const grouped = [...Object.values(GROUPS).flat(), ...HIDDEN];
  const others = Object.keys(outputs).filter((name) => !grouped.includes(name));
  return Object.entries({ ...GROUPS, [OTHERS]: others }).flatMap(([heading, names]) => {
    const rows = names.flatMap((name) => {
      const output = outputs[name];
      if (!output) return [];
      return output.secret ? [[name, "[secret]"] as const] : listRows(name, output.value);
    });
    return rows.length === 0 ? [] : [heading, ...rows.map(([name, text]) => `  ${name.padEnd(25)} ${text}`)];
  });
}

/** Lists a value as one row, or one for each of its members; those of several tenants with their names. */
function listRows(name: string, value: unknown): (readonly [name: string, text: string])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    listRows(name === "rotation" ? key : `${name}.${key}`, inner),
  );
}
