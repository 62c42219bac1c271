import { OneTimePin, ownedOneTimePins } from "../../components/access-one-time-pin";
import { accountId, observed, resources, startProgram } from "../support/mocks";

beforeEach(startProgram);

const emergency = { owned: true, oneTimePin: true };
/** Of a tenant: made elsewhere. */
const fabrikam = { owned: true, oneTimePin: false };
const made = async (identityProviders: Parameters<typeof ownedOneTimePins>[0]["identityProviders"]) => {
  const named = ownedOneTimePins({ accountId, identityProviders, protect: true });
  return { named, all: await resources() };
};

test("what the stack is to make is made under its own name, without settings", async () => {
  const { named, all } = await made({ okta: { owned: false, oneTimePin: true }, fabrikam, emergency });
  expect(Object.keys(named)).toEqual(["emergency"]);
  expect([...(named.emergency?.entraGroups ?? [])]).toEqual([]);
  expect(all["emergency-identity-provider"]?.inputs).toEqual({
    accountId,
    name: "One-time PIN",
    type: "onetimepin",
    config: {},
  });
});

test("its name on the login page may be another", async () => {
  const { all } = await made({ emergency: { ...emergency, displayName: "Break glass" } });
  expect(all["emergency-identity-provider"]?.inputs).toMatchObject({ name: "Break glass" });
});

test("without any, nothing is made", async () => {
  const { named, all } = await made({ okta: { owned: false, oneTimePin: true }, fabrikam });
  expect([named, Object.keys(all)]).toEqual([{}, []]);
});

test.each([
  [undefined, true],
  [false, false],
])("protect %s protects it: %s", async (protect, wanted) => {
  new OneTimePin("emergency", { accountId, ...(protect === undefined ? {} : { protect }) }, observed);
  expect((await resources())["emergency-identity-provider"]?.opts.protect).toBe(wanted);
});
