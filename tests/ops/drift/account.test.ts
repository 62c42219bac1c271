import type Cloudflare from "cloudflare";
import { readAuditLog } from "../../../ops/clients/audit-log";
import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import { readAccountAuditLog } from "../../../ops/drift/account/audit-log";
import { checkAccount } from "../../../ops/drift/account/check";
import { listAccountObjects } from "../../../ops/drift/account/objects";
import { createDifferenceKey, findChangedIds } from "../../../ops/drift/account/stack-account";
import { formatDriftLines } from "../../../ops/drift/format";
import { type Difference, determineDriftResult } from "../../../ops/drift/report";
import type { StackCheck } from "../../../ops/drift/stack/check";
import { attributeDifferences, planAccountChecks } from "../../../ops/fleet/accounts";
import type { Stack } from "../../../ops/stacks";
import { contoso, startTwin, type Twin } from "../../../twin/index";
import { createOneOfEachKind } from "../../fleet/unmanaged-objects";

const { accountId } = contoso;
const ana = {
  name: "laptop",
  value: "ana_at_contoso_not_a_real_token".padEnd(40, "0"),
  permissions: [
    ...contoso.tokens.administrator.permissions,
    ...["Cloudflare Tunnel Write", "Zero Trust Write", "Account Settings Read"],
  ],
  user: "ana@contoso.example",
};

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin();
});
afterAll(() => twin.close());
beforeEach(() =>
  twin.reset({
    tenants: [contoso.tenant],
    accounts: [{ ...contoso.account, tokens: [...contoso.account.tokens, ana] }],
  }),
);

const clouds = ({ value }: { value: string } = ana) => ({
  cloudflare: createCloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken: value }),
  accountId,
});
const createStack = ({ value }: { value: string } = ana) =>
  ({
    providerSettings: async () => ({
      config: { "cloudflare:apiToken": value, "cloudflare:baseUrl": twin.cloudflareUrl },
      env: {},
    }),
  }) as unknown as Stack;
const make = () => createOneOfEachKind({ ...clouds(), graph: undefined as never }, contoso);
const LONG_AGO = "2026-01-01T00:00:00.000Z";
const query = (managedIds: string[] = []) => ({ accountId, since: LONG_AGO, changed: [], managedIds });

test("reports one unmanaged object of each kind with its creator, but no managed or accepted object", async () => {
  const made = await make();
  const { unmanaged, unchecked } = (await checkAccount(createStack(), query())).drift;
  expect(unmanaged.map(({ changedBy, ...one }) => ({ ...one, by: changedBy?.map(({ by }) => by) }))).toEqual(
    made.map(({ kind, id, name }) => ({ kind, id, name, by: [ana.user] })),
  );
  expect(unchecked).toEqual([]);
  const [first, ...others] = made;
  const { drift } = await checkAccount(createStack(), query(others.map(({ id }) => id)));
  expect(drift.unmanaged.map(({ id }) => id)).toEqual([first?.id]);
});

test("reads the audit log once for all objects, and not at all without objects", async () => {
  const countReads = () => twin.requests.filter(({ path }) => path.endsWith("/logs/audit")).length;
  const before = countReads();
  await checkAccount(createStack(), query());
  expect(countReads()).toBe(before);
  await make();
  await checkAccount(createStack(), query());
  expect(countReads()).toBe(before + 1);
});

test("names each missing permission, and stays in sync", async () => {
  const [provider] = await make();
  const { drift } = await checkAccount(createStack(contoso.tokens.deployer), query());
  const { unmanaged, unchecked } = drift;
  expect(unmanaged.map(({ kind }) => kind)).toEqual(["identity provider", "access group"]);
  expect(unmanaged[0]).toEqual({ kind: "identity provider", id: provider?.id, name: "Eve's" });
  const cause = "Cloudflare 10000: Authentication error";
  expect(unchecked).toEqual([
    { subject: "every access policy of the account", cause, permission: "Access: Apps and Policies Read" },
    {
      subject: "every access application of the account",
      cause,
      permission: "Access: Apps and Policies Read",
    },
    { subject: "every tunnel route of the account", cause, permission: "Cloudflare Tunnel Read" },
    { subject: "every hostname route of the account", cause, permission: "Cloudflare Tunnel Read" },
    { subject: "every network policy of the account", cause, permission: "Zero Trust Read" },
    { subject: "audit log of Cloudflare", cause, permission: "Account Settings Read" },
  ]);
  expect(determineDriftResult({ unmanaged: [], unchecked })).toBe("in sync");
  expect(formatDriftLines(drift).at(-1)).toBe(
    `not checked: audit log of Cloudflare: ${cause}; requires the permission Account Settings Read`,
  );
});

