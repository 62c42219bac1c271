import type * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";
import { permissionProfiles } from "../../config/graph-permissions";
import { getApplicationName, type TenantConfig } from "../../config/identity-providers";
import {
  AccessIdentityProvider,
  type AccessIdentityProviderArgs,
  type VerifyClient,
} from "../access/identity-provider";
import { getStackMark } from "../stack-mark";
import { EntraApplication } from "./application";
import type { AssignedGroup } from "./assignments";
import { type DeployedRotation, planRotation, type Rotation } from "./client-secret/rotation";
import {
  getDeployedRotation,
  type RotationOutputs,
  selectRotationInUse,
  warnOfRotation,
} from "./client-secret/rotation-outputs";
import { type ConditionalAccess, createConditionalAccess } from "./conditional-access";
import type { TenantObjects } from "./directory/tenant-objects";
import { EntraProvisioning, type EntraProvisioningArgs } from "./provisioning";
import type { PresentLists } from "./undeclared";

export interface EntraSignInArgs extends TenantConfig {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: string;
  /** Cloudflare Zero Trust team name, e.g. "contoso". */
  teamName: string;
  /** The name that the team is about to get. */
  nextTeamName: string | undefined;
  /** The Entra groups that are assigned if only assigned people may sign in. */
  assignedGroups: AssignedGroup[];
  /** The Entra groups whose members are provisioned in Cloudflare if the stack manages provisioning. */
  provisionedGroups: AssignedGroup[];
  /** The domain of the teams, e.g. "cloudflareaccess.com". */
  teamsDomain: string;
  /** Protects the application and the identity provider against deletion. */
  protect: boolean;
  /** The current time. */
  now: Date;
  /** The outputs of the stack's last update for this tenant. */
  lastOutputs: RotationOutputs;
  /** Verifies that Entra accepts the client secret before it is sent to Cloudflare. */
  verifyClient: VerifyClient;
  /** The tenant and its objects that the application refers to. */
  tenantObjects?: TenantObjects;
  /** The tags and claims that the application has in Entra. */
  present?: PresentLists;
  /** The provider of the tenant; default: the default provider of the stack. */
  provider?: azuread.Provider | undefined;
}

/** Both ends of the sign-in to one tenant. */
export interface EntraSignIn {
  readonly application: EntraApplication;
  readonly identityProvider: AccessIdentityProvider;
  /** Undefined without policies and named locations. */
  readonly conditionalAccess: ConditionalAccess | undefined;
  /** The stack outputs for this tenant, documented in docs/config.md. */
  readonly outputs: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** Base URL and secret token, which a person enters in Entra; undefined while SCIM is off, or where the stack manages it. */
  readonly scim: { baseUrl: pulumi.Output<unknown>; secret: pulumi.Output<unknown> } | undefined;
}

/**
 * Creates an Entra application and the identity provider that signs in with it, with the client secret that is due now.
 *
 * @param name the name of both components, and of the identity provider in the config
 * @throws RunError as {@link planRotation} does
 */
export function createEntraSignIn(name: string, args: EntraSignInArgs): EntraSignIn {
  const { teamName, teamsDomain, protect, provider, permissions } = args;
  const { deployed, rotation } = planClientSecret(name, args);
  const application = new EntraApplication(
    name,
    {
      ...args.application,
      displayName: getApplicationName(args.application, teamName),
      teamName,
      nextTeamName: args.nextTeamName,
      teamsDomain,
      emailClaimName: args.identityProvider.emailClaimName,
      readsConditionalAccess: args.identityProvider.conditionalAccessEnabled,
      permissions: permissions.names ?? [...permissionProfiles[permissions.profile ?? "tutorial"]],
      assignedGroups: args.assignedOnly ? byName(args.assignedGroups, ({ objectId }) => objectId) : undefined,
      clientSecret: { ...rotation, endDate: rotation.expiresAt },
      protect,
      mark: getSignInMark(name, args),
    },
    provider ? { provider } : {},
    {
      tenantObjects: args.tenantObjects,
      present: args.present,
      formerGroupNames: byName(args.assignedGroups, ({ formerName }) => formerName),
    },
  );

  // After the consent, so that nobody meets a sign-in that Entra refuses. Not after all of the application: a group that
  // can't be assigned must not keep Cloudflare from getting the client secret.
  const identityProvider = createIdentityProvider(name, args, application, {
    dependsOn: application.adminConsent,
  });
  // After the identity provider, so that a policy that is refused does not stop a rotation.
  const conditionalAccess = createConditionalAccess(
    name,
    {
      ...args.conditionalAccess,
      clientId: application.clientId,
      applicationName: getApplicationName(args.application, teamName),
      now: args.now,
    },
    { dependsOn: identityProvider, ...(provider && { provider }) },
  );
  const { scimBaseUrl: baseUrl, scimSecret: secret } = identityProvider;
  const provisioning = createProvisioning(name, args, { baseUrl, secret });
  const outputs = {
    clientId: application.clientId,
    tenantId: application.tenantId,
    applicationObjectId: application.objectId,
    servicePrincipalObjectId: application.servicePrincipalObjectId,
    identityProviderId: identityProvider.identityProviderId,
    redirectUri: application.redirectUri,
    rotation: selectRotationInUse(identityProvider.clientSecret, application, rotation, deployed),
    testUrl: identityProvider.testUrl,
    ...(provisioning && {
      provisioning: {
        applicationObjectId: provisioning.applicationObjectId,
        servicePrincipalObjectId: provisioning.servicePrincipalObjectId,
        jobId: provisioning.jobId,
      },
    }),
  };
  const scim = args.identityProvider.scim.enabled && !provisioning ? { baseUrl, secret } : undefined;
  return { application, identityProvider, conditionalAccess, outputs, scim };
}

