import type { UserError } from "../../../../ops/errors";
import { createOrphanSearch, type OrphanSearchOptions } from "../../../../ops/recovery/orphans/find";
import type { SearchContext } from "../../../../ops/recovery/orphans/search";
import type { StateResource } from "../../../../ops/stacks/state/state";

const GROUP = "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup";
const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";
const rule = { email: { email: "eve@partner.example" } };
const group = {
  type: GROUP,
  name: "access-group-a",
  inputs: { accountId: "acc", name: "a", includes: [rule] },
};
const existing = { id: "1", name: "a", include: [rule] };

let read: string[];
beforeEach(() => {
  read = [];
});

function context(groups: object[], assignments: object[] = []): SearchContext {
  const list = async function* () {
    read.push("groups");
    yield* groups;
  };
  const get = async () => ({ value: assignments });
  return {
    clouds: {
      accountId: "acc",
      cloudflare: { zeroTrust: { access: { groups: { list } } } },
      graph: { api: () => ({ get }) },
    } as unknown as SearchContext["clouds"],
    application: { id: "app", appId: "client" },
    deployedIds: new Set(),
    getDeployerId: async () => "deployer",
    once: async (_key, one) => one(),
  };
}

const search = (groups: object[], options: Partial<OrphanSearchOptions> = {}) =>
  createOrphanSearch({
    stackName: "test",
    resources: new Map(),
    contexts: new Map([["entra", context(groups)]]),
    skipped: new Set(),
    decisions: { imports: new Map(), creates: new Set() },
    wasInterrupted: async () => true,
    readForeignIds: async () => new Set(),
    ...options,
  });

const problemOf = (finding: Promise<unknown>): Promise<UserError> =>
  finding.then(
    () => {
      throw new Error("expected a problem");
    },
    (error) => error,
  );

describe("createOrphanSearch", () => {
  it("imports the only object with the resource's name and settings", async () => {
    expect(await search([existing, { ...existing, id: "2", name: "b" }])(group)).toBe("accounts/acc/1");
  });

  it("finds nothing where no object has the name", async () => {
    expect(await search([{ ...existing, name: "b" }])(group)).toBeUndefined();
  });

  it("reads nothing after a run that ended well, and for a resource that the state has", async () => {
    expect(await search([existing], { wasInterrupted: async () => false })(group)).toBeUndefined();
    const resources = new Map([[`${GROUP} ${group.name}`, { id: "9" } as StateResource]]);
    expect(await search([existing], { resources })(group)).toBeUndefined();
    expect(read).toEqual([]);
  });

  it("leaves an object that the state of this or another stack has", async () => {
    expect(await search([existing], { readForeignIds: async () => new Set(["1"]) })(group)).toBeUndefined();
    const resources = new Map([[`${GROUP} access-group-other`, { id: "1" } as StateResource]]);
    expect(await search([existing], { resources })(group)).toBeUndefined();
  });

  it("lets one resource alone import an object", async () => {
    const find = search([existing]);
    const other = { ...group, name: "access-group-b" };
    expect(await Promise.all([find(group), find(other)])).toEqual(["accounts/acc/1", undefined]);
  });

  it("names several objects and an object with other settings, with the commands that decide", async () => {
    const several = await problemOf(search([existing, { ...existing, id: "2" }])(group));
    expect(several.message).toBe(
      "access-group-a: after an interrupted run, exactly one Access group a with the settings of the stack must exist, or none; found 1, 2",
    );
    expect(several.next).toEqual([
      "Import 1 and give it the settings of the stack: npx entra-access up test --import access-group-a=1",
      "Import 2 and give it the settings of the stack: npx entra-access up test --import access-group-a=2",
      "Create another one, if this is not the stack's: npx entra-access up test --create access-group-a",
    ]);
    const differing = { ...existing, require: [{ everyone: {} }] };
    expect((await problemOf(search([differing])(group))).message).toMatch(
      /found 1 \(another value of require\)$/,
    );
  });

  it("follows a decision", async () => {
    const objects = [existing, { ...existing, id: "2" }];
    const imports = new Map([[group.name, "2"]]);
    const decided = search(objects, { decisions: { imports, creates: new Set() } });
    expect(await decided(group)).toBe("accounts/acc/2");
    const creates = new Set([group.name]);
    expect(await search(objects, { decisions: { imports: new Map(), creates } })(group)).toBeUndefined();
  });

  it("refuses a decision for the object of another resource, which would be deleted with that one", async () => {
    const resources = new Map([
      [`${GROUP} access-group-b`, { id: "1" }],
    ]) as unknown as OrphanSearchOptions["resources"];
    const decisions = { imports: new Map([[group.name, "1"]]), creates: new Set<string>() };
    expect((await problemOf(search([existing], { resources, decisions })(group))).message).toBe(
      "--import access-group-a=1: must be the id of an object that no resource of the stack has; found that of access-group-b",
    );
  });

  it("refuses a decision for the object of another stack", async () => {
    const decisions = { imports: new Map([[group.name, "1"]]), creates: new Set<string>() };
    const readForeignIds = async () => new Set(["1"]);
    expect((await problemOf(search([existing], { readForeignIds, decisions })(group))).message).toBe(
      "--import access-group-a=1: must be the id of an object that no stack has; found that of another stack of this backend",
    );
  });

  it("imports the replacement of a resource whose create was interrupted", async () => {
    const inputs = { appRoleId: "r", principalObjectId: "new", resourceObjectId: "sp" };
    const assignment = { type: ASSIGNMENT, name: "entra-assignment-x", inputs };
    const resources = new Map([
      [`${ASSIGNMENT} entra-assignment-x`, { id: "/a/1", inputs: { ...inputs, principalObjectId: "old" } }],
    ]) as unknown as OrphanSearchOptions["resources"];
    const contexts = new Map([["entra", context([], [{ id: "2", appRoleId: "r", principalId: "new" }])]]);
    expect(await search([], { resources, contexts })(assignment)).toBe(
      "/servicePrincipals/sp/appRoleAssignedTo/2",
    );
    const same = { ...assignment, inputs: { ...inputs, principalObjectId: "old" } };
    expect(await search([], { resources, contexts })(same)).toBeUndefined();
  });

  it("imports an assignment to an application of the state, although that of the sign-in is gone", async () => {
    const inputs = { appRoleId: "r", principalObjectId: "p", resourceObjectId: "sp" };
    const assignment = { type: ASSIGNMENT, name: "entra-scim-assignment-x", inputs };
    const find = (deployedIds: string[]) => {
      const gone = { application: undefined, deployedIds: new Set(deployedIds) };
      const found = { ...context([], [{ id: "2", appRoleId: "r", principalId: "p" }]), ...gone };
      return search([], { contexts: new Map([["entra", found]]) })(assignment);
    };
    expect(await find(["sp"])).toBe("/servicePrincipals/sp/appRoleAssignedTo/2");
    expect(await find([])).toBeUndefined();
  });

  it("looks in the tenant whose name the resource's begins with, the longest first", async () => {
    const found = context([], [{ id: "2", appRoleId: "r", principalId: "p" }]);
    const contexts = new Map([
      ["entra", context([])],
      ["fab", context([])],
      ["fab-two", found],
    ]);
    const inputs = { appRoleId: "r", principalObjectId: "p", resourceObjectId: "sp" };
    const find = search([], { contexts });
    expect(await find({ type: ASSIGNMENT, name: "fab-two-assignment-x", inputs })).toMatch(/2$/);
    expect(await find({ type: ASSIGNMENT, name: "fab-assignment-x", inputs })).toBeUndefined();
  });
});
