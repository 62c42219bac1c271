import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { SCIM_SECRET_IS_LOST } from "../../config/run";

export interface EntraProvisioningArgs {
  /** Display name of the application that sends people, e.g. "Cloudflare Access (contoso) SCIM". */
  displayName: pulumi.Input<string>;
  /** Address of Cloudflare's SCIM endpoint. */
  baseUrl?: pulumi.Input<string | undefined>;
  /** Token for the SCIM endpoint; a Pulumi secret even if it is passed as plain text. */
  secret?: pulumi.Input<string | undefined>;
  /** Object ids of the groups whose direct members are provisioned, by the end of the name of the assignment's resource. */
  groups: { [name: string]: pulumi.Input<string> };
}

/** The gallery template of applications that are not in the gallery, the same in every tenant. */
const CUSTOM_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";
/** The app role "User" of its applications. Entra skips people with the role "Default Access". */
const USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f";

/**
 * Provisioning of people in Cloudflare by Entra: an enterprise application of its own, the groups assigned to it, the
 * credentials of Cloudflare's SCIM endpoint, and the job that sends the people.
 *
 * @example
 * new EntraProvisioning("entra", {
 *   displayName: "Cloudflare Access (contoso) SCIM",
 *   baseUrl: identityProvider.scimBaseUrl,
 *   secret: identityProvider.scimSecret,
 *   groups: { engineers: "70c461b8-92ea-4fd3-9b87-c3b4ef60d297" },
 * });
 */
export class EntraProvisioning extends pulumi.ComponentResource {
  /** Object id of the app registration. */
  readonly applicationObjectId: pulumi.Output<string>;
  /** Object id of the service principal, to which the groups are assigned. */
  readonly servicePrincipalObjectId: pulumi.Output<string>;
  /** Id of the job below the service principal. */
  readonly jobId: pulumi.Output<string>;

  constructor(name: string, args: EntraProvisioningArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:EntraProvisioning", name, {}, opts);
    const application = new azuread.ApplicationFromTemplate(
      `${name}-scim-application`,
      { displayName: args.displayName, templateId: CUSTOM_TEMPLATE },
      { parent: this },
    );
    const { servicePrincipalId } = application;
    // Entra deletes these with the application; one by one, each deletion would be watched for 20 seconds.
    const child = { parent: this, deletedWith: application };
    const assignments = Object.entries(args.groups).map(
      ([key, principalObjectId]) =>
        new azuread.AppRoleAssignment(
          `${name}-scim-assignment-${key}`,
          {
            appRoleId: USER_ROLE,
            principalObjectId,
            resourceObjectId: application.servicePrincipalObjectId,
          },
          child,
        ),
    );
    const credentials = new azuread.SynchronizationSecret(
      `${name}-scim-secret`,
      {
        servicePrincipalId,
        credentials: [
          { key: "BaseAddress", value: markSecret(args.baseUrl) },
          { key: "SecretToken", value: markSecret(args.secret) },
        ],
      },
      { ...child, hooks: createCredentialHooks(name) },
    );
    const job = new azuread.SynchronizationJob(
      `${name}-scim-job`,
      { servicePrincipalId, templateId: "scim", enabled: true },
      // The first cycle starts at once, and what is assigned later waits for the second.
      { ...child, dependsOn: [credentials, ...assignments] },
    );

    this.applicationObjectId = application.applicationObjectId;
    this.servicePrincipalObjectId = application.servicePrincipalObjectId;
    this.jobId = job.id.apply((id) => id.split("/").at(-1) ?? id);
    this.registerOutputs({
      applicationObjectId: this.applicationObjectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      jobId: this.jobId,
    });
  }
}

/** Returns a credential as a Pulumi secret, because the provider does not make it one; empty if it is not known. */
function markSecret(value: pulumi.Input<string | undefined>): pulumi.Output<string> {
  // Cloudflare shows nothing or a mask in all answers but the first.
  return pulumi.secret(value).apply((known) => (known && !/^\*+$/.test(known) ? known : ""));
}

/** Creates hooks that stop credentials which are not known before Entra forgets those that it has. */
function createCredentialHooks(name: string): pulumi.ResourceHookBinding {
  const hook = new pulumi.ResourceHook(`${name}-scim-secret-is-known`, async ({ newInputs }) => {
    const given = await new Promise((resolve) => {
      pulumi.output(newInputs?.credentials).apply(resolve);
    });
    // The list is secret and so is a value in it, of which the SDK unwraps one.
    const credentials: { value: string }[] = pulumi.runtime.unwrapRpcSecret(given);
    if (credentials.every(({ value }) => value !== "")) return;
    throw new Error(
      `${name}: ${SCIM_SECRET_IS_LOST}. Cloudflare shows it once. Renew it: npx entra-access rotate --scim`,
    );
  });
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}