test("ignores the application for device enrollment, which Cloudflare creates", async () => {
  const { applications } = clouds().cloudflare.zeroTrust.access;
  await applications.create({ account_id: accountId, type: "warp" } as Parameters<
    typeof applications.create
  >[0]);
  expect((await listAccountObjects(clouds())).objects).toEqual([]);
});

// Objects that the twin does not support.
const listObjects = (lists: Partial<Record<"apps" | "rules", object[]>>) => {
  const of = (items: object[] = []) => ({
    async *list() {
      yield* items;
    },
  });
  const zeroTrust = {
    identityProviders: of(),
    access: { groups: of(), policies: of(), applications: of(lists.apps) },
    networks: { routes: of(), hostnameRoutes: of() },
    gateway: { rules: of(lists.rules) },
  };
  return listAccountObjects({ accountId, cloudflare: { zeroTrust } as unknown as Cloudflare });
};

test.each(["app_launcher", "warp", "biso"])(
  "ignores an application of type %s, which Cloudflare creates",
  async (type) => {
    const apps = [
      { id: "1", type, name: "Feature" },
      { id: "2", type: "bookmark", domain: "wiki.contoso.com" },
    ];
    expect((await listObjects({ apps })).objects).toEqual([
      { kind: "access application", id: "2", name: "wiki.contoso.com" },
    ]);
  },
);

test.each([
  ["shared by another account", { filters: ["l4"], read_only: true }],
  ["a global one of Cloudflare", { id: "00000001-e4af-4b82-8f8c-c79c1d5d212e", filters: ["l4"] }],
  ["no network policy", { filters: ["dns"] }],
])("ignores a Gateway rule that is %s", async (_what, rule) => {
  const own = { id: "own", name: "Own", filters: ["l4"], read_only: false };
  const { objects } = await listObjects({ rules: [{ id: "r", name: "R", ...rule }, own] });
  expect(objects).toEqual([{ kind: "network policy", id: "own", name: "Own" }]);
});

test("plans one check per account, since the earliest change and with the managed objects of all its stacks", () => {
  const blank = { result: "in sync", differences: [], unmanaged: [], unchecked: [] } as const;
  const createCheck = (stack: string, account?: Partial<StackCheck["account"]>): StackCheck => ({
    drift: { stack, accountId: "a", ...blank },
    ...(account && { account: { accountId: "a", managedIds: [stack], ...account } }),
  });
  const checks = [
    createCheck("neighbor", {}),
    createCheck("late", { checked: { since: "2026-11-03T00:00:00.000Z", changed: { x: "id" } } }),
    createCheck("early", { checked: { since: "2026-11-02T00:00:00.000Z", changed: {} } }),
  ];
  const query = {
    accountId: "a",
    since: "2026-11-02T00:00:00.000Z",
    changed: [{ id: "id", since: "2026-11-03T00:00:00.000Z" }],
  };
  expect(planAccountChecks(checks, ["accepted"])).toEqual([
    { stack: "late", query: { ...query, managedIds: ["accepted", "neighbor", "late", "early"] } },
  ]);
  // Managed objects are unknown once the state of one stack could not be read.
  expect(planAccountChecks([...checks, createCheck("unread")], [])).toEqual([
    { stack: "late", query: query },
  ]);
  expect(planAccountChecks([createCheck("neighbor", {})], [])).toEqual([]);
});

test("lists nothing and is unknown when the managed objects are unknown", async () => {
  await make();
  const { managedIds: _unknown, ...unknownIds } = query();
  const { drift } = await checkAccount(createStack(), unknownIds);
  expect(drift).toMatchObject({ result: "unknown", unmanaged: [] });
});

test("finds an object in the state by type and name, and adds its audit log entries to its differences only", () => {
  const resource = (type: string, name: string, id: string) => ({
    urn: `urn:pulumi:s::p::${type}::${name}`,
    type,
    id,
  });
  const [group, policy] = ["Group", "Policy"].map(
    (kind) => `cloudflare:index/zeroTrustAccess${kind}:ZeroTrustAccess${kind}`,
  ) as [string, string];
  const state = {
    version: 3,
    deployment: {
      resources: [
        resource(group, "staff", `${accountId}/g`),
        resource(policy, "staff", "p"),
        resource("azuread:index/application:Application", "entra", "e"),
      ],
    },
  };
  const difference = (kind: Difference["kind"], type: string, name = "staff"): Difference => ({
    resource: name,
    type,
    kind,
  });
  const differences = [
    difference("changed", "cloudflare ZeroTrustAccessGroup"),
    difference("not deployed", "cloudflare ZeroTrustAccessPolicy"),
    difference("changed", "azuread Application", "entra"),
  ];
  const changed = findChangedIds(differences, state);
  expect(changed).toEqual({ [createDifferenceKey(differences[0] as Difference)]: "g" });
  const checked = { since: "", changed };
  const drift = { stack: "s", result: "drift", differences, unmanaged: [], unchecked: [] } as const;
  const entries = { g: [{ at: "2026-11-02T00:00:00Z", by: "ana", activity: "update groups" }], p: [] };
  const attributed = attributeDifferences(
    { drift, account: { accountId, managedIds: [], checked } },
    entries,
  );
  expect(attributed.differences.map(({ changedBy }) => changedBy?.[0]?.by)).toEqual([
    "ana",
    undefined,
    undefined,
  ]);
});

