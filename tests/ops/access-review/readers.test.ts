import type { EntraGroup } from "../../../ops/access-review/decision/model";
import { readDirectories } from "../../../ops/access-review/sources/account-reviews";
import { readDirectory, readGroupNames } from "../../../ops/access-review/sources/directory";
import { readEnforcedRules } from "../../../ops/access-review/sources/enforced-rules";
import { listGroupsWithin, readMemberships } from "../../../ops/access-review/sources/memberships";
import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import { createGraphClient } from "../../../ops/clients/entra/client";
import { contoso, startTwin, type Twin } from "../../../twin/index";
import { createSeed } from "./world";

const id = (kind: number, index: number) =>
  `${kind}0000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
const user = (index: number) => ({
  id: id(1, index),
  displayName: `Person ${index}`,
  userPrincipalName: `person-${index}@${contoso.domain}`,
});
const group = (index: number, members: string[]) => ({
  id: id(2, index),
  displayName: `Group ${index}`,
  members,
});

/** 1,500 people; group 0 has all of them, 1 and 2 contain each other, 3 is named by no rule. */
const users = Array.from({ length: 1500 }, (_, index) => user(index));
const groups = [
  group(
    0,
    users.map((one) => one.id),
  ),
  group(1, [id(1, 7), id(2, 2)]),
  group(2, [id(1, 8), id(2, 1)]),
  group(3, [id(1, 9)]),
];
const seed = createSeed({ tenants: [{ users, groups }], assigned: [], sendsUpn: false });

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ seed });
});
afterEach(() => twin.reset(seed));
afterAll(() => twin.close());

const connect = ({ appId: clientId, secret: clientSecret }: typeof contoso.auditor) =>
  createGraphClient({ ...twin, tenantId: contoso.tenantId, clientId, clientSecret });
const query = {
  tenantId: contoso.tenantId,
  groupIds: [id(2, 0), id(2, 1)],
  clientIds: [contoso.auditor.appId],
};
const listPaths = () =>
  twin.requests.filter(({ path }) => path.startsWith("/v1.0/")).map(({ path }) => path.slice(5));

describe("reading a directory", () => {
  it("reads people once, and each group that rules reach once, in pages of 999", async () => {
    const { people, groups: read, assignments } = await readDirectory(await connect(contoso.auditor), query);
    expect(people).toHaveLength(1500);
    // Several are read at once, so their order differs.
    expect(
      Object.fromEntries([...read.values()].map((one) => [one.name, [one.people.length, one.groups]])),
    ).toEqual({
      "Group 0": [1500, []],
      "Group 1": [1, [id(2, 2)]],
      "Group 2": [1, [id(2, 1)]],
    });
    expect(assignments.get(contoso.auditor.appId)).toEqual({ required: false });
    expect(listPaths().sort()).toEqual(
      [
        "/users",
        "/users",
        "/groups",
        "/servicePrincipals",
        ...[0, 0, 1, 2].map((index) => `/groups/${id(2, index)}/members`),
      ].sort(),
    );
  });

  it("asks for nothing about a group that does not exist, of which nobody is a member", async () => {
    const { groups: read } = await readDirectory(await connect(contoso.auditor), {
      ...query,
      groupIds: [id(2, 9)],
    });
    expect(read.get(id(2, 9))).toEqual({
      id: id(2, 9),
      name: undefined,
      people: new Int32Array(),
      groups: [],
    });
    expect(listPaths().filter((path) => path.includes("members"))).toEqual([]);
  });

  it("reads groups that are to become members of others, of which no rule says anything yet", async () => {
    const graph = await connect(contoso.auditor);
    const directories = [{ ...query, graph, names: await readGroupNames(graph, contoso.tenantId) }];
    const [read] = await readDirectories(directories, [], { memberIds: [id(2, 3), id(1, 5)] });
    expect([...(read?.groups.values() ?? [])].map((one) => [one.name, one.people.length])).toEqual([
      ["Group 3", 1],
    ]);
  });

  it("waits where Graph throttles", async () => {
    const graph = await connect(contoso.auditor);
    twin.faults.add({
      on: { service: "graph", method: "GET", path: "/v1.0/groups" },
      count: { first: 1 },
      effect: { kind: "error", status: 429, retryAfter: 0 },
    });
    expect((await readGroupNames(graph, contoso.tenantId)).size).toBe(4);
  });

  it("says which permission is missing", async () => {
    await expect(readDirectory(await connect(contoso.deployer), query)).rejects.toMatchObject({
      message: `the sign-in must have User.Read.All on Microsoft Graph, to read the people of tenant ${contoso.tenantId}`,
    });
  });
});

describe("reading since when groups have their members", () => {
  const now = "2026-11-28T10:00:00.000Z";
  const chainOf = (...indexes: number[]): EntraGroup[] =>
    indexes.map((index) => ({ id: id(2, index), name: "", people: new Int32Array(), groups: [] }));
  const read = async (who: typeof contoso.auditor) =>
    readMemberships(await connect(who), {
      tenantId: contoso.tenantId,
      now,
      groupIds: [0, 1, 2, 3].map((index) => id(2, index)),
    });

  it("finds the newest link of a chain that the log knows, else the log's oldest entry", async () => {
    const graph = await connect(contoso.administrator);
    const add = async (index: number, set: string, member: string) => {
      twin.clock.advance(60);
      const at = twin.clock.now().toISOString();
      const body = { "@odata.id": `https://graph.microsoft.com/v1.0/${set}/${member}` };
      await graph.api(`/groups/${id(2, index)}/members/$ref`).post(body);
      return at;
    };
    twin.clock.freeze();
    const first = await add(2, "users", id(1, 20));
    await graph.api(`/groups/${id(2, 2)}/members/${id(1, 20)}/$ref`).delete();
    const again = await add(2, "users", id(1, 20));
    const nested = await add(3, "groups", id(2, 2));
    twin.clock.unfreeze();

    const findSince = await read(contoso.auditor);
    const by = `administrator (${contoso.administrator.appId})`;
    expect(findSince(chainOf(2), id(1, 20))).toEqual({ at: again, by });
    expect(findSince(chainOf(3, 2), id(1, 20))).toEqual({ at: nested, by });
    expect(findSince(chainOf(3, 2), id(1, 8))).toEqual({ at: nested, by });
    expect(findSince(chainOf(1), id(1, 7))).toEqual({ before: first });
  });

  it("takes the creation of a group for that of its first members", async () => {
    const graph = await connect(contoso.administrator);
    const members = [`https://graph.microsoft.com/v1.0/users/${id(1, 1)}`];
    const names = { displayName: "New", mailNickname: "new", mailEnabled: false, securityEnabled: true };
    const created = await graph.api("/groups").post({ ...names, "members@odata.bind": members });
    const graphOfAuditor = await connect(contoso.auditor);
    const findSince = await readMemberships(graphOfAuditor, {
      tenantId: contoso.tenantId,
      now,
      groupIds: [created.id],
    });
    const chain = [{ id: created.id, name: "New", people: new Int32Array(), groups: [] }];
    expect(findSince(chain, id(1, 1))).toMatchObject({ by: expect.stringMatching(/^administrator/) });
  });

  it("knows nothing older than now where the log is empty, and makes one request for each group", async () => {
    const findSince = await read(contoso.auditor);
    expect(findSince(chainOf(1), id(1, 7))).toEqual({ before: now });
    expect(listPaths()).toEqual(Array(5).fill("/auditLogs/directoryAudits"));
  });

  it("says which permission is missing", async () => {
    await expect(read(contoso.deployer)).rejects.toThrow(
      `the sign-in must have AuditLog.Read.All on Microsoft Graph, to read the audit log of tenant ${contoso.tenantId}`,
    );
  });

  it("reads a group inside another once, and none that does not exist", async () => {
    const directory = await readDirectory(await connect(contoso.auditor), query);
    expect(listGroupsWithin(directory, [id(2, 1), id(2, 9)])).toEqual([id(2, 1), id(2, 2)]);
  });
});

it("says which permissions of the Cloudflare token are missing", async () => {
  const { deployer } = contoso.tokens;
  const cloudflare = createCloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: deployer.value });
  await expect(readEnforcedRules(cloudflare, contoso.accountId)).rejects.toThrow(
    /must have .*"Access: Apps and Policies Read".*; .*Access applications: the API token lacks the permission/,
  );
});
