import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import {
  getPermissionId,
  microsoftGraphAppId,
  permissionProfiles,
  readConditionalAccessRoleId,
} from "../../config/graph-permissions";
import { listIdTokenClaims } from "../../config/id-token-claims";
import { formatClientSecretName } from "../../config/mark";
import { getRedirectUri } from "../access/team";
import { createAssignmentNotice } from "../hooks/existing-assignments";
import { getStackMark } from "../stack-mark";
import type { ApplicationLookUps, ClientSecretSettings, EntraApplicationArgs } from "./application-args";
import { requireUniqueApplicationName } from "./directory/duplicate-names";
import { findTenantObjects } from "./directory/tenant-objects";
import { createServicePrincipal } from "./service-principal";
import { listUndeclaredPaths, mergeClaims, mergeTags, type PresentLists } from "./undeclared";

/**
 * The Entra side of a Cloudflare Access identity provider: a single-tenant app registration with Cloudflare's redirect
 * URI, its service principal, a client secret, and the tenant-wide admin consent to its Microsoft Graph permissions.
 *
 * @example
 * const application = new EntraApplication("entra", {
 *   displayName: "Cloudflare Access (contoso)",
 *   teamName: "contoso",
 *   clientSecret: { endDate: "2027-05-01T00:00:00Z" },
 * });
 */
export class EntraApplication extends pulumi.ComponentResource {
  /** Application (client) id. */
  readonly clientId: pulumi.Output<string>;
  /** Directory (tenant) id. */
  readonly tenantId: pulumi.Output<string>;
  /** Object id of the app registration. */
  readonly objectId: pulumi.Output<string>;
  /** Object id of the service principal. */
  readonly servicePrincipalObjectId: pulumi.Output<string>;
  /** The redirect URI registered for Cloudflare. */
  readonly redirectUri: pulumi.Output<string>;
  /** Key id of the newest client secret. */
  readonly clientSecretKeyId: pulumi.Output<string>;
  /** Expiry of the newest client secret, RFC 3339. */
  readonly clientSecretEndDate: pulumi.Output<string>;
  /** The newest client secret; a Pulumi secret, for the identity provider only. */
  readonly clientSecret: pulumi.Output<string>;
  /** Kept outside the properties of the class, because each of them becomes an output in every language. */
  private static readonly adminConsents = new WeakMap<EntraApplication, pulumi.Resource>();

  constructor(
    name: string,
    args: EntraApplicationArgs,
    opts?: pulumi.ComponentResourceOptions,
    { tenantObjects, present, formerGroupNames = {} }: ApplicationLookUps = {},
  ) {
    super("entra-access:index:EntraApplication", name, {}, opts);
    const parent = { parent: this };
    const protect = args.protect ?? true;
    const mark = args.mark ?? getStackMark();
    const permissions = args.permissions ?? permissionProfiles.tutorial;
    // Wrong arguments are refused before anything is looked up or created.
    const passwordArgs = buildPasswordArgs(args.clientSecret, mark);
    const permissionIds = permissions.map(getPermissionId);
    const tenant = pulumi.output(tenantObjects ?? findTenantObjects(parent));
    const owners = args.owners ?? [tenant.deployerObjectId];
    pulumi.all([tenant.deployerObjectId, owners]).apply((ids) => warnOfLockout(this, ...ids));
    this.redirectUri = pulumi
      .output(args.teamName)
      .apply((teamName) => getRedirectUri(teamName, args.teamsDomain));
    const ownRole =
      args.assignedGroups && args.appRoleId === undefined
        ? new random.RandomUuid(`${name}-app-role`, {}, parent).result
        : undefined;

    const { hooks, preventDuplicateNames } = requireUniqueApplicationName(
      `${name}-application`,
      args,
      parent,
    );
    const application = new azuread.Application(
      `${name}-application`,
      {
        ...buildApplicationArgs(args, permissionIds, this.redirectUri, ownRole, present),
        displayName: args.uniqueSuffix ? appendSuffix(name, args.displayName, parent) : args.displayName,
        preventDuplicateNames,
        owners,
        tags: mergeTags(mark, args.tags ?? [], present?.tags ?? []),
      },
      // `ignoreChanges` has the app roles where nobody needs an assignment: an update must not remove the role while the
      // service principal still requires one, which ends later in the same update.
      {
        ...parent,
        protect,
        ignoreChanges: listUndeclaredPaths({
          ...args,
          appRole: ownRole,
          hasClaims: listRequestedClaims(args).length > 0,
        }),
        ...(hooks && { hooks }),
      },
    );

    // Entra deletes these with the application; one by one, each deletion would be watched for 20 seconds.
    const child = { ...parent, deletedWith: application };
    // The children are protected too: the engine refuses to destroy a protected application, but drops its unprotected children
    // from the state. The client secret is not, because a rotation must replace it.
    const protectedChild = { ...child, protect };
    const appRoleId = args.appRoleId ?? ownRole;
    const groups =
      args.assignedGroups &&
      Object.entries(args.assignedGroups).map(([key, objectId]) => ({
        name: key,
        objectId,
        formerName: formerGroupNames[key],
      }));
    // A new service principal has no assignments.
    const assignmentHooks = tenantObjects?.servicePrincipal && {
      beforeCreate: [createAssignmentNotice(name)],
    };
    this.servicePrincipalObjectId = createServicePrincipal(
      name,
      {
        clientId: application.clientId,
        owners,
        hidden: args.hidden,
        before: tenantObjects?.servicePrincipal,
        admits: groups && appRoleId ? { appRoleId, groups, hooks: assignmentHooks } : "everybody",
      },
      protectedChild,
    );
    const clientSecret = new azuread.ApplicationPassword(
      `${name}-credential`,
      { applicationId: application.id, ...passwordArgs },
      // Never removed by an update: Cloudflare uses the one before until it has the new one.
      { ...child, retainOnDelete: true },
    );
    const adminConsent = new azuread.ServicePrincipalDelegatedPermissionGrant(
      `${name}-admin-consent`,
      {
        servicePrincipalObjectId: this.servicePrincipalObjectId,
        resourceServicePrincipalObjectId: tenant.microsoftGraphObjectId,
        claimValues: [...permissions],
      },
      protectedChild,
    );

    EntraApplication.adminConsents.set(this, adminConsent);
    if (args.readsConditionalAccess)
      new azuread.AppRoleAssignment(
        `${name}-conditional-access-consent`,
        {
          appRoleId: readConditionalAccessRoleId,
          principalObjectId: this.servicePrincipalObjectId,
          resourceObjectId: tenant.microsoftGraphObjectId,
        },
        { ...parent, ...(assignmentHooks && { hooks: assignmentHooks }) },
      );

    this.clientId = application.clientId;
    this.tenantId = tenant.tenantId;
    this.objectId = application.objectId;
    this.clientSecretKeyId = clientSecret.keyId;
    this.clientSecretEndDate = clientSecret.endDate;
    this.clientSecret = pulumi.secret(clientSecret.value);
    this.registerOutputs({
      clientId: this.clientId,
      tenantId: this.tenantId,
      objectId: this.objectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      redirectUri: this.redirectUri,
      clientSecretKeyId: this.clientSecretKeyId,
      clientSecretEndDate: this.clientSecretEndDate,
    });
  }

