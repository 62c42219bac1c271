import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { createExistenceHook } from "../hooks/existing-objects";
import { mapValues } from "../map-values";
import type { IdentityProviderReference } from "./access";
import { getEnrolmentResource } from "./device-enrolment";

export interface OneTimePinArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** Display name on the login page, default "One-time PIN". */
  displayName?: pulumi.Input<string> | undefined;
  /** Protects it against deletion, default true: a new id breaks every access rule that names the old one. */
  protect?: boolean;
  /**
   * Name of the `DeviceEnrolment` that the same program declares. If the account has an object of both kinds, an error
   * names both. Default: none.
   */
  deviceEnrolment?: string | undefined;
}

/**
 * An Access identity provider of type `onetimepin`: it mails a PIN to the addresses that a policy admits.
 *
 * @example
 * const { identityProviderId } = new OneTimePin("emergency", { accountId: "023e105f4ecef8ad9ca31a8372d0c353" });
 */
export class OneTimePin extends pulumi.ComponentResource {
  /** Id of the identity provider, as access rules name it. */
  readonly identityProviderId: pulumi.Output<string>;

  constructor(name: string, args: OneTimePinArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:OneTimePin", name, {}, opts);
    const existenceHook = createExistenceHook(`${name}-does-not-exist`, {
      advise: (id) =>
        `To use it as it is, set access.identityProviders.${name} to {"id": "${id}", "oneTimePin": true}`,
      declaredLater:
        args.deviceEnrolment === undefined ? undefined : getEnrolmentResource(args.deviceEnrolment),
    });
    const { id } = new cloudflare.ZeroTrustAccessIdentityProvider(
      `${name}-identity-provider`,
      {
        accountId: args.accountId,
        name: args.displayName ?? "One-time PIN",
        type: "onetimepin",
        config: {},
      },
      { parent: this, protect: args.protect ?? true, hooks: { beforeCreate: [existenceHook] } },
    );
    this.identityProviderId = id;
    this.registerOutputs({ identityProviderId: id });
  }
}

/** Creates identity providers for one-time PINs, by name. They have no Entra groups. */
export function createOneTimePins({
  oneTimePins,
  ...common
}: Pick<OneTimePinArgs, "accountId" | "protect" | "deviceEnrolment"> & {
  oneTimePins: Readonly<Record<string, Pick<OneTimePinArgs, "displayName">>>;
}): Record<string, IdentityProviderReference> {
  return mapValues(oneTimePins, ({ displayName }, name) => {
    const { identityProviderId: id } = new OneTimePin(name, { ...common, displayName });
    return { id, entraGroups: new Map() };
  });
}
