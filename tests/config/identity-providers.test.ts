import { listOwnTenantNames, selectIdentityProviders } from "../../config/identity-providers";
import { listProblems, parseAccess } from "../support/access-config";

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

describe("several sign-ins in one tenant", () => {
  const own = "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01";
  const vault = { owned: true, tenantId: own.toUpperCase(), application: { displayName: "Vault" } };
  const again = { owned: true, tenantId, application: { displayName: "Again" } };

  test("share the stack's sign-in to its own tenant, and have marks of their own", () => {
    const parsed = parseAccess({
      identityProviders: { vault, fabrikam: { owned: true, tenantId }, again, reader: { id: "x", tenantId } },
    }).identityProviders;
    expect(parsed).toMatchObject({
      vault: { directory: { tenantId: own, isOwn: true }, sharesTenant: true },
      fabrikam: { directory: { tenantId, environment: "public" }, sharesTenant: true },
      again: { sharesTenant: true },
    });
    expect(listOwnTenantNames(parsed)).toEqual(["entra", "vault"]);
  });

  test("the only sign-in to a tenant keeps the mark of the stack", () => {
    const parsed = parseAccess({
      identityProviders: { fabrikam: { owned: true, tenantId }, reader: { id: "x", tenantId } },
    }).identityProviders;
    expect(parsed).toMatchObject({ fabrikam: { sharesTenant: false } });
  });

  test.each<[string, object, string]>([
    [
      "the name of the stack's own application",
      { vault: { ...vault, application: {} } },
      'vault.application.displayName must be another name than that of "entra", which is for the same tenant',
    ],
    [
      "the name of another's application in other letters",
      { again, more: { ...again, application: { displayName: "aGAIN" } } },
      'more.application.displayName must be another name than that of "again"',
    ],
    [
      "the name that people see for another",
      { vault: { ...vault, displayName: "Entra ID" } },
      'vault.displayName must be another name than that of "entra", which is for the same tenant; found "Entra ID"',
    ],
    [
      "another deployer in the stack's own tenant",
      { vault: { ...vault, clientId: own } },
      "vault.clientId must not be set for the stack's own tenant",
    ],
    [
      "a cloud of its own in the stack's own tenant",
      { vault: { ...vault, environment: "china" } },
      "vault.environment must not be set for the stack's own tenant",
    ],
  ])("%s is refused", (_what, identityProviders, message) => {
    expect(listProblems({ identityProviders })).toEqual([expect.stringContaining(message)]);
  });

  test("an authentication context is asked for by the sign-in of the policy's people, which loads it", () => {
    const context = { id: "x", acId: "c1" };
    const withPolicy = (provider: object, groups: object, identityProvider = "vault") =>
      listProblems({
        identityProviders: { vault: { ...vault, ...provider }, fabrikam: { owned: true, tenantId } },
        groups: { people: { identityProvider, include: { emails: ["a@b.example"] } }, ...groups },
        policies: { vault: { include: ["people", ...Object.keys(groups)], authenticationContext: context } },
      });
    const loads = { identityProvider: { conditionalAccessEnabled: true } };
    const ours = { include: { emails: ["c@b.example"] } };
    expect(withPolicy(loads, {})).toEqual([]);
    expect(withPolicy({}, {})).toEqual([
      expect.stringContaining(
        "must not be set unless access.identityProviders.vault.identityProvider.conditionalAccessEnabled is true",
      ),
    ]);
    expect(withPolicy(loads, { ours })).toEqual([
      expect.stringContaining("must not be set unless identityProvider.conditionalAccessEnabled is true"),
    ]);
    expect(withPolicy(loads, {}, "fabrikam")).toEqual([
      expect.stringContaining('of identity provider "fabrikam", which is not for the stack\'s own tenant'),
    ]);
  });
});
