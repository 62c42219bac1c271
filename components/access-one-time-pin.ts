import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { NamedIdentityProvider } from "./access";

export interface OneTimePinArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** What people see on the login page, default "One-time PIN". */
  displayName?: pulumi.Input<string> | undefined;
  /** Whether Pulumi refuses to delete it, default true: a new id breaks every rule that names the old one. */
  protect?: boolean;
}

/**
 * An Access identity provider of type `onetimepin`: it mails a PIN to whoever a policy lets in by their address. It knows
 * nobody, so policies have to name the addresses.
 *
 * @example
 * const { identityProviderId } = new OneTimePin("emergency", { accountId: "023e105f4ecef8ad9ca31a8372d0c353" });
 */
export class OneTimePin extends pulumi.ComponentResource {
  /** Id of the identity provider, as access rules name it. */
  readonly identityProviderId: pulumi.Output<string>;

  constructor(name: string, args: OneTimePinArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:OneTimePin", name, {}, opts);
    const { id } = new cloudflare.ZeroTrustAccessIdentityProvider(
      `${name}-identity-provider`,
      {
        accountId: args.accountId,
        name: args.displayName ?? "One-time PIN",
        type: "onetimepin",
        config: {},
      },
      { parent: this, protect: args.protect ?? true },
    );
    this.identityProviderId = id;
    this.registerOutputs({ identityProviderId: id });
  }
}

/** The one-time PINs among identity providers that the stack makes, by name; no Entra groups are theirs. */
export function ownedOneTimePins(o: {
  accountId: pulumi.Input<string>;
  identityProviders: Readonly<
    Record<string, { owned: boolean; oneTimePin: boolean; displayName?: string | undefined }>
  >;
  protect: boolean;
}): Record<string, NamedIdentityProvider> {
  const { accountId, protect } = o;
  const owned = Object.entries(o.identityProviders).filter(
    ([, { owned, oneTimePin }]) => owned && oneTimePin,
  );
  return Object.fromEntries(
    owned.map(([name, { displayName }]) => {
      const { identityProviderId: id } = new OneTimePin(name, { accountId, displayName, protect });
      return [name, { id, entraGroups: new Map() }];
    }),
  );
}
