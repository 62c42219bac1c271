import type Cloudflare from "cloudflare";
import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import { checkAccount } from "../../../ops/drift/account/check";
import { listAccountObjects } from "../../../ops/drift/account/objects";
import { createDifferenceKey, findChangedIds } from "../../../ops/drift/account/stack-account";
import { formatDriftLines } from "../../../ops/drift/format";
import { type Difference, determineDriftResult } from "../../../ops/drift/report";
import type { StackCheck } from "../../../ops/drift/stack/check";
import { attributeDifferences, createMember, planAccountChecks } from "../../../ops/fleet/accounts";
import type { Stack } from "../../../ops/stacks";
import { contoso, startTwin, type Twin } from "../../../twin/index";
import { createOneOfEachKind } from "../../fleet/unmanaged-objects";

const { accountId } = contoso;
const ana = {
  name: "laptop",
  value: "ana_at_contoso_not_a_real_token".padEnd(40, "0"),
  permissions: [
    ...contoso.tokens.administrator.permissions,
    "Cloudflare Tunnel Write",
    "Zero Trust Write",
    "Account Settings Read",
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
const query = (managedIds: string[] = []) => ({
  accountId,
  since: LONG_AGO,
  changed: [],
  managedIds,
  unread: [],
});

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
  const create = (stack: string, account: Partial<StackCheck["account"]>) =>
    createMember({
      drift: { stack, accountId: "a", ...blank },
      account: { accountId: "a", managedIds: [stack], ...account },
    });
  const members = [
    create("neighbor", {}),
    create("late", { checked: { since: "2026-11-03T00:00:00.000Z", changed: { x: "id" } } }),
    create("early", { checked: { since: "2026-11-02T00:00:00.000Z", changed: {} } }),
  ];
  const query = {
    accountId: "a",
    since: "2026-11-02T00:00:00.000Z",
    changed: [{ id: "id", since: "2026-11-03T00:00:00.000Z" }],
    managedIds: ["accepted", "neighbor", "late", "early"],
    unread: [],
  };
  expect(planAccountChecks(members, ["accepted"])).toEqual([{ stack: "late", query }]);
  const cause = "it took longer than 300 seconds";
  const others = [
    { stack: "slow", accountId: "a", cause },
    { stack: "elsewhere", accountId: "b", cause },
  ];
  expect(planAccountChecks([...members, ...others], ["accepted"])).toEqual([
    { stack: "late", query: { ...query, unread: [{ stack: "slow", cause }] } },
  ]);
  expect(planAccountChecks([create("neighbor", {})], [])).toEqual([]);
});

test("lists nothing, and names the stack, when the state of one in the account could not be read", async () => {
  await make();
  const unread = [{ stack: "payments", cause: "it took longer than 300 seconds" }];
  const { drift } = await checkAccount(createStack(), { ...query(), unread });
  expect(drift).toMatchObject({ result: "unknown", unmanaged: [] });
  expect(drift.unchecked).toContainEqual({
    subject: "unmanaged objects",
    cause: "the state of stack payments could not be read: it took longer than 300 seconds",
  });
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

test("reports the audit log as unchecked without a permission when it cannot be read for another reason", async () => {
  const made = await make();
  const on = { service: "cloudflare" as const, path: "/client/v4/accounts/*/logs/audit" };
  twin.faults.add({ on, effect: { kind: "error", status: 404 } });
  const { unmanaged, unchecked } = (await checkAccount(createStack(), query())).drift;
  expect(unmanaged).toHaveLength(made.length);
  expect(unchecked).toEqual([{ subject: "audit log of Cloudflare", cause: expect.any(String) }]);
});
