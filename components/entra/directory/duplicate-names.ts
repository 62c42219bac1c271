import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { createSearchHook } from "../../hooks/search-hook";

/** The part of a resource's args and options that keeps its display name unique. */
export interface UniqueName {
  preventDuplicateNames: boolean;
  hooks?: pulumi.ResourceHookBinding;
}

/** Finds what has a display name, for a message: an object id if it is known; undefined if nothing has it. */
type FindByName = (displayName: string) => Promise<string | undefined>;

/**
 * Refuses a display name that another object has. The azuread provider does so itself, but it does not escape an
 * apostrophe in its search, which Microsoft Graph then refuses. For such a name, hooks search instead when the object is
 * about to be created or renamed. For any other name, a hook searches before the create: the provider says too late that
 * a group exists, and not what to do.
 *
 * @param resourceName the name of the resource in the program
 * @param find a search that escapes apostrophes
 */
export function requireUniqueName(
  resourceName: string,
  displayName: pulumi.Input<string>,
  find: FindByName,
): UniqueName {
  if (typeof displayName !== "string") return { preventDuplicateNames: true };
  const hook = createSearchHook(
    `${resourceName}-name-is-unique`,
    async ({ id, oldInputs }) => {
      // Entra compares names without case, so the object would find itself.
      if (oldInputs?.displayName?.toLowerCase() === displayName.toLowerCase()) return;
      const taken = await find(displayName);
      if (taken === undefined || id?.endsWith(taken)) return;
      throw new pulumi.RunError(
        `displayName must not be that of another object in Entra; found "${displayName}", which ${taken} has. ` +
          "If an interrupted update of this stack left it, `npx entra-access up` imports it.",
      );
    },
    { onDryRun: true },
  );
  return isSearchable(displayName)
    ? { preventDuplicateNames: true, hooks: { beforeCreate: [hook] } }
    : { preventDuplicateNames: false, hooks: { beforeCreate: [hook], beforeUpdate: [hook] } };
}

/** Refuses the display name of an application as {@link requireUniqueName} does, unless a suffix makes it unique. */
export function requireUniqueApplicationName(
  resourceName: string,
  { displayName, uniqueSuffix }: { displayName: pulumi.Input<string>; uniqueSuffix?: boolean },
  opts: pulumi.InvokeOptions,
): UniqueName {
  // The provider looks for an application of the same name at preview.
  if (uniqueSuffix || isSearchable(displayName)) return { preventDuplicateNames: isSearchable(displayName) };
  return requireUniqueName(resourceName, displayName, (given) => findApplicationByName(given, opts));
}

/** Tells whether the azuread provider can search for a display name. */
function isSearchable(displayName: pulumi.Input<string>): boolean {
  return typeof displayName !== "string" || !displayName.includes("'");
}

/** Finds a group by its display name. */
export async function findGroupByName(
  displayName: string,
  opts: pulumi.InvokeOptions,
): Promise<string | undefined> {
  try {
    const { objectIds } = await azuread.getGroups({ displayNames: [displayName], ignoreMissing: true }, opts);
    return objectIds[0];
  } catch (error) {
    if (String(error).includes("More than one group found")) return "more than one group";
    throw error;
  }
}

/** Finds an application by its display name. The provider does not escape apostrophes in this search, either. */
async function findApplicationByName(
  displayName: string,
  opts: pulumi.InvokeOptions,
): Promise<string | undefined> {
  try {
    const escaped = displayName.replaceAll("'", "''");
    return (await azuread.getApplication({ displayName: escaped }, opts)).objectId;
  } catch (error) {
    const message = String(error);
    if (message.includes("no applications found")) return undefined;
    // The provider compares what it found with the escaped name.
    if (message.includes("DisplayName does not match")) return "an application";
    if (message.includes("multiple applications")) return "more than one application";
    throw error;
  }
}
