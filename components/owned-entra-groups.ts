import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

export interface OwnedEntraGroup {
  /** Display name; a second group of the same name is refused. */
  displayName: string;
  /** What Entra shows beside it. */
  description?: string | undefined;
  /** Object ids of all members; default: none at first, and whoever is put in by hand stays. */
  members?: readonly string[] | undefined;
}

export interface OwnedEntraGroupsArgs {
  /** The groups by name; the name is part of the resource's, so that others are untouched by it. */
  groups: Readonly<Record<string, OwnedEntraGroup>>;
  /** Whether Pulumi refuses to delete them, default true: a new group has another object id, and no members. */
  protect?: boolean;
}

/**
 * Security groups in Entra that the stack makes and owns.
 *
 * @example
 * new OwnedEntraGroups("entra", { groups: { finance: { displayName: "Access Finance" } } });
 */
export class OwnedEntraGroups extends pulumi.ComponentResource {
  /** Object ids by display name. */
  readonly objectIds: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(name: string, args: OwnedEntraGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:OwnedEntraGroups", name, {}, opts);
    const made = Object.entries(args.groups).map(
      ([key, { displayName, description, members }]): [string, pulumi.Output<string>] => {
        const { objectId } = new azuread.Group(
          `${name}-group-${key}`,
          {
            displayName,
            securityEnabled: true,
            preventDuplicateNames: true,
            ...(description !== undefined && { description }),
            ...(members !== undefined && { members: [...members] }),
          },
          { parent: this, protect: args.protect ?? true },
        );
        return [displayName, objectId];
      },
    );
    this.objectIds = new Map(made);
    this.registerOutputs({});
  }
}
