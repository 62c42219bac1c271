import { readDirectory, readGroupNames } from "../../../ops/access-review/sources/directory";
import { readEnforcedRules } from "../../../ops/access-review/sources/enforced-rules";
import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import { createGraphClient } from "../../../ops/clients/entra";
import { contoso, startTwin, type Twin } from "../../../twin/index";
import { createSeed } from "./world";

const id = (kind: number, index: number) =>
  `${kind}0000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
const user = (index: number) => ({
  ...{ id: id(1, index), displayName: `Person ${index}` },
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
        ...["/users", "/users", "/groups", "/servicePrincipals"],
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

it("says which permissions of the Cloudflare token are missing", async () => {
  const { deployer } = contoso.tokens;
  const cloudflare = createCloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: deployer.value });
  await expect(readEnforcedRules(cloudflare, contoso.accountId)).rejects.toThrow(
    /must have .*"Access: Apps and Policies Read".*; .*Access applications: the API token lacks the permission/,
  );
});
