import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

export interface DeviceEnrolmentArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** Ids of policies, the first one first; one at least. */
  policies: readonly pulumi.Input<string>[];
  /** Ids of the identity providers that people may use; one at least, because none means all of the account. */
  identityProviderIds: readonly pulumi.Input<string>[];
  /** How long a sign-in to enrol lasts, e.g. "1h"; default "24h". */
  sessionDuration?: pulumi.Input<string> | undefined;
}

/**
 * Who may enrol a device in WARP, by which private destinations are reached. An account has one such application.
 *
 * @example
 * new DeviceEnrolment("access", {
 *   accountId: "023e105f4ecef8ad9ca31a8372d0c353",
 *   policies: [policies.ids.employees],
 *   identityProviderIds: [identityProviderId],
 * });
 */
export class DeviceEnrolment extends pulumi.ComponentResource {
  constructor(name: string, args: DeviceEnrolmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:DeviceEnrolment", name, {}, opts);
    const { accountId, policies, identityProviderIds, sessionDuration } = args;
    if (policies.length === 0 || identityProviderIds.length === 0) {
      throw new pulumi.RunError("device enrolment needs a policy and an identity provider");
    }
    new cloudflare.ZeroTrustAccessApplication(
      `${name}-device-enrolment`,
      {
        accountId,
        type: "warp",
        // Cloudflare names it, and the provider would take another name for drift.
        name: "Warp Login App",
        policies: policies.map((id, index) => ({ id, precedence: index + 1 })),
        allowedIdps: [...identityProviderIds],
        autoRedirectToIdentity: identityProviderIds.length === 1,
        sessionDuration: sessionDuration ?? "24h",
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
