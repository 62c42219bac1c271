import type { Directory } from "../../../ops/access-review/decision/model";
import { readDeployedStack } from "../../../ops/access-review/sources/deployed-stack";
import type { AccountObjects } from "../../../ops/access-review/sources/enforced-rules";
import { createPerson } from "./review-fixture";

const ACCESS = "cloudflare:index/zeroTrustAccess";
const access = (kind: string, id: string, inputs: object) => ({
  urn: `urn::${id}`,
  type: `${ACCESS}${kind}:ZeroTrustAccess${kind}`,
  id,
  inputs: { __defaults: ["accountId"], accountId: "account", ...inputs },
});
const azuread = (kind: string, inputs: object, outputs: object = {}) => ({
  urn: `urn::${kind}`,
  type: `azuread:index/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`,
  inputs: inputs as Record<string, unknown>,
  outputs: outputs as Record<string, unknown>,
});

const provider = { directoryId: "tenant", clientId: "CLIENT", supportGroups: true, __defaults: [] };
const resources = [
  access("IdentityProvider", "provider", { name: "Entra ID", type: "azureAD", config: provider }),
  access("Group", "staff", {
    name: "staff",
    includes: [
      { __defaults: [], azureAd: { __defaults: [], id: "owned", identityProviderId: "provider" } },
      { emailDomain: { domain: "contoso.example" } },
      { geo: { countryCode: "DE" } },
      { githubOrganization: { name: "contoso" } },
    ],
    excludes: [{ group: { id: "other" } }],
  }),
  access("Policy", "policy", {
    name: "staff",
    decision: "allow",
    includes: [{ group: { id: "staff" } }],
    approvalRequired: true,
  }),
  access("Application", "account/app", {
    name: "wiki",
    type: "self_hosted",
    domain: "wiki.contoso.example",
    policies: [
      { id: "shared", precedence: 2 },
      { id: "policy", precedence: 1 },
    ],
    allowedIdps: ["provider"],
  }),
  { ...access("Application", "former", { name: "former" }), delete: true },
  azuread("Group", { displayName: "Owned", members: ["ADA", "inner"] }, { objectId: "OWNED" }),
  azuread("ServicePrincipal", { clientId: "client", appRoleAssignmentRequired: true }, { objectId: "sp" }),
  azuread("AppRoleAssignment", { principalObjectId: "owned", resourceObjectId: "sp" }),
];
const live: AccountObjects = {
  accountId: "account",
  applications: [{ id: "app", name: "wiki", type: "self_hosted" }],
  groups: [
    { id: "staff", name: "staff", include: [{ everyone: {} }] },
    { id: "other", name: "other", include: [] },
  ],
  policies: [{ id: "shared", name: "shared", decision: "deny", include: [] }],
  providers: [{ id: "provider", name: "Entra ID", type: "azureAD", config: {} }],
};
const deployed = readDeployedStack(resources, live);

it("reads the rules of the state in the form of the API, and what the stack does not own from the account", () => {
  const { applications, groups, providers } = deployed.rules;
  expect(applications).toMatchObject([
    {
      id: "app",
      address: "wiki.contoso.example",
      allowedProviders: ["provider"],
      policies: [
        {
          id: "policy",
          decision: "allow",
          include: [{ group: { id: "staff" } }],
          prompts: [expect.anything()],
        },
        { id: "shared", decision: "deny" },
      ],
    },
  ]);
  expect([...groups.keys()]).toEqual(["other", "staff"]);
  expect(groups.get("staff")).toEqual({
    id: "staff",
    name: "staff",
    require: [],
    exclude: [{ group: { id: "other" } }],
    include: [
      { azureAD: { id: "owned", identity_provider_id: "provider" } },
      { email_domain: { domain: "contoso.example" } },
      { geo: { country_code: "DE" } },
      { "github-organization": { name: "contoso" } },
    ],
  });
  expect([...providers.values()]).toMatchObject([
    { tenantId: "tenant", clientId: "client", loadsGroups: true },
  ]);
  expect([...deployed.applicationIds]).toEqual(["app"]);
});

describe("the directory", () => {
  const inner = { id: "inner", name: "Inner", people: new Int32Array(), groups: [] };
  const directory: Directory = {
    tenantId: "tenant",
    people: [createPerson("ada"), createPerson("ben")],
    groups: new Map([
      ["owned", { id: "owned", name: "Owned", people: Int32Array.of(1), groups: [] }],
      ["inner", inner],
    ]),
    assignments: new Map([["client", { required: true, people: [1], groups: ["by-hand"] }]]),
  };

  it("has the deployed members of an owned group, groups too", () => {
    expect(deployed.memberIds).toEqual(["ada", "inner"]);
    expect(deployed.extendDirectory(directory).groups.get("owned")).toEqual({
      id: "owned",
      name: "Owned",
      people: Int32Array.of(0),
      groups: ["inner"],
    });
  });

  it("has the deployed assignments beside those by hand", () => {
    expect(deployed.extendDirectory(directory).assignments.get("client")).toEqual({
      required: true,
      people: [1],
      groups: ["by-hand", "owned"],
    });
    const open = { ...directory, assignments: new Map([["client", { required: false }]] as const) };
    expect(deployed.extendDirectory(open).assignments.get("client")).toEqual({
      required: true,
      people: [],
      groups: ["owned"],
    });
  });
});
