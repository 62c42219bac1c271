import type Cloudflare from "cloudflare";
import { readAuditLog } from "../../../ops/clients/audit-log";
import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import { tracesOf } from "../../../ops/drift/account/audit-log";
import { lookAtAccount } from "../../../ops/drift/account/look";
import { changedIn, keyOf } from "../../../ops/drift/account/sight";
import { thingsOf } from "../../../ops/drift/account/things";
import { accountDrift, questionsOf, tracedDrift } from "../../../ops/drift/fleet/accounts";
import type { Difference } from "../../../ops/drift/report";
import type { Look } from "../../../ops/drift/stack/look";
import { linesOf } from "../../../ops/drift/words";
import type { Stack } from "../../../ops/stacks";
import { contoso, startTwin, type Twin } from "../../../twin/index";
import { makeOneOfEach } from "../../fleet/intruder";

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
const stackOf = ({ value }: { value: string } = ana) =>
  ({
    providerSettings: async () => ({
      config: { "cloudflare:apiToken": value, "cloudflare:baseUrl": twin.cloudflareUrl },
      env: {},
    }),
  }) as unknown as Stack;
const make = () => makeOneOfEach({ ...clouds(), graph: undefined as never }, contoso);
const LONG_AGO = "2026-01-01T00:00:00.000Z";
const question = (owned: string[] = []) => ({ accountId, since: LONG_AGO, changed: [], owned });

test("one of each kind that no stack owns, with who made it; what is owned or accepted is left out", async () => {
  const made = await make();
  const { unowned, gaps } = await lookAtAccount(stackOf(), question());
  expect(unowned.map(({ changedBy, ...one }) => ({ ...one, by: changedBy?.map(({ by }) => by) }))).toEqual(
    made.map(({ kind, id, name }) => ({ kind, id, name, by: [ana.user] })),
  );
  expect(gaps).toEqual([]);
  const [first, ...others] = made;
  const left = await lookAtAccount(stackOf(), question(others.map(({ id }) => id)));
  expect(left.unowned.map(({ id }) => id)).toEqual([first?.id]);
});

test("the log is not read where there is nothing to tell, and once for all there is", async () => {
  const asked = () => twin.requests.filter(({ path }) => path.endsWith("/logs/audit")).length;
  const before = asked();
  await lookAtAccount(stackOf(), question());
  expect(asked()).toBe(before);
  await make();
  await lookAtAccount(stackOf(), question());
  expect(asked()).toBe(before + 1);
});

test("each right that is missing is named, and none is a failure", async () => {
  const [provider] = await make();
  const { unowned, gaps } = await lookAtAccount(stackOf(contoso.tokens.deployer), question());
  expect(unowned.map(({ kind }) => kind)).toEqual(["identity provider", "access group"]);
  expect(unowned[0]).toEqual({ kind: "identity provider", id: provider?.id, name: "Eve's" });
  const cause = "Cloudflare 10000: Authentication error";
  expect(gaps).toEqual([
    { what: "policies of the account", cause, right: "Access: Apps and Policies Read" },
    { what: "applications of the account", cause, right: "Access: Apps and Policies Read" },
    { what: "routes of tunnels", cause, right: "Cloudflare Tunnel Read" },
    { what: "routes of private host names", cause, right: "Cloudflare Tunnel Read" },
    { what: "network policies of Gateway", cause, right: "Zero Trust Read" },
    { what: "since when and by whom at Cloudflare", cause, right: "Account Settings Read" },
  ]);
  const drift = accountDrift(question(), { unowned: [], gaps, traces: {} });
  expect(drift.result).toBe("as declared");
  expect(linesOf(drift).at(-1)).toBe(
    `not looked at: since when and by whom at Cloudflare: ${cause}; it takes Account Settings Read`,
  );
});

test("the application by which devices enrol is Cloudflare's, whoever switched it on", async () => {
  const { applications } = clouds().cloudflare.zeroTrust.access;
  await applications.create({ account_id: accountId, type: "warp" } as Parameters<
    typeof applications.create
  >[0]);
  expect((await thingsOf(clouds())).things).toEqual([]);
});

// What the twin has not.
const listed = (lists: Partial<Record<"apps" | "rules", object[]>>) => {
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
  return thingsOf({ accountId, cloudflare: { zeroTrust } as unknown as Cloudflare });
};

test.each(["app_launcher", "warp", "biso"])(
  "an application of type %s is one of Cloudflare's",
  async (type) => {
    const apps = [
      { id: "1", type, name: "Feature" },
      { id: "2", type: "bookmark", domain: "wiki.contoso.com" },
    ];
    expect((await listed({ apps })).things).toEqual([
      { kind: "access application", id: "2", name: "wiki.contoso.com" },
    ]);
  },
);

test.each([
  ["another account's, shared with this one", { filters: ["l4"], read_only: true }],
  ["one of Cloudflare's for all accounts", { id: "00000001-e4af-4b82-8f8c-c79c1d5d212e", filters: ["l4"] }],
  ["no network policy", { filters: ["dns"] }],
])("a rule of Gateway that is %s is not told of", async (_what, rule) => {
  const own = { id: "own", name: "Own", filters: ["l4"], read_only: false };
  const { things } = await listed({ rules: [{ id: "r", name: "R", ...rule }, own] });
  expect(things).toEqual([{ kind: "network policy", id: "own", name: "Own" }]);
});

