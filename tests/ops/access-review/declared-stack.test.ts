import { declareStack } from "../../../ops/access-review/sources/declared-stack";
import { contoso } from "../../../twin/index";

const TENANT = contoso.tenantId;
const OWNED = "70c461b8-92ea-4fd3-9b87-c3b4ef60d297";
const KEPT = "3d96e0b8-15fa-4e7c-92d4-c8b7105ea63f";

/** Declares a rule for each of these Entra groups. */
function declare(references: string[], names: Record<string, string>, owned: object = {}) {
  const access = {
    groups: { staff: { include: { entraGroups: references } } },
    policies: { staff: { include: ["staff"] } },
    applications: { wiki: { hostnames: ["wiki.contoso.example"], policies: ["staff"] } },
    ownedEntraGroups: owned,
  };
  const config = {
    "entra-access:tenantId": TENANT,
    "entra-access:accountId": contoso.accountId,
    "entra-access:teamName": "contoso",
    "entra-access:access": JSON.stringify(access),
  };
  const group = {
    urn: "urn:pulumi:test::p::azuread:index/group:Group::entra-group-finance",
    id: `/groups/${OWNED}`,
    type: "azuread:index/group:Group",
    outputs: { objectId: OWNED },
  };
  const application = {
    urn: "urn:pulumi:test::p::app::access-application-intranet",
    id: "accounts/1/APP",
    type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  };
  const identifiers = {
    applications: { intranet: ["host name wiki.contoso.example"] },
    ownedEntraGroups: { finance: ["Entra group name finance"] },
  };
  const outputs = {
    entraGroups: { value: { entra: { Staff: KEPT } }, secret: false },
    identifiers: { value: identifiers, secret: false },
  };
  const directories = [
    { tenantId: TENANT, graph: undefined as never, names: new Map(Object.entries(names)) },
  ];
  const resources = [group, application];
  return declareStack({ config, env: {} }, { resources, outputs }, directories, new Map());
}

it("knows an application and an Entra group by the id that they keep under another key", () => {
  const { rules, notes } = declare(
    ["Finance"],
    { [OWNED]: "Finance" },
    { money: { displayName: "Finance" } },
  );
  expect(notes).toEqual([]);
  expect(JSON.stringify([...rules.groups.values()])).toContain(OWNED);
  expect(JSON.stringify(rules.applications)).toContain('"app"');
});

it.each([
  ["a group that exists", ["Staff"], { [KEPT]: "staff" }, {}, []],
  [
    "a group that was renamed in Entra",
    ["Staff"],
    { [KEPT]: "Employees" },
    {},
    [`Entra group "Staff": it was renamed to "Employees"; its rules keep object id ${KEPT}`],
  ],
  [
    "a group that was deleted",
    ["Staff"],
    {},
    {},
    [`Entra group "Staff": it was not found; its rules keep object id ${KEPT}`],
  ],
  [
    "a group that never existed",
    ["Nobody"],
    {},
    {},
    ['Entra group "Nobody": it was not found; nobody counts as a member, and the update will stop'],
  ],
  [
    "a name of two groups",
    ["Staff"],
    { [KEPT]: "Staff", other: "Staff" },
    {},
    [`Entra group "Staff": 2 groups have this name; its rules keep object id ${KEPT}`],
  ],
  [
    "a group that the change creates",
    ["New"],
    {},
    { fresh: { displayName: "New" } },
    ['Entra group "New" is created, with 0 members'],
  ],
  [
    "an owned group that the change renames",
    ["Payroll"],
    { [OWNED]: "Finance" },
    { finance: { displayName: "Payroll" } },
    ['Entra group "Finance" is renamed to "Payroll"'],
  ],
] as [string, string[], Record<string, string>, object, string[]][])(
  "mentions %s",
  (_what, references, names, owned, notes) => {
    expect(declare(references, names, owned).notes).toEqual(notes);
  },
);
