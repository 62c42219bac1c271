/** Paths of settings, with "*" for a name that people choose and for an item of a list: `access.groups.*.include.emails.*`. */
import * as z from "zod";

type ZodType = z.core.$ZodType;

/** Lists the paths of all settings of a schema that are neither a group nor a list. */
export function listSettingPaths(type: ZodType, path: readonly string[] = []): string[] {
  const bare = unwrap(type);
  if (bare instanceof z.ZodObject)
    return Object.entries(bare.shape).flatMap(([key, inner]) =>
      listSettingPaths(inner as ZodType, [...path, key]),
    );
  if (bare instanceof z.ZodRecord) return listSettingPaths(bare.valueType as ZodType, [...path, "*"]);
  if (bare instanceof z.ZodArray) return listSettingPaths(bare.element as ZodType, [...path, "*"]);
  if (bare instanceof z.ZodUnion)
    return bare.options.flatMap((option) => listSettingPaths(option as ZodType, path));
  return [path.join(".")];
}

/** Lists the paths of the settings that a value has. */
export function listGivenPaths(type: ZodType, value: unknown, path: readonly string[] = []): string[] {
  const bare = unwrap(type);
  if (bare instanceof z.ZodUnion) {
    const options = bare.options.filter((option) => (option as z.ZodType).safeParse(value).success);
    return options.flatMap((option) => listGivenPaths(option as ZodType, value, path));
  }
  if (bare instanceof z.ZodArray)
    return (value as unknown[]).flatMap((item) =>
      listGivenPaths(bare.element as ZodType, item, [...path, "*"]),
    );
  if (bare instanceof z.ZodRecord)
    return Object.values(value as object).flatMap((item) =>
      listGivenPaths(bare.valueType as ZodType, item, [...path, "*"]),
    );
  if (!(bare instanceof z.ZodObject)) return [path.join(".")];
  return Object.entries(value as object).flatMap(([key, item]) =>
    listGivenPaths(bare.shape[key] as ZodType, item, [...path, key]),
  );
}

function unwrap(type: ZodType): ZodType {
  if (type instanceof z.ZodPipe) return unwrap(type.in instanceof z.ZodTransform ? type.out : type.in);
  if (type instanceof z.ZodPrefault || type instanceof z.ZodOptional || type instanceof z.ZodDefault)
    return unwrap(type.unwrap());
  return type;
}