test("what is asked of an account: since the first of its stacks was changed, and all that its stacks own", () => {
  const blank = { result: "as declared", differences: [], unowned: [], gaps: [] } as const;
  const look = (stack: string, account?: Partial<Look["account"]>): Look => ({
    drift: { stack, accountId: "a", ...blank },
    ...(account && { account: { accountId: "a", owned: [stack], ...account } }),
  });
  const looks = [
    look("neighbour", {}),
    look("late", { looked: { since: "2026-11-03T00:00:00.000Z", changed: { x: "id" } } }),
    look("early", { looked: { since: "2026-11-02T00:00:00.000Z", changed: {} } }),
  ];
  const asked = {
    accountId: "a",
    since: "2026-11-02T00:00:00.000Z",
    changed: [{ id: "id", since: "2026-11-03T00:00:00.000Z" }],
  };
  expect(questionsOf(looks, ["accepted"])).toEqual([
    { stack: "late", question: { ...asked, owned: ["accepted", "neighbour", "late", "early"] } },
  ]);
  // What a stack whose state nobody could read owns is not known.
  expect(questionsOf([...looks, look("unread")], [])).toEqual([{ stack: "late", question: asked }]);
  expect(questionsOf([look("neighbour", {})], [])).toEqual([]);
});

test("where it is not known what stacks own nothing is listed, and that is not as declared", async () => {
  await make();
  const { owned: _unknown, ...asked } = question();
  const drift = accountDrift(asked, await lookAtAccount(stackOf(), asked));
  expect(drift).toMatchObject({ result: "could not tell", unowned: [] });
});

test("an object is found in a state by type and name, and its traces come to its differences alone", () => {
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
    difference("settings", "cloudflare ZeroTrustAccessPolicy"),
    difference("changed", "azuread Application", "entra"),
  ];
  const changed = changedIn(differences, state);
  expect(changed).toEqual({ [keyOf(differences[0] as Difference)]: "g" });
  const looked = { since: "", changed };
  const drift = { stack: "s", result: "drift", differences, unowned: [], gaps: [] } as const;
  const traces = { g: [{ at: "2026-11-02T00:00:00Z", by: "ana", activity: "update groups" }], p: [] };
  const traced = tracedDrift({ drift, account: { accountId, owned: [], looked } }, traces);
  expect(traced.differences.map(({ changedBy }) => changedBy?.[0]?.by)).toEqual([
    "ana",
    undefined,
    undefined,
  ]);
});

describe("the log", () => {
  /** @param pages of entries, each but the last with a cursor in one of both places */
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
  const wanted = { accountId, since: new Date(0), before: new Date(1), most: 10 };

  test.each([
    ["documented", (cursor: string) => ({ cursor })],
    ["that the client knows", (cursor: string) => ({ cursors: { after: cursor } })],
  ])("is read to its last page, where the cursor is in the place %s", async (_place, place) => {
    const { queries, cloudflare } = client([[entry("1")], [entry("2")], [entry("3")]], place);
    expect(await readAuditLog(cloudflare, wanted)).toMatchObject({ entries: { length: 3 }, complete: true });
    expect(queries.map(({ cursor, limit }) => [cursor, limit])).toEqual([
      [undefined, 1000],
      ["1", 1000],
      ["2", 1000],
    ]);
  });

  test("is read no further than was asked for, and that is said", async () => {
    const { queries, cloudflare } = client(Array.from({ length: 9 }, () => [entry("1"), entry("2")]));
    expect(await readAuditLog(cloudflare, { ...wanted, most: 4 })).toMatchObject({
      entries: { length: 4 },
      complete: false,
    });
    expect(queries).toHaveLength(2);
    const long = client(Array.from({ length: 9 }, () => Array.from({ length: 1000 }, () => entry(LONG_AGO))));
    const { gaps } = await tracesOf({ cloudflare: long.cloudflare, accountId }, [
      { id: "g", since: LONG_AGO },
    ]);
    expect(long.queries).toHaveLength(5);
    expect(gaps).toEqual([
      {
        what: expect.any(String),
        cause: expect.stringMatching(/^there are more than 5000 entries since 2026/),
      },
    ]);
  });

  test("of an object: what was done since its stack was changed, by its id or its path, and what failed is not", async () => {
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
    const asked = [
      { id: "g", since: at(3) },
      { id: "never", since: at(1) },
    ];
    const { traces } = await tracesOf({ cloudflare, accountId }, asked);
    expect(traces).toEqual({
      g: [
        { at: at(6), by: "ana@contoso.example", activity: "update" },
        { at: at(5), by: "ci (t)", activity: "Update Access Group" },
        { at: at(4), by: "Cloudflare", activity: "update groups" },
      ],
      never: [],
    });
    expect(queries).toMatchObject([{ since: new Date(at(1)).toISOString() }]);
  });

  test("that cannot be read for another reason than a right is a gap without one", async () => {
    const made = await make();
    const on = { service: "cloudflare" as const, path: "/client/v4/accounts/*/logs/audit" };
    twin.faults.add({ on, effect: { kind: "error", status: 404 } });
    const { unowned, gaps } = await lookAtAccount(stackOf(), question());
    expect(unowned).toHaveLength(made.length);
    expect(gaps).toEqual([{ what: "since when and by whom at Cloudflare", cause: expect.any(String) }]);
  });
});
