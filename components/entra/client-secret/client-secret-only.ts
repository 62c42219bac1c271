import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { getOwn } from "../../map-values";
import { buildPasswordArgs } from "../application";
import type { ClientSecretSettings } from "../application-args";
import { createIdentityProvider, type EntraSignInArgs, getSignInMark, planClientSecret } from "../sign-in";
import { readAllOutputs, selectRotationInUse } from "./rotation-outputs";

/**
 * The client secret of an {@link EntraApplication} that exists, and nothing else of it. It has the same place in the
 * state, so the next full update continues from here.
 */
class ApplicationClientSecret extends pulumi.ComponentResource {
  readonly clientSecret: pulumi.Output<string>;
  readonly clientSecretKeyId: pulumi.Output<string>;

  constructor(
    name: string,
    args: { applicationObjectId: string; clientSecret: ClientSecretSettings; mark: string },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("entra-access:index:EntraApplication", name, {}, opts);
    const { value, keyId } = new azuread.ApplicationPassword(
      `${name}-credential`,
      {
        applicationId: `/applications/${args.applicationObjectId}`,
        ...buildPasswordArgs(args.clientSecret, args.mark),
      },
      { parent: this, retainOnDelete: true },
    );
    this.clientSecret = pulumi.secret(value);
    this.clientSecretKeyId = keyId;
    this.registerOutputs({});
  }
}

/**
 * Creates the client secret that a tenant has to have now, and sends it to Cloudflare. It depends on nothing but the
 * application, its client secret and the identity provider, whose ids come from the outputs of the last update.
 *
 * @returns all outputs of the last update, with the new client secret
 * @throws RunError before the first update, and as {@link planRotation} does
 */
export async function createClientSecret(
  name: string,
  args: Omit<
    EntraSignInArgs,
    | "lastOutputs"
    | "assignedGroups"
    | "provisionedGroups"
    | "nextTeamName"
    | "teamsDomain"
    | "tenantObjects"
    | "present"
  >,
) {
  const { outputs, values } = await readAllOutputs();
  const isOwn = name === OWN_IDENTITY_PROVIDER;
  const lastOutputs = (isOwn ? values : getOwn(values.identityProviders ?? {}, name)) ?? {};
  const { applicationObjectId, clientId, tenantId } = lastOutputs;
  if (!applicationObjectId || !clientId || !tenantId)
    throw new pulumi.RunError(`identity provider "${name}" has not been deployed yet`);

  const signIn = { ...args, lastOutputs };
  const { deployed, rotation } = planClientSecret(name, signIn);
  const application = new ApplicationClientSecret(
    name,
    {
      applicationObjectId,
      clientSecret: { ...rotation, endDate: rotation.expiresAt },
      mark: getSignInMark(name, args),
    },
    args.provider ? { provider: args.provider } : {},
  );
  const client = { clientId, tenantId, clientSecret: application.clientSecret };
  const identityProvider = createIdentityProvider(name, signIn, client, { dependsOn: application });
  const inUse = selectRotationInUse(identityProvider.clientSecret, application, rotation, deployed);
  if (isOwn) return { ...outputs, rotation: inUse };
  const identityProviders = pulumi
    .all([outputs.identityProviders as pulumi.Output<Record<string, object>>, inUse])
    .apply(([all, rotation]) => ({ ...all, [name]: { ...all[name], rotation } }));
  return { ...outputs, identityProviders };
}
