import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { createSearchHook } from "../hooks/search-hook";
import { type AssignedGroup, EntraAssignments } from "./assignments";
import type { ExistingServicePrincipal } from "./directory/tenant-objects";
import { setVisibility } from "./my-apps";
import { SERVICE_PRINCIPAL_PATHS } from "./undeclared";

export interface AssignmentArgs {
  /** Id of the app role that is assigned to the groups. */
  appRoleId: pulumi.Input<string>;
  groups: readonly AssignedGroup[];
  /** Hooks of each assignment; default: none. */
  hooks?: pulumi.ResourceHookBinding | undefined;
}

export interface ServicePrincipalArgs {
  /** Application (client) id. */
  clientId: pulumi.Output<string>;
  /** Object ids of all owners. */
  owners: pulumi.Input<pulumi.Input<string>[]>;
  /** Hides the application in My Apps, or shows it; default: stays as it is. */
  hidden?: boolean | undefined;
  /** The one that the application had before the update; default: it is looked up where it matters. */
  before?: ExistingServicePrincipal | undefined;
  /** The people who may sign in: members of assigned groups, or everybody. */
  admits: AssignmentArgs | "everybody";
}

/**
 * Creates the service principal of an application, and assignments of groups to it. One that exists already requires
 * assignment only after every assignment exists; if one of them fails, it stays as it is. A new one requires assignment
 * from the start. The engine deletes assignments last, so that they outlive the requirement.
 *
 * @returns its object id, which does not wait for changes of a service principal that exists already
 */
export function createServicePrincipal(
  name: string,
  { clientId, owners, hidden, before, admits }: ServicePrincipalArgs,
  { parent, ...options }: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): pulumi.Output<string> {
  const existing = admits === "everybody" ? undefined : findObjectId(clientId, before, { parent });
  const servicePrincipal: azuread.ServicePrincipal = new azuread.ServicePrincipal(
    `${name}-service-principal`,
    {
      clientId,
      owners,
      // Set explicitly: after a refresh the provider takes the value it found for the default and misses drift.
      accountEnabled: true,
      appRoleAssignmentRequired: admits !== "everybody",
      // Without tags of its own, the provider keeps those that are there.
      ...(hidden !== undefined && { tags: setVisibility(hidden, before?.tags) }),
    },
    {
      ...options,
      parent,
      ignoreChanges: SERVICE_PRINCIPAL_PATHS,
      hooks: { beforeCreate: [createAbsenceHook(name, { parent })] },
      ...(existing && {
        dependsOn: existing.apply((id): pulumi.Resource[] => (id === undefined ? [] : [assignments])),
      }),
    },
  );
  if (admits === "everybody" || !existing) return servicePrincipal.objectId;
  const objectId: pulumi.Output<string> = existing.apply((id) =>
    id === undefined ? servicePrincipal.objectId : pulumi.output(id),
  );
  const assignments: pulumi.Resource = new EntraAssignments(
    name,
    { ...admits, servicePrincipalObjectId: objectId },
    { parent },
  );
  return objectId;
}

/** Creates a hook that refuses to create a second service principal: the provider's error does not say what to do. */
function createAbsenceHook(name: string, opts: pulumi.InvokeOptions): pulumi.ResourceHook {
  return createSearchHook(
    `${name}-service-principal-does-not-exist`,
    async ({ newInputs = {} }) => {
      const { clientId } = newInputs;
      if (typeof clientId !== "string") return;
      const found = await azuread.getServicePrincipals({ clientIds: [clientId], ignoreMissing: true }, opts);
      if (found.objectIds[0] === undefined) return;
      throw new pulumi.RunError(
        `application ${clientId} must not have a service principal yet; found ${found.objectIds[0]}, which somebody or an ` +
          `interrupted update made. To import it: npx entra-access up ${pulumi.getStack()}. A deployer with ` +
          "Application.ReadWrite.OwnedBy must be one of its owners.",
      );
    },
    { onDryRun: true },
  );
}

/** Finds the object id of an application's service principal; undefined if there is none yet. */
function findObjectId(
  clientId: pulumi.Output<string>,
  before: ExistingServicePrincipal | undefined,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string | undefined> {
  return clientId.apply(async (id) => {
    if (before?.clientId === id) return before.objectId;
    const { objectIds } = await azuread.getServicePrincipals({ clientIds: [id], ignoreMissing: true }, opts);
    return objectIds[0];
  });
}
