import { selectIdentityProviders } from "../../config/identity-providers";
import { parseAccess } from "../support/access-config";

const tenantId = "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77";
const { identityProviders } = parseAccess({
  identityProviders: {
    okta: { id: "okta-id" },
    mailed: { id: "pin-id", oneTimePin: true },
    partner: { id: "partner-id", tenantId },
    emergency: { owned: true, oneTimePin: true },
    fabrikam: { owned: true, tenantId },
  },
});

test("an identity provider with an id is existing, with a directory if it has a tenant", () => {
  expect(selectIdentityProviders(identityProviders, "existing")).toEqual({
    okta: { kind: "existing", id: "okta-id", directory: undefined },
    mailed: { kind: "existing", id: "pin-id", directory: undefined },
    partner: {
      kind: "existing",
      id: "partner-id",
      directory: { tenantId, environment: "public", clientId: undefined, clientSecret: undefined },
    },
  });
});

test("an owned one sends one-time PINs, or is for a tenant and has defaults", () => {
  expect(selectIdentityProviders(identityProviders, "oneTimePin")).toEqual({
    emergency: { kind: "oneTimePin", displayName: undefined },
  });
  const { fabrikam, ...others } = selectIdentityProviders(identityProviders, "tenant");
  expect(others).toEqual({});
  expect(fabrikam).toMatchObject({
    kind: "tenant",
    assignedOnly: false,
    credential: { periodDays: 90 },
    identityProvider: { displayName: "Entra ID (fabrikam)", supportGroups: true },
  });
});
