import { createOneTimePins, OneTimePin } from "../../../components/access/one-time-pin";
import { accountId, observed, resources, startProgram } from "../../support/mocks";

beforeEach(startProgram);

const declare = async (oneTimePins: Parameters<typeof createOneTimePins>[0]["oneTimePins"]) => {
  const created = createOneTimePins({ accountId, oneTimePins, protect: true });
  return { created, declared: await resources() };
};

test("is one identity provider under its own name, without settings and Entra groups", async () => {
  const { created, declared } = await declare({ emergency: {} });
  expect(Object.keys(created)).toEqual(["emergency"]);
  expect([...(created.emergency?.entraGroups ?? [])]).toEqual([]);
  expect(declared["emergency-identity-provider"]?.inputs).toEqual({
    accountId,
    name: "One-time PIN",
    type: "onetimepin",
    config: {},
  });
});

test("its display name can be set", async () => {
  const { declared } = await declare({ emergency: { displayName: "Break glass" } });
  expect(declared["emergency-identity-provider"]?.inputs).toMatchObject({ name: "Break glass" });
});

test("declares nothing when there is none", async () => {
  const { created, declared } = await declare({});
  expect([created, Object.keys(declared)]).toEqual([{}, []]);
});

test.each([
  [undefined, true],
  [false, false],
])("protect %s protects it: %s", async (protect, expected) => {
  new OneTimePin("emergency", { accountId, ...(protect === undefined ? {} : { protect }) }, observed);
  expect((await resources())["emergency-identity-provider"]?.opts.protect).toBe(expected);
});