describe("the Cloudflare audit log", () => {
  /** @param place creates the part of the response that contains the cursor of the next page */
  const client = (pages: object[][], place: (cursor: string) => object = (cursor) => ({ cursor })) => {
    const queries: { cursor?: string; limit: number; since: string }[] = [];
    const list = async (query: (typeof queries)[number]) => {
      queries.push(query);
      const at = Number(query.cursor ?? 0);
      const result_info = at + 1 < pages.length ? place(String(at + 1)) : { count: "1" };
      return { getPaginatedItems: () => pages[at], result_info };
    };
    return { queries, cloudflare: { accounts: { logs: { audit: { list } } } } as unknown as Cloudflare };
  };
  const entry = (time: string, more: object = {}) => ({
    action: { time, type: "update", result: "success" },
    actor: { token_name: "ci", token_id: "t" },
    resource: { id: "g", type: "groups" },
    ...more,
  });
  const options = { accountId, since: new Date(0), before: new Date(1), most: 10 };

  test.each([
    ["documented", (cursor: string) => ({ cursor })],
    ["that the client knows", (cursor: string) => ({ cursors: { after: cursor } })],
  ])("is read to its last page when the cursor is in the place %s", async (_place, place) => {
    const { queries, cloudflare } = client([[entry("1")], [entry("2")], [entry("3")]], place);
    expect(await readAuditLog(cloudflare, options)).toMatchObject({ entries: { length: 3 }, complete: true });
    expect(queries.map(({ cursor, limit }) => [cursor, limit])).toEqual([
      [undefined, 1000],
      ["1", 1000],
      ["2", 1000],
    ]);
  });

  test("is read up to a limit, which is reported", async () => {
    const { queries, cloudflare } = client(Array.from({ length: 9 }, () => [entry("1"), entry("2")]));
    expect(await readAuditLog(cloudflare, { ...options, most: 4 })).toMatchObject({
      entries: { length: 4 },
      complete: false,
    });
    expect(queries).toHaveLength(2);
    const long = client(Array.from({ length: 9 }, () => Array.from({ length: 1000 }, () => entry(LONG_AGO))));
    const { unchecked } = await readAccountAuditLog({ cloudflare: long.cloudflare, accountId }, [
      { id: "g", since: LONG_AGO },
    ]);
    expect(long.queries).toHaveLength(5);
    expect(unchecked).toEqual([
      {
        subject: expect.any(String),
        cause: expect.stringMatching(/^there are more than 5000 entries since 2026/),
      },
    ]);
  });

  test("is searched by id and path, since the stack's last change, without failed changes", async () => {
    const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
    const uri = `/accounts/${accountId}/access/groups/g`;
    const { queries, cloudflare } = client([
      [
        entry(at(9), { resource: { id: "other" } }),
        entry(at(8), { action: { time: at(8), type: "update", result: "failure" } }),
        entry(at(7), { action: { time: at(7), type: "view", result: "success" } }),
        entry(at(6), {
          actor: { email: "ana@contoso.example", token_name: "laptop" },
          resource: {},
          raw: { uri },
        }),
        entry(at(5), { action: { time: at(5), type: "update", description: "Update Access Group" } }),
        entry(at(4), { actor: { type: "system" } }),
        entry(at(2)),
      ],
    ]);
    const objects = [
      { id: "g", since: at(3) },
      { id: "never", since: at(1) },
    ];
    const { entries } = await readAccountAuditLog({ cloudflare, accountId }, objects);
    expect(entries).toEqual({
      g: [
        { at: at(6), by: "ana@contoso.example", activity: "update" },
        { at: at(5), by: "ci (t)", activity: "Update Access Group" },
        { at: at(4), by: "Cloudflare", activity: "update groups" },
      ],
      never: [],
    });
    expect(queries).toMatchObject([{ since: new Date(at(1)).toISOString() }]);
  });

  test("is reported as unchecked without a permission when it cannot be read for another reason", async () => {
    const made = await make();
    const on = { service: "cloudflare" as const, path: "/client/v4/accounts/*/logs/audit" };
    twin.faults.add({ on, effect: { kind: "error", status: 404 } });
    const { unmanaged, unchecked } = (await checkAccount(createStack(), query())).drift;
    expect(unmanaged).toHaveLength(made.length);
    expect(unchecked).toEqual([{ subject: "audit log of Cloudflare", cause: expect.any(String) }]);
  });
});
