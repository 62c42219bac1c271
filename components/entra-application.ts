import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { callbackUrl } from "./access-team";
import { microsoftGraphAppId, permissionId, permissionProfiles } from "./graph-permissions";
import { credentialName, stackMark } from "./stack-mark";

/** The client secret that Cloudflare signs in with. Changing any of it makes another secret; the one before stays. */
export interface CredentialArgs {
  /** Shown beside the secret in the Entra portal; default "<mark>#<rotation> cloudflare-access". */
  displayName?: pulumi.Input<string>;
  /**
   * When the secret expires, in UTC and whole seconds, e.g. "2027-05-01T00:00:00Z".
   * A fraction of a second is refused: Entra drops it, and every later `up` would replace the secret.
   */
  endDate: string;
  /** Number of the secret, default 1. */
  rotation?: number;
}

export interface EntraApplicationArgs {
  /** Display name in Entra, e.g. "Cloudflare Access (contoso)". A second application of the same name is refused. */
  displayName: pulumi.Input<string>;
  /** Cloudflare Zero Trust team name, e.g. "contoso"; the redirect URI follows from it. */
  teamName: pulumi.Input<string>;
  /** The client secret. */
  credential: CredentialArgs;
  /**
   * Names of delegated Microsoft Graph permissions, e.g. ["openid", "User.Read"]. They are asked for and consented to
   * for the whole tenant. Default: `permissionProfiles.tutorial`. An unknown name throws.
   */
  permissions?: readonly string[];
  /**
   * Object ids of all owners of the application and its service principal. Default: the principal that deploys; set
   * it where several do, or each sees the other as drift. A list without that principal is warned of: with no more
   * than Application.ReadWrite.OwnedBy it locks itself out.
   * Adding an owner later takes Directory.Read.All as well.
   */
  owners?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Asks Entra for the optional `email` claim in id tokens, default false. Without it Cloudflare takes the user
   * principal name for the email address, which is wrong for guests.
   */
  emailClaim?: boolean;
  /** Appends six random letters and digits to the display name, default false: for names shared across teams. */
  uniqueSuffix?: boolean;
  /**
   * Whether only people may sign in who are assigned, default false. The application then has an app role, which
   * `EntraAssignments` gives to groups.
   */
  assignedOnly?: boolean;
  /** The tag that says which stack owns the application; default "entra-access:<project>/<stack>". */
  mark?: string;
  /**
   * Whether Pulumi refuses to delete the application, its service principal and the consent, default true: a new
   * application has another client id.
   */
  protect?: boolean;
}

