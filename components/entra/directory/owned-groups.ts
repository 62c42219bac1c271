import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { findGroupByName, requireUniqueName } from "./duplicate-names";

export interface OwnedEntraGroupArgs {
  /** Display name; a second group of the same name is refused. */
  displayName: string;
  /** Description in Entra; default: none. */
  description?: string | undefined;
  /** Object ids of all members; default: none at first, and members that are added by hand stay. */
  members?: readonly string[] | undefined;
}

export interface OwnedEntraGroupsArgs {
  /** The groups by name, which is part of the resource name: changing one does not touch the others. */
  groups: Readonly<Record<string, OwnedEntraGroupArgs>>;
  /** Protects them against deletion, default true: a new group has another object id, and no members. */
  protect?: boolean;
}

/**
 * Properties that can be set in Entra and that the provider would replace the group for. Of a protected group, the engine
 * refuses that together with the whole update, and so with the rotation of the client secret.
 */
const SET_IN_ENTRA = ["types", "dynamicMembership"];

/**
 * Security groups that the stack creates in Entra and owns.
 *
 * @example
 * new OwnedEntraGroups("entra", { groups: { finance: { displayName: "Access Finance" } } });
 */
export class OwnedEntraGroups extends pulumi.ComponentResource {
  /** Object ids by display name. */
  readonly objectIds: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(name: string, args: OwnedEntraGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:OwnedEntraGroups", name, {}, opts);
    const created = Object.entries(args.groups).map(
      ([key, { displayName, description, members }]): [string, pulumi.Output<string>] => {
        const resourceName = `${name}-group-${key}`;
        const { hooks, preventDuplicateNames } = requireUniqueName(resourceName, displayName, (given) =>
          findGroupByName(given, { parent: this }),
        );
        const { objectId } = new azuread.Group(
          resourceName,
          {
            displayName,
            securityEnabled: true,
            preventDuplicateNames,
            ...(description !== undefined && { description }),
            ...(members !== undefined && { members: [...members] }),
          },
          {
            parent: this,
            protect: args.protect ?? true,
            ...(hooks && { hooks }),
            ignoreChanges: SET_IN_ENTRA,
          },
        );
        return [displayName, objectId];
      },
    );
    this.objectIds = new Map(created);
    this.registerOutputs({});
  }
}

/** Creates the groups, if there are any. @returns object ids by display name */
export function createOwnedEntraGroups(
  name: string,
  args: OwnedEntraGroupsArgs,
): OwnedEntraGroups["objectIds"] {
  return Object.keys(args.groups).length === 0 ? new Map() : new OwnedEntraGroups(name, args).objectIds;
}
