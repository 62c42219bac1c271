import { addOwnedGroups, findDirectories } from "../../../components/entra/directory/directories";
import { accessFields } from "../../../config/access/schema";
import { resolveIdentityProviders } from "../../../config/identity-providers";
import { answers, tenantId as ownTenantId, resources, startProgram } from "../../support/mocks";

const getGroups = "azuread:index/getGroups:getGroups";
const withoutOwned = { ownedEntraGroups: {} };
const tenantId = "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77";
const group = (identityProvider: string) => ({ identityProvider, include: { entraGroups: ["Engineers"] } });
const reader = { environment: "usgovernment" as const, clientId: "reader", clientSecret: "s" };
const fabrikam = { kind: "existing" as const, id: "fabrikam-idp", directory: { tenantId, ...reader } };

const resolve = (identityProviders: object) =>
  resolveIdentityProviders(accessFields.parse({ identityProviders }).identityProviders, ownTenantId);

beforeEach(async () => {
  await startProgram();
  answers[getGroups] = { displayNames: ["Engineers"], objectIds: ["engineers-id"] };
});

test("groups of another tenant are found through a provider for that tenant", async () => {
  const okta = { kind: "existing" as const, id: "okta-idp" };
  const identityProviders = { fabrikam, okta };
  const groups = { ours: group("entra"), theirs: group("fabrikam") };
  const found = await findDirectories({ ...withoutOwned, identityProviders, groups });
  const engineers = new Map([["Engineers", "engineers-id"]]);
  expect(found.entraGroups.entra).toEqual(engineers);
  expect(Object.keys(found.providers)).toEqual(["fabrikam"]);
  expect(found.existing).toEqual({
    fabrikam: { id: "fabrikam-idp", entraGroups: engineers },
    okta: { id: "okta-idp", entraGroups: new Map() },
  });
  const { "entra-fabrikam": provider, ...others } = await resources();
  expect(provider?.inputs).toMatchObject({ tenantId, ...reader });
  expect(others).toEqual({});
});

test("without group references there is no provider and no request", async () => {
  answers[getGroups] = new Error("must not be requested");
  await findDirectories({ ...withoutOwned, identityProviders: { fabrikam }, groups: {} });
  expect(await resources()).toEqual({});
});

test("groups that the stack creates are not searched for", async () => {
  answers[getGroups] = new Error("must not be requested");
  const ownedEntraGroups = { engineers: { displayName: "Engineers" } };
  const groups = { ours: group("entra") };
  const found = await findDirectories({ ...withoutOwned, ownedEntraGroups, identityProviders: {}, groups });
  expect(found.entraGroups.entra?.size).toBe(0);
});

test("a tenant of the stack has a provider, even without groups", async () => {
  const directory = { tenantId, environment: "china" as const };
  const identityProviders = resolve({ china: { owned: true, ...directory } });
  const found = await findDirectories({ ...withoutOwned, identityProviders, groups: {} });
  expect(found.existing).toEqual({});
  const { "entra-china": provider } = await resources();
  expect(provider?.inputs).toMatchObject(directory);
});

test("a second sign-in to the stack's own tenant shares its provider, and the groups that the stack creates", async () => {
  const identityProviders = resolve({ vault: { owned: true, tenantId: ownTenantId } });
  const ownedEntraGroups = { finance: { displayName: "Finance" } };
  const groups = {
    vault: { identityProvider: "vault", include: { entraGroups: ["Engineers", "Finance"] } },
  };
  const { providers, entraGroups } = await findDirectories({ ownedEntraGroups, identityProviders, groups });
  expect({ providers, resources: await resources() }).toEqual({ providers: {}, resources: {} });
  const all = addOwnedGroups(entraGroups, new Map([["Finance", "finance-id"]]), identityProviders);
  expect(all.vault).toEqual(
    new Map([
      ["Engineers", "engineers-id"],
      ["Finance", "finance-id"],
    ]),
  );
  expect(all.entra).toEqual(new Map([["Finance", "finance-id"]]));
});
