import { convertToApi } from "../../../../ops/clients/cloudflare-names";
import { listDifferences } from "../../../../ops/recovery/orphans/compare";

const inputs = {
  name: "employees",
  includes: [{ azureAd: { id: "g1", identityProviderId: "i" } }, { email: { email: "eve@partner.example" } }],
};
const object = {
  id: "1",
  name: "employees",
  include: [
    { email: { email: "eve@partner.example" } },
    { azureAD: { id: "g1", identity_provider_id: "i" } },
  ],
  require: [],
  is_default: false,
};

test("converts inputs to the names of the API", () => {
  expect(
    convertToApi({ ...inputs, httpOnlyCookieAttribute: true, destinations: [{ l4Protocol: "tcp" }] }),
  ).toEqual({
    name: "employees",
    include: [
      { azureAD: { id: "g1", identity_provider_id: "i" } },
      { email: { email: "eve@partner.example" } },
    ],
    http_only_cookie_attribute: true,
    destinations: [{ l4_protocol: "tcp" }],
  });
});

test.each<[string, object, object, string[]]>([
  ["equal, in another order, with other members", inputs, object, []],
  [
    "absent instead of false or empty",
    { ...inputs, requires: [], isDefault: false },
    { ...object, require: null },
    [],
  ],
  ["another value", { ...inputs, name: "staff" }, object, ["name"]],
  ["an additional rule", inputs, { ...object, include: [...object.include, { everyone: {} }] }, ["include"]],
  ["a repeated rule", inputs, { ...object, include: [object.include[0], object.include[0]] }, ["include"]],
  ["a missing list", inputs, { ...object, include: undefined }, ["include"]],
  ["a rule that the program does not have", { requires: [] }, { require: [{ everyone: {} }] }, ["require"]],
  ["an expected object that is a value", { config: { a: 1 } }, { config: "a" }, ["config"]],
])("lists what differs: %s", (_case, expected, actual, differences) => {
  expect(listDifferences(convertToApi({ ...expected }), { ...actual })).toEqual(differences);
});
