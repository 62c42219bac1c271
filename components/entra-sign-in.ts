import type * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";
import { AccessIdentityProvider, type AccessIdentityProviderArgs } from "./access-identity-provider";
import { EntraApplication, type EntraApplicationArgs } from "./entra-application";
import { permissionProfiles } from "./graph-permissions";
import {
  type DeployedRotation,
  deployedRotation,
  type LastOutputs,
  nextRotation,
  type RotationArgs,
  rotationInUse,
  warnOfRotation,
} from "./rotation";

/** What settings say of one tenant's sign-in; docs/config.md has them one by one. */
export interface SignInSettings {
  readonly application: Pick<EntraApplicationArgs, "emailClaim" | "uniqueSuffix" | "owners"> & {
    /** Default: named after the team. */
    displayName?: string | undefined;
  };
  readonly permissions: {
    names?: readonly string[] | undefined;
    profile?: keyof typeof permissionProfiles | undefined;
  };
  readonly credential: Omit<RotationArgs, "tenantId"> & {
    /** Days before the end of a client secret from which it is warned of. */
    alertDays: number;
  };
  readonly identityProvider: Pick<
    AccessIdentityProviderArgs,
    | "displayName"
    | "supportGroups"
    | "pkceEnabled"
    | "conditionalAccessEnabled"
    | "prompt"
    | "claims"
    | "emailClaimName"
    | "scim"
  >;
}

export interface EntraSignInArgs extends SignInSettings {
  /** Directory (tenant) id. */
  tenantId: string;
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: string;
  /** Cloudflare Zero Trust team name, e.g. "contoso". */
  teamName: string;
  assignedOnly: boolean;
  protect: boolean;
  /** What time it is. */
  now: Date;
  /** What the last update of the stack put out. */
  last: LastOutputs;
  proof: NonNullable<AccessIdentityProviderArgs["proof"]>;
  /** Signs in to the tenant; default: the default provider of the stack. */
  provider?: azuread.Provider | undefined;
}

/** Both ends of one tenant's sign-in. */
export interface EntraSignIn {
  readonly application: EntraApplication;
  readonly identityProvider: AccessIdentityProvider;
  /** The client secret that Cloudflare had after the last update of the stack; undefined before the first. */
  readonly deployed: DeployedRotation | undefined;
  /** What people and operations need next; docs/config.md. */
  readonly outputs: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/**
 * An Entra application and the identity provider that signs in with it, with the client secret that is due now.
 *
 * @param name of both components, and of the identity provider in the settings
 * @throws RunError as {@link nextRotation}
 */
export function entraSignIn(name: string, args: EntraSignInArgs): EntraSignIn {
  const { tenantId, accountId, teamName, protect, now, provider } = args;
  const wanted = { ...args.credential, tenantId };
  const deployed = deployedRotation(wanted, args.last);
  warnOfRotation(deployed, { alertDays: args.credential.alertDays, now, of: name });
  const rotation = nextRotation(wanted, deployed, now);

  const application = new EntraApplication(
    name,
    {
      ...args.application,
      displayName: args.application.displayName ?? `Cloudflare Access (${teamName})`,
      teamName,
      permissions: args.permissions.names ?? permissionProfiles[args.permissions.profile ?? "tutorial"],
      assignedOnly: args.assignedOnly,
      credential: { ...rotation, rotation: rotation.number, endDate: rotation.expiresAt },
      protect,
    },
    provider ? { provider } : {},
  );

  // After the consent, so that nobody meets a sign-in that Entra refuses.
  const identityProvider = new AccessIdentityProvider(
    name,
    {
      ...args.identityProvider,
      accountId,
      teamName,
      clientId: application.clientId,
      clientSecret: application.clientSecret,
      directoryId: application.tenantId,
      proof: args.proof,
      protect,
    },
    { dependsOn: application },
  );

  const outputs = {
    clientId: application.clientId,
    tenantId: application.tenantId,
    applicationObjectId: application.objectId,
    servicePrincipalObjectId: application.servicePrincipalObjectId,
    identityProviderId: identityProvider.identityProviderId,
    redirectUri: application.redirectUri,
    rotation: rotationInUse(identityProvider.clientSecret, application, rotation, deployed),
    testUrl: identityProvider.testUrl,
  };
  return { application, identityProvider, deployed, outputs };
}
