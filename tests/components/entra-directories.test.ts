import { findDirectories } from "../../components/entra-directories";
import { answers, resources, startProgram } from "../support/mocks";

const getGroups = "azuread:index/getGroups:getGroups";
const group = (identityProvider: string) => ({ identityProvider, include: { entraGroups: ["Engineers"] } });
const settings = { policies: {}, applications: {}, ownedEntraGroups: {} };
const fabrikam = { id: "fabrikam-idp", tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77" };

beforeEach(async () => {
  await startProgram();
  answers[getGroups] = { displayNames: ["Engineers"], objectIds: ["engineers-id"] };
});

test("groups of another tenant are looked up through a provider of its own", async () => {
  const signIn = { environment: "usgovernment" as const, clientId: "reader", clientSecret: "s" };
  const identityProviders = { fabrikam: { ...fabrikam, ...signIn }, okta: { id: "okta-idp" } };
  const groups = { ours: group("entra"), theirs: group("fabrikam") };
  const found = await findDirectories({ ...settings, identityProviders, groups });
  const engineers = new Map([["Engineers", "engineers-id"]]);
  expect(found.entraGroups.entra).toEqual(engineers);
  expect(Object.keys(found.providers)).toEqual(["fabrikam"]);
  expect(found.existing).toEqual({
    fabrikam: { id: "fabrikam-idp", entraGroups: engineers },
    okta: { id: "okta-idp", entraGroups: new Map() },
  });
  const { "entra-fabrikam": provider, ...others } = await resources();
  expect(provider?.inputs).toMatchObject({ tenantId: fabrikam.tenantId, ...signIn });
  expect(others).toEqual({});
});

test("where no group is named there is no provider and no look-up", async () => {
  answers[getGroups] = new Error("should not be asked");
  await findDirectories({ ...settings, identityProviders: { fabrikam }, groups: {} });
  expect(await resources()).toEqual({});
});

test("groups that the stack makes are not looked up", async () => {
  answers[getGroups] = new Error("should not be asked");
  const ownedEntraGroups = { engineers: { displayName: "Engineers" } };
  const groups = { ours: group("entra") };
  const found = await findDirectories({ ...settings, ownedEntraGroups, identityProviders: {}, groups });
  expect(found.entraGroups.entra?.size).toBe(0);
});

test("a tenant that the stack signs people in at has a provider, also without groups", async () => {
  const china = { tenantId: fabrikam.tenantId, environment: "china" as const };
  const found = await findDirectories({ ...settings, identityProviders: { china }, groups: {} });
  expect(found.existing).toEqual({});
  const { "entra-china": provider } = await resources();
  expect(provider?.inputs).toMatchObject(china);
});
