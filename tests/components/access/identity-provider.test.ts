import * as pulumi from "@pulumi/pulumi";
import {
  AccessIdentityProvider,
  type AccessIdentityProviderArgs,
} from "../../../components/access/identity-provider";
import { accountId, observed, resolved, resources, startProgram, tenantId } from "../../support/mocks";

const args: AccessIdentityProviderArgs = {
  accountId,
  teamName: "contoso",
  clientId: "f66cfc2b-5719-4ac5-933d-1c9e9087490f",
  clientSecret: "a-client-secret",
  directoryId: tenantId,
};
const declare = async (changed: Partial<AccessIdentityProviderArgs> = {}) => {
  const component = new AccessIdentityProvider("entra", { ...args, ...changed }, observed);
  const { entra, "entra-identity-provider": declared, ...others } = await resources();
  expect(entra?.type).toBe("entra-access:index:AccessIdentityProvider");
  expect(others).toEqual({});
  return { component, declared };
};

beforeEach(startProgram);

test("is one azureAD identity provider with groups and PKCE on and SCIM off", async () => {
  const { declared } = await declare();
  expect(declared?.type).toBe(
    "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
  );
  expect(declared?.inputs).toEqual({
    accountId,
    name: "Entra ID",
    type: "azureAD",
    config: {
      clientId: args.clientId,
      clientSecret: "a-client-secret",
      directoryId: tenantId,
      supportGroups: true,
      pkceEnabled: true,
      conditionalAccessEnabled: false,
    },
    scimConfig: {
      enabled: false,
      userDeprovision: false,
      seatDeprovision: false,
      identityUpdateBehavior: "no_action",
    },
  });
  expect(declared?.opts.protect).toBe(true);
});

test("only the client secret is a secret, so that drift of the other fields is shown", async () => {
  const secrets: Record<string, boolean> = {};
  const watch: pulumi.ResourceTransformation = ({ type, props }) => {
    if (type.startsWith("cloudflare:")) Object.assign(secrets, secretFields(props.config));
    return undefined;
  };
  new AccessIdentityProvider("entra", args, { transformations: [watch] });
  await resources();
  expect(secrets).toEqual({ clientSecret: true });
});

function secretFields(config: Record<string, unknown>): Record<string, true> {
  const outputs = Object.entries(config).filter(([, value]) => pulumi.Output.isInstance(value));
  return Object.fromEntries(outputs.map(([key]) => [key, true]));
}

test("sign-in options and SCIM can be set", async () => {
  const { declared } = await declare({
    displayName: "Contoso",
    prompt: "login",
    claims: ["oid"],
    emailClaimName: "email",
    conditionalAccessEnabled: true,
    supportGroups: false,
    pkceEnabled: false,
    scim: { enabled: true, userDeprovision: true, seatDeprovision: true, identityUpdateBehavior: "reauth" },
    protect: false,
  });
  expect(declared?.inputs).toMatchObject({
    name: "Contoso",
    config: {
      prompt: "login",
      claims: ["oid"],
      emailClaimName: "email",
      conditionalAccessEnabled: true,
      supportGroups: false,
      pkceEnabled: false,
    },
    scimConfig: {
      enabled: true,
      userDeprovision: true,
      seatDeprovision: true,
      identityUpdateBehavior: "reauth",
    },
  });
  expect(declared?.opts.protect).toBe(false);
});

test("outputs its id, the test page's address, and the SCIM token as a secret", async () => {
  const { component } = await declare();
  expect(await resolved(component.identityProviderId)).toBe("entra-identity-provider-id");
  expect(await resolved(component.testUrl)).toBe(
    "https://contoso.cloudflareaccess.com/cdn-cgi/access/test-idp/entra-identity-provider-id",
  );
  expect(await pulumi.isSecret(component.scimSecret)).toBe(true);
  expect(await pulumi.isSecret(component.scimBaseUrl)).toBe(false);
});