/**
 * The Entra side of a Cloudflare Access identity provider: a single-tenant app registration with Cloudflare's redirect
 * URI, its service principal, a client secret, and the tenant-wide admin consent to its Microsoft Graph permissions.
 *
 * @example
 * const application = new EntraApplication("entra", {
 *   displayName: "Cloudflare Access (contoso)",
 *   teamName: "contoso",
 *   credential: { endDate: "2027-05-01T00:00:00Z" },
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
  readonly credentialKeyId: pulumi.Output<string>;
  /** Id of the app role for who may sign in; undefined unless `assignedOnly`. */
  readonly appRoleId: pulumi.Output<string> | undefined;
  /** When the newest client secret expires, RFC 3339. */
  readonly credentialEndDate: pulumi.Output<string>;
  /** The newest client secret; a Pulumi secret, for the identity provider alone. */
  readonly clientSecret: pulumi.Output<string>;

  constructor(name: string, args: EntraApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:EntraApplication", name, {}, opts);
    const parent = { parent: this };
    const protect = args.protect ?? true;
    const mark = args.mark ?? stackMark();
    const permissions = args.permissions ?? permissionProfiles.tutorial;
    const deployer = azuread.getClientConfigOutput(parent);
    const owners = args.owners ?? [deployer.objectId];
    pulumi.all([deployer.objectId, owners]).apply((ids) => warnOfLockOut(this, ...ids));
    this.redirectUri = pulumi.output(args.teamName).apply(callbackUrl);

    this.appRoleId = args.assignedOnly
      ? new random.RandomUuid(`${name}-app-role`, {}, parent).result
      : undefined;

    const application = new azuread.Application(
      `${name}-application`,
      {
        displayName: args.uniqueSuffix ? suffixed(name, args.displayName, parent) : args.displayName,
        preventDuplicateNames: true,
        signInAudience: "AzureADMyOrg",
        web: {
          redirectUris: [this.redirectUri],
          implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
        },
        requiredResourceAccesses: [
          {
            resourceAppId: microsoftGraphAppId,
            resourceAccesses: permissions.map((permission) => ({
              id: permissionId(permission),
              type: "Scope",
            })),
          },
        ],
        ...(this.appRoleId ? { appRoles: [appRole(this.appRoleId)] } : {}),
        ...(args.emailClaim ? { optionalClaims: { idTokens: [{ name: "email", essential: false }] } } : {}),
        owners,
        tags: [mark],
      },
      { ...parent, protect },
    );

    // What dies with the application is not deleted one by one: each deletion is watched for 20 seconds.
    const within = { ...parent, deletedWith: application };
    // A refused destroy goes on to everything that the protected resource does not need, and drops from the state what
    // would be deleted with it: so these are protected themselves. The credential is not, because it gets replaced.
    const kept = { ...within, protect };
    const servicePrincipal = new azuread.ServicePrincipal(
      `${name}-service-principal`,
      // Said although they are the defaults: after a refresh the provider takes a default from what it found.
      {
        clientId: application.clientId,
        accountEnabled: true,
        appRoleAssignmentRequired: args.assignedOnly ?? false,
        owners,
      },
      kept,
    );
    const { rotation = 1 } = args.credential;
    const credential = new azuread.ApplicationPassword(
      `${name}-credential`,
      {
        applicationId: application.id,
        displayName: args.credential.displayName ?? credentialName(rotation, "cloudflare-access", mark),
        endDate: wholeSeconds(args.credential.endDate),
        rotateWhenChanged: { rotation: String(rotation) },
      },
      // Never removed: people sign in with the one before until Cloudflare has the new one, and no `up` can know.
      { ...within, retainOnDelete: true },
    );
    // A data source: as a resource, Microsoft's own service principal would be changed, and deleted at destroy. The plural
    // form selects a dozen properties; the singular one returns every permission that Microsoft Graph publishes, 400 KB.
    const microsoftGraph = azuread
      .getServicePrincipalsOutput({ clientIds: [microsoftGraphAppId] }, parent)
      .apply(({ servicePrincipals: [found] }) => {
        if (!found) throw new pulumi.RunError("the tenant has no service principal of Microsoft Graph");
        return found;
      });
    new azuread.ServicePrincipalDelegatedPermissionGrant(
      `${name}-admin-consent`,
      {
        servicePrincipalObjectId: servicePrincipal.objectId,
        resourceServicePrincipalObjectId: microsoftGraph.objectId,
        claimValues: [...permissions],
      },
      kept,
    );

    this.clientId = application.clientId;
    this.tenantId = deployer.tenantId;
    this.objectId = application.objectId;
    this.servicePrincipalObjectId = servicePrincipal.objectId;
    this.credentialKeyId = credential.keyId;
    this.credentialEndDate = credential.endDate;
    this.clientSecret = pulumi.secret(credential.value);
    this.registerOutputs({
      clientId: this.clientId,
      tenantId: this.tenantId,
      objectId: this.objectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      redirectUri: this.redirectUri,
      credentialKeyId: this.credentialKeyId,
      credentialEndDate: this.credentialEndDate,
    });
  }
}

function appRole(id: pulumi.Input<string>) {
  return {
    id,
    allowedMemberTypes: ["User"],
    displayName: "Cloudflare Access",
    description: "May sign in to Cloudflare Access",
    enabled: true,
    value: "access",
  };
}

function warnOfLockOut(component: pulumi.Resource, deployer: string, owners: string[]): void {
  if (owners.includes(deployer)) return;
  const message =
    `owners leave out ${deployer}, the principal that deploys: ` +
    "unless it has more than Application.ReadWrite.OwnedBy, it can change nothing after this, not even rotate";
  pulumi.log.warn(message, component);
}

function suffixed(
  name: string,
  displayName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const suffix = new random.RandomString(
    `${name}-name-suffix`,
    { length: 6, upper: false, special: false },
    opts,
  );
  return pulumi.interpolate`${displayName} ${suffix.result}`;
}

function wholeSeconds(endDate: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(endDate) && !Number.isNaN(Date.parse(endDate))) return endDate;
  throw new pulumi.RunError(
    `credential.endDate is "${endDate}"; it must be a UTC time in whole seconds, e.g. "2027-05-01T00:00:00Z"`,
  );
}