  /** The admin consent, without which nobody can sign in. */
  get adminConsent(): pulumi.Resource {
    return EntraApplication.adminConsents.get(this) as pulumi.Resource;
  }
}

const listRequestedClaims = ({ emailClaim = false, emailClaimName }: EntraApplicationArgs) =>
  listIdTokenClaims(emailClaim, emailClaimName);

function buildApplicationArgs(
  args: EntraApplicationArgs,
  permissionIds: readonly string[],
  redirectUri: pulumi.Input<string>,
  appRoleId: pulumi.Input<string> | undefined,
  present: PresentLists | undefined,
) {
  const { homepageUrl, nextTeamName, notes, serviceManagementReference, teamsDomain } = args;
  const requestedClaims = listRequestedClaims(args);
  const resourceAccesses = [
    ...permissionIds.map((id) => ({ id, type: "Scope" })),
    ...(args.readsConditionalAccess ? [{ id: readConditionalAccessRoleId, type: "Role" }] : []),
  ];
  return {
    signInAudience: "AzureADMyOrg",
    web: {
      redirectUris: [
        redirectUri,
        ...(nextTeamName === undefined ? [] : [getRedirectUri(nextTeamName, teamsDomain)]),
      ],
      ...(homepageUrl !== undefined && { homepageUrl }),
      implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
    },
    requiredResourceAccesses: [{ resourceAppId: microsoftGraphAppId, resourceAccesses }],
    ...(appRoleId ? { appRoles: [buildAppRole(appRoleId)] } : {}),
    ...(requestedClaims.length > 0 && {
      optionalClaims: { idTokens: mergeClaims(requestedClaims, present?.idTokenClaims ?? []) },
    }),
    ...(notes !== undefined && { notes }),
    ...(serviceManagementReference !== undefined && { serviceManagementReference }),
  };
}

function buildAppRole(id: pulumi.Input<string>) {
  return {
    id,
    allowedMemberTypes: ["User"],
    displayName: "Cloudflare Access",
    description: "May sign in to Cloudflare Access",
    enabled: true,
    value: "access",
  };
}

export function buildPasswordArgs({ displayName, endDate, number = 1 }: ClientSecretSettings, mark: string) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(endDate) || Number.isNaN(Date.parse(endDate)))
    throw new pulumi.RunError(
      `clientSecret.endDate must be a UTC time in whole seconds, e.g. "2027-05-01T00:00:00Z"; found "${endDate}"`,
    );
  return {
    displayName: displayName ?? formatClientSecretName(mark, number, "cloudflare-access"),
    endDate,
    rotateWhenChanged: { rotation: String(number) },
  };
}

function warnOfLockout(component: pulumi.Resource, deployer: string, owners: string[]): void {
  if (owners.includes(deployer)) return;
  const message =
    `application.owners do not include ${deployer}, the principal that deploys: unless it has more permissions than ` +
    "Application.ReadWrite.OwnedBy, this is the last change that it can make, rotations included";
  void pulumi.log.warn(message, component);
}

function appendSuffix(
  name: string,
  displayName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const args = { length: 6, upper: false, special: false };
  const suffix = new random.RandomString(`${name}-name-suffix`, args, opts);
  return pulumi.interpolate`${displayName} ${suffix.result}`;
}
