import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { createExistenceHook } from "../hooks/existing-objects";

export interface DeviceEnrolmentArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** Ids of policies in the order of their evaluation; at least one. */
  policies: readonly pulumi.Input<string>[];
  /** Ids of the identity providers that people may use; at least one, because Cloudflare takes none for all. */
  identityProviderIds: readonly pulumi.Input<string>[];
  /** Duration of a sign-in for the enrollment, e.g. "1h"; default "24h". */
  sessionDuration?: pulumi.Input<string> | undefined;
}

/**
 * The Access application for the enrollment of devices in WARP, of which an account has one.
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
      throw new pulumi.RunError("device enrollment must have a policy and an identity provider");
    }
    const existenceHook = createExistenceHook(`${name}-device-enrolment-does-not-exist`);
    new cloudflare.ZeroTrustAccessApplication(
      `${name}-device-enrolment`,
      {
        accountId,
        type: "warp",
        // The name that Cloudflare gives it; any other would show as drift.
        name: "Warp Login App",
        policies: policies.map((id, index) => ({ id, precedence: index + 1 })),
        allowedIdps: [...identityProviderIds],
        autoRedirectToIdentity: identityProviderIds.length === 1,
        sessionDuration: sessionDuration ?? "24h",
      },
      { parent: this, hooks: { beforeCreate: [existenceHook] } },
    );
    this.registerOutputs();
  }
}

/** Returns what identifies the application of a {@link DeviceEnrolment} of this name. */
export function getEnrolmentResource(name: string) {
  return {
    name: `${name}-device-enrolment`,
    type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
    inputs: { type: "warp" },
  };
}
