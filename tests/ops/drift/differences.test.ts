import type { Deployment } from "@pulumi/pulumi/automation";
import { findDifferences } from "../../../ops/drift/stack/differences";
import type { ResourceChange } from "../../../ops/stacks/run/changes";

const APPLICATION = "azuread:index/application:Application";
const CREDENTIAL = "azuread:index/applicationPassword:ApplicationPassword";
const PROVIDER = "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider";
const MASKED = '"[secret]"';

function change(
  type: string,
  op: string,
  properties: ResourceChange["properties"] = [],
  name = type.split(":").at(-1),
): ResourceChange {
  return { op: op as ResourceChange["op"], type, urn: `urn::${name}`, name: String(name), properties };
}
const stateOf = (resources: object[]) => ({ version: 3, deployment: { resources } }) as Deployment;
const state = stateOf([
  { urn: "urn::Application", inputs: { displayName: "Access", web: { redirectUris: ["https://a"] } } },
  { urn: "urn::ApplicationPassword", inputs: {} },
  { urn: "urn::ZeroTrustAccessIdentityProvider", inputs: { config: { supportGroups: true } } },
  { urn: "urn::entra-identity-provider", inputs: { config: { supportGroups: true } } },
]);
const kindsOf = (changes: ResourceChange[], from = state) =>
  findDifferences(changes, from).differences.map(({ resource, kind, property }) =>
    [kind, resource, property].filter(Boolean).join(" "),
  );

test("a property is changed when the cloud differs from the state, with both values", () => {
  const properties = [{ path: "web.redirectUris[0]", from: '"https://x"', to: '"https://a"' }];
  expect(findDifferences([change(APPLICATION, "update", properties)], state)).toEqual({
    rotatingTenants: new Set(),
    differences: [
      {
        resource: "Application",
        type: "azuread Application",
        kind: "changed",
        property: "web.redirectUris[0]",
        expected: '"https://a"',
        actual: '"https://x"',
      },
    ],
  });
  const added = [{ path: "singlePageApplication", from: '{"redirectUris":[]}' }];
  expect(kindsOf([change(APPLICATION, "update", added)])).toEqual([
    "changed Application singlePageApplication",
  ]);
});

test("a property is not deployed when the state differs from the settings", () => {
  const properties = [{ path: "displayName", from: '"Access"', to: '"New name"' }];
  expect(kindsOf([change(APPLICATION, "update", properties)])).toEqual([
    "not deployed Application displayName",
  ]);
  expect(kindsOf([change(APPLICATION, "create", [], "another")])).toEqual(["not deployed another"]);
  expect(kindsOf([change(APPLICATION, "delete")])).toEqual(["not deployed Application"]);
});

test("a resource is deleted when the state has it and the engine would create it", () => {
  expect(kindsOf([change(APPLICATION, "create")])).toEqual(["deleted Application"]);
  // A replaced resource that awaits deletion does not count.
  const replaced = stateOf([{ urn: "urn::Application", inputs: {}, delete: true }]);
  expect(kindsOf([change(APPLICATION, "create")], replaced)).toEqual(["not deployed Application"]);
});

const sent = (to: string, name: string) =>
  change(PROVIDER, "update", [{ path: "config.clientSecret", from: MASKED, to }], name);

test("a due rotation is no difference, and hides no other difference", () => {
  const rotation = [
    change(CREDENTIAL, "create-replacement", [], "entra-credential"),
    change(CREDENTIAL, "replace", [{ path: "endDate", from: '"a"', to: '"b"' }], "entra-credential"),
    sent('"(known after up)"', "entra-identity-provider"),
  ];
  expect(findDifferences(rotation, state)).toEqual({ rotatingTenants: new Set(["entra"]), differences: [] });
  const properties = [
    { path: "config.clientSecret", from: MASKED, to: MASKED },
    { path: "config.supportGroups", from: "false", to: "true" },
  ];
  const both = change(PROVIDER, "update", properties, "entra-identity-provider");
  const { differences } = findDifferences([...rotation.slice(0, 2), both], state);
  expect(differences.map(({ property }) => property)).toEqual(["config.supportGroups"]);
  // It does not hide the client secret of another tenant either.
  const theirs = sent(MASKED, "fabrikam-identity-provider");
  const further = stateOf([{ urn: "urn::fabrikam-identity-provider", inputs: { config: {} } }]);
  expect(kindsOf([...rotation.slice(0, 2), theirs], further)).toEqual([
    "changed fabrikam-identity-provider config.clientSecret",
  ]);
});

test("a client secret deleted in Entra is drift, and so is Cloudflare's copy", () => {
  const sent = [{ path: "config.clientSecret", from: MASKED, to: MASKED }];
  expect(kindsOf([change(CREDENTIAL, "create"), change(PROVIDER, "update", sent)])).toEqual([
    "deleted ApplicationPassword",
    "changed ZeroTrustAccessIdentityProvider config.clientSecret",
  ]);
});
