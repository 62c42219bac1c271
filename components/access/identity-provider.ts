import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { getTestUrl } from "./team";

/** The prompts of Entra at sign-in. */
export const SignInPrompt = { Login: "login", SelectAccount: "select_account", None: "none" } as const;
export type SignInPrompt = (typeof SignInPrompt)[keyof typeof SignInPrompt];

/** The effects of an update on a signed-in person. */
export const IdentityUpdateBehavior = {
  Automatic: "automatic",
  Reauth: "reauth",
  NoAction: "no_action",
} as const;
export type IdentityUpdateBehavior = (typeof IdentityUpdateBehavior)[keyof typeof IdentityUpdateBehavior];

/** Provisioning of people in Cloudflare by Entra. The Entra side is a separate enterprise application. */
export interface ScimSettings {
  /** Accepts SCIM requests for this identity provider, default false. */
  enabled?: pulumi.Input<boolean>;
  /** Revokes a person's sessions when Entra deprovisions them, default false. */
  userDeprovision?: pulumi.Input<boolean>;
  /** Removes their Zero Trust seat as well, default false. Requires `userDeprovision`. */
  seatDeprovision?: pulumi.Input<boolean>;
  /** The effect of an update on a signed-in person: "automatic", "reauth" or "no_action" (the default). */
  identityUpdateBehavior?: pulumi.Input<IdentityUpdateBehavior>;
}

/** The OAuth client that Cloudflare uses to authenticate to Entra. */
export interface EntraClient {
  clientId: string;
  clientSecret: string;
  /** Tenant id. */
  directoryId: string;
}

export interface AccessIdentityProviderArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** Cloudflare Zero Trust team name, e.g. "contoso". */
  teamName: pulumi.Input<string>;
  /** The domain of the teams; default "cloudflareaccess.com". In Cloudflare for Government it is another. */
  teamsDomain?: string | undefined;
  /** Display name on the login page, default "Entra ID". */
  displayName?: pulumi.Input<string> | undefined;
  /** Application (client) id of the Entra application. */
  clientId: pulumi.Input<string>;
  /** Client secret of the Entra application; a Pulumi secret even if it is passed as plain text. */
  clientSecret: pulumi.Input<string>;
  /** Directory (tenant) id. */
  directoryId: pulumi.Input<string>;
  /** Loads people's groups from Entra, default true. */
  supportGroups?: pulumi.Input<boolean>;
  /** Uses PKCE, default true. */
  pkceEnabled?: pulumi.Input<boolean>;
  /** Loads Entra's authentication contexts, default false. Requires the application permission Policy.Read.ConditionalAccess. */
  conditionalAccessEnabled?: pulumi.Input<boolean>;
  /** The prompt of Entra at sign-in: "login", "select_account" or "none"; default: Entra decides. */
  prompt?: pulumi.Input<SignInPrompt>;
  /** Claims of the id token to hand on to applications and rules, e.g. ["oid"]; default: none. */
  claims?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The claim that holds the email address; default: Cloudflare takes `email`, then the user principal name. */
  emailClaimName?: pulumi.Input<string> | undefined;
  /** SCIM; default: off. */
  scim?: ScimSettings;
  /** Protects it against deletion, default true: a new id breaks every access rule that names the old one. */
  protect?: boolean;
}

/**
 * Verifies that Entra accepts the client secret before it is sent to Cloudflare. If it throws, nothing is sent. A function,
 * which is why no other language can give it.
 */
export type VerifyClient = (client: EntraClient) => Promise<void>;

/**
 * The Cloudflare side: an Access identity provider of type `azureAD`.
 *
 * @example
 * const identityProvider = new AccessIdentityProvider("entra", {
 *   accountId: "023e105f4ecef8ad9ca31a8372d0c353",
 *   teamName: "contoso",
 *   clientId: application.clientId,
 *   clientSecret: application.clientSecret,
 *   directoryId: application.tenantId,
 * });
 */
export class AccessIdentityProvider extends pulumi.ComponentResource {
  /** Id of the identity provider, as access rules name it. */
  readonly identityProviderId: pulumi.Output<string>;
  /** The client secret that Cloudflare got last; a Pulumi secret. */
  readonly clientSecret: pulumi.Output<string | undefined>;
  /** Address of the page that tests the sign-in ("Your connection works"). */
  readonly testUrl: pulumi.Output<string>;
  /** Base URL for Entra's provisioning service; undefined while SCIM is off. */
  readonly scimBaseUrl: pulumi.Output<string | undefined>;
  /** Token for Entra's provisioning service; a Pulumi secret, shown once; undefined while SCIM is off. */
  readonly scimSecret: pulumi.Output<string | undefined>;

  /** @param verifyClient default: no verification */
  constructor(
    name: string,
    args: AccessIdentityProviderArgs,
    opts?: pulumi.ComponentResourceOptions,
    verifyClient?: VerifyClient,
  ) {
    super("entra-access:index:AccessIdentityProvider", name, {}, opts);

    const identityProvider = new cloudflare.ZeroTrustAccessIdentityProvider(
      `${name}-identity-provider`,
      {
        accountId: args.accountId,
        name: args.displayName ?? "Entra ID",
        type: "azureAD",
        // Every preview would show a change if a setting that Cloudflare always returns (pkceEnabled) were not set, or
        // if one that it returns only when it is set (prompt, claims) were set without need.
        config: {
          clientId: args.clientId,
          clientSecret: pulumi.secret(args.clientSecret),
          directoryId: args.directoryId,
          supportGroups: args.supportGroups ?? true,
          pkceEnabled: args.pkceEnabled ?? true,
          conditionalAccessEnabled: args.conditionalAccessEnabled ?? false,
          ...(args.prompt === undefined ? {} : { prompt: args.prompt }),
          ...(args.claims === undefined ? {} : { claims: args.claims }),
          ...(args.emailClaimName === undefined ? {} : { emailClaimName: args.emailClaimName }),
        },
        scimConfig: {
          enabled: args.scim?.enabled ?? false,
          userDeprovision: args.scim?.userDeprovision ?? false,
          seatDeprovision: args.scim?.seatDeprovision ?? false,
          identityUpdateBehavior: args.scim?.identityUpdateBehavior ?? "no_action",
        },
      },
      {
        parent: this,
        protect: args.protect ?? true,
        ...(verifyClient && {
          hooks: createVerificationHooks(`${name}-client-secret-works`, verifyClient),
        }),
      },
    );

    this.identityProviderId = identityProvider.id;
    this.clientSecret = pulumi.secret(identityProvider.config.apply(({ clientSecret }) => clientSecret));
    this.testUrl = pulumi
      .all([args.teamName, identityProvider.id])
      .apply(([team, id]) => getTestUrl(team, id, args.teamsDomain));
    this.scimBaseUrl = identityProvider.scimConfig.apply((scim) => scim?.scimBaseUrl);
    this.scimSecret = pulumi.secret(identityProvider.scimConfig.apply((scim) => scim?.secret));
    this.registerOutputs({ identityProviderId: this.identityProviderId, testUrl: this.testUrl });
  }
}

/** Creates hooks that run before the identity provider changes: an "after" hook that fails only causes a warning. */
function createVerificationHooks(name: string, verifyClient: VerifyClient): pulumi.ResourceHookBinding {
  const hook = new pulumi.ResourceHook(name, async ({ newInputs }) => {
    await new Promise<void>((resolve, reject) => {
      pulumi
        .output(newInputs?.config)
        .apply((client: EntraClient) => verifyClient(client).then(resolve, reject));
    });
  });
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}
