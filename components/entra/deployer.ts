import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { getRoleId } from "../../config/deployer/app-roles";
import { ISSUERS, listCredentials, listMalformedNames } from "../../config/deployer/issuers";
import { FEATURES, type FeatureName, JOB_NAMES, listPermissionsOfJobs } from "../../config/deployer/jobs";
import { microsoftGraphAppId } from "../../config/graph-permissions";
import { requireUniqueApplicationName } from "./directory/duplicate-names";
import { findTenantObjects } from "./directory/tenant-objects";
import { createServicePrincipal } from "./service-principal";
import { listUndeclaredPaths } from "./undeclared";

export const DeployerJob = {
  Deploy: "deploy",
  Rotate: "rotate",
  Preview: "preview",
  Drift: "drift",
  Verify: "verify",
  Access: "access",
  Adopt: "adopt",
} as const;
export type DeployerJob = "deploy" | "rotate" | "preview" | "drift" | "verify" | "access" | "adopt";

export interface DeployerTrust {
  /** Repositories at GitHub: "contoso/access", or with ids "contoso@123456/access@456789". */
  github?: string[];
  /** Projects at GitLab, whose jobs on main are trusted: "contoso/access" or an address. */
  gitlab?: string[];
  /** Projects in Azure DevOps: "<organization id>/<organization>/<project>". */
  azureDevOps?: string[];
  /** Stacks of Pulumi Deployments: "<organization>/<project>/<stack>". */
  pulumiCloud?: string[];
}

export interface DeployerArgs {
  /** Display name in Entra, e.g. "entra-access-production". A second application of the same name is refused. */
  displayName: string;
  /** The jobs that it does; it gets the least permissions for all of them. */
  jobs: DeployerJob[];
  /**
   * Parts of the stacks' settings that need permissions of their own, by the names in docs/permissions.md, e.g.
   * ["accessRules", "entraGroups"]; default: none.
   */
  features?: string[];
  /** Repositories, projects and stacks whose jobs sign in as it, instead of by a client secret. */
  trusts: DeployerTrust;
  /** The environment of the jobs at GitHub, default: the name of the component. */
  environment?: string;
  /** The service connection of the jobs in Azure DevOps, default: the display name. */
  serviceConnection?: string;
  /** Object ids of all owners, default: the principal that deploys. */
  owners?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether the program consents to the permissions, default true. The identity that runs it must then be Privileged Role Administrator
   * or have AppRoleAssignment.ReadWrite.All. With false, an administrator consents: `az ad app permission admin-consent --id <clientId>`.
   */
  consents?: boolean;
  /** Protects the application and its service principal against deletion, default true. */
  protect?: boolean;
}

/**
 * An identity with which a pipeline deploys stacks, previews them or replaces their client secrets: an app registration
 * without a secret, which trusts the tokens of a CI system and has the least permissions of its jobs on Microsoft Graph.
 *
 * @example
 * const production = new Deployer("production", {
 *   displayName: "entra-access-production",
 *   jobs: ["deploy"],
 *   features: ["accessRules", "entraGroups"],
 *   trusts: { github: ["contoso@123456/access@456789"] },
 * });
 */
export class Deployer extends pulumi.ComponentResource {
  /** Application (client) id, the ARM_CLIENT_ID of the pipeline. */
  readonly clientId: pulumi.Output<string>;
  /** Directory (tenant) id, the ARM_TENANT_ID of the pipeline. */
  readonly tenantId: pulumi.Output<string>;
  /** Object id of the service principal, for `application.owners` of the stacks. */
  readonly servicePrincipalObjectId: pulumi.Output<string>;
  /** Application permissions of Microsoft Graph that its jobs need. */
  readonly graphPermissions: pulumi.Output<string[]>;
  /** Permission groups that the Cloudflare token of the pipeline needs. */
  readonly cloudflarePermissions: pulumi.Output<string[]>;

  /** @throws RunError for a job, feature, repository, project or stack that cannot be */
  constructor(name: string, args: DeployerArgs, opts?: pulumi.ComponentResourceOptions) {
    requireValid(name, args);
    super("entra-access:index:Deployer", name, {}, opts);
    const { displayName, trusts, environment = name, serviceConnection = displayName } = args;
    const parent = { parent: this };
    const protect = args.protect ?? true;
    const permissions = listPermissionsOfJobs(args.jobs, args.features as FeatureName[] | undefined);
    const tenant = pulumi.output(findTenantObjects(parent));
    const owners = args.owners ?? [tenant.deployerObjectId];

    const { hooks, preventDuplicateNames } = requireUniqueApplicationName(
      `${name}-application`,
      args,
      parent,
    );
    const application = new azuread.Application(
      `${name}-application`,
      {
        displayName,
        preventDuplicateNames,
        owners,
        signInAudience: "AzureADMyOrg",
        requiredResourceAccesses: [
          {
            resourceAppId: microsoftGraphAppId,
            resourceAccesses: permissions.graph.map((role) => ({ id: getRoleId(role), type: "Role" })),
          },
        ],
      },
      {
        ...parent,
        protect,
        ignoreChanges: [...listUndeclaredPaths({ hasClaims: false }), "tags"],
        ...(hooks && { hooks }),
      },
    );
    this.servicePrincipalObjectId = createServicePrincipal(
      name,
      { clientId: application.clientId, owners, admits: "everybody" },
      { ...parent, deletedWith: application, protect },
    );
    for (const credential of listCredentials(trusts, { environment, serviceConnection }))
      new azuread.ApplicationFederatedIdentityCredential(
        `${name}-trust-${credential.name}`,
        {
          applicationId: application.id,
          displayName: credential.name,
          issuer: credential.issuer,
          subject: credential.subject,
          audiences: [...credential.audiences],
        },
        parent,
      );
    if (args.consents ?? true)
      for (const permission of permissions.graph)
        new azuread.AppRoleAssignment(
          `${name}-consent-${permission}`,
          {
            appRoleId: getRoleId(permission),
            principalObjectId: this.servicePrincipalObjectId,
            resourceObjectId: tenant.microsoftGraphObjectId,
          },
          parent,
        );

    this.clientId = application.clientId;
    this.tenantId = tenant.tenantId;
    this.graphPermissions = pulumi.output([...permissions.graph]);
    this.cloudflarePermissions = pulumi.output([...permissions.cloudflare]);
    this.registerOutputs({
      clientId: this.clientId,
      tenantId: this.tenantId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      graphPermissions: this.graphPermissions,
      cloudflarePermissions: this.cloudflarePermissions,
    });
  }
}

/** Programs in other languages are not held by our types. */
function requireValid(name: string, { jobs, features = [], trusts }: DeployerArgs): void {
  const unknown = (given: readonly string[], among: readonly string[]) =>
    given.filter((one) => !among.includes(one));
  const known = Object.keys(FEATURES);
  const problems = [
    ...(jobs.length === 0 ? [`jobs must not be empty; known are ${JOB_NAMES.join(", ")}`] : []),
    ...unknown(jobs, JOB_NAMES).map((job) => `jobs must be among ${JOB_NAMES.join(", ")}; found "${job}"`),
    ...unknown(features, known).map(
      (feature) => `features must be among ${known.join(", ")}; found "${feature}"`,
    ),
    ...listMalformedNames(trusts).map(
      ({ issuer, given }) => `trusts.${issuer} must be ${ISSUERS[issuer].form}; found "${given}"`,
    ),
  ];
  if (problems.length > 0)
    throw new pulumi.RunError(
      [`the arguments of Deployer "${name}" must be valid:`, ...problems].join("\n  "),
    );
}
