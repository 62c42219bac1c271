import { findDirectories } from "../../../components/entra/directory/directories";
import { resolveIdentityProvider } from "../../../config/identity-providers";
import { answers, resources, startProgram } from "../../support/mocks";

const getGroups = "azuread:index/getGroups:getGroups";
const withoutOwned = { ownedEntraGroups: {} };
const tenantId = "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77";
const group = (identityProvider: string) => ({ identityProvider, include: { entraGroups: ["Engineers"] } });
const reader = { environment: "usgovernment" as const, clientId: "reader", clientSecret: "s" };
const fabrikam = { kind: "existing" as const, id: "fabrikam-idp", directory: { tenantId, ...reader } };

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
  const china = resolveIdentityProvider("china", { owned: true, oneTimePin: false, ...directory });
  const found = await findDirectories({ ...withoutOwned, identityProviders: { china }, groups: {} });
  expect(found.existing).toEqual({});
  const { "entra-china": provider } = await resources();
  expect(provider?.inputs).toMatchObject(directory);
});