/** Creates the Entra side of provisioning, where the stack manages it. Nothing waits for it. */
function createProvisioning(
  name: string,
  { identityProvider: { scim }, provider, provisionedGroups, ...args }: EntraSignInArgs,
  credentials: Pick<EntraProvisioningArgs, "baseUrl" | "secret">,
): EntraProvisioning | undefined {
  if (!scim.enabled || scim.provisioning !== "managed") return undefined;
  const displayName = `${getApplicationName(args.application, args.teamName)} SCIM`;
  const groups = byName(provisionedGroups, ({ objectId }) => objectId);
  return new EntraProvisioning(name, { displayName, groups, ...credentials }, provider ? { provider } : {});
}

const byName = <T>(groups: readonly AssignedGroup[], get: (group: AssignedGroup) => T) =>
  Object.fromEntries(groups.map((group) => [group.name, get(group)]));

/** Returns the tag of the application, with which the names of its client secrets begin. */
export function getSignInMark(name: string, { sharesTenant }: Pick<EntraSignInArgs, "sharesTenant">): string {
  return getStackMark(sharesTenant ? name : undefined);
}

/**
 * Plans the client secret that is due now, and warns when the deployed one expires soon.
 *
 * @throws RunError as {@link planRotation} does
 */
export function planClientSecret(
  name: string,
  { credential, directory, sharesTenant, lastOutputs, now }: ClientSecretPlanArgs,
): { deployed: DeployedRotation | undefined; rotation: Rotation } {
  const rotationArgs = {
    ...credential,
    tenantId: directory.tenantId,
    mark: getSignInMark(name, { sharesTenant }),
  };
  const deployed = getDeployedRotation(rotationArgs, lastOutputs);
  warnOfRotation(deployed, { alertDays: credential.alertDays, now, identityProvider: name });
  return { deployed, rotation: planRotation(rotationArgs, deployed, now) };
}

type ClientSecretPlanArgs = Pick<
  EntraSignInArgs,
  "credential" | "directory" | "sharesTenant" | "lastOutputs" | "now"
>;

type IdentityProviderArgs = Pick<
  EntraSignInArgs,
  "identityProvider" | "accountId" | "teamName" | "verifyClient" | "protect"
> &
  Partial<Pick<EntraSignInArgs, "teamsDomain">>;

/** The client of an identity provider. */
interface ClientArgs extends Pick<AccessIdentityProviderArgs, "clientId" | "clientSecret"> {
  tenantId: pulumi.Input<string>;
}

/** Creates the identity provider that signs in with an application. */
export function createIdentityProvider(
  name: string,
  { identityProvider, accountId, teamName, teamsDomain, verifyClient, protect }: IdentityProviderArgs,
  { clientId, clientSecret, tenantId }: ClientArgs,
  opts: pulumi.ComponentResourceOptions,
): AccessIdentityProvider {
  const { prompt, ...settings } = identityProvider;
  return new AccessIdentityProvider(
    name,
    {
      ...settings,
      ...(prompt !== undefined && { prompt }),
      accountId,
      teamName,
      clientId,
      clientSecret,
      protect,
      ...(teamsDomain !== undefined && { teamsDomain }),
      directoryId: tenantId,
    },
    opts,
    verifyClient,
  );
}
