import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import {
  applyTokens,
  type DesiredToken,
  describeDashboardSteps,
  planToken,
  planTokens,
} from "../../../ops/identities/tokens";
import { contoso, startTwin, type Twin } from "../../../twin/index";

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ frozen: true });
});
beforeEach(() => {
  twin.reset();
  twin.clock.set(new Date("2027-01-01T00:00:00Z"));
});
afterAll(() => twin.close());

const { accountId } = contoso;
const connect = (apiToken = contoso.tokens.administrator.value) =>
  createCloudflareClient({ baseUrl: twin.cloudflareUrl, apiToken });
const ORGANIZATION = "Access: Organizations, Identity Providers, and Groups";
const drift: DesiredToken = {
  identity: "drift",
  name: "entra-access-drift",
  permissions: [`${ORGANIZATION} Read`],
};
const production: DesiredToken = {
  identity: "production",
  name: "entra-access-production",
  permissions: [`${ORGANIZATION} Write`],
};
const plan = (...desired: DesiredToken[]) => planTokens(connect(), accountId, desired, twin.clock.now());
/** Applies plans. @returns the values of new tokens */
async function apply(plans: Awaited<ReturnType<typeof plan>>, end = END) {
  const values = new Map<string, string>();
  await applyTokens(connect(), accountId, plans, end, (identity, value) => values.set(identity, value));
  return values;
}
const END = new Date("2027-06-30T00:00:00Z");
const summarize = (plans: Awaited<ReturnType<typeof plan>>) =>
  plans.map(({ desired, action, reason }) => [desired.identity, action, reason]);

it("creates tokens with exactly these permissions and an end, and then keeps them", async () => {
  const plans = await plan(drift, production);
  expect(summarize(plans)).toEqual([
    ["drift", "create", "there is none"],
    ["production", "create", "there is none"],
  ]);
  const values = await apply(plans);
  expect([...values.keys()]).toEqual(["drift", "production"]);
  expect(summarize(await plan(drift, production))).toEqual([
    ["drift", "keep", "valid until 2027-06-30T00:00:00Z"],
    ["production", "keep", "valid until 2027-06-30T00:00:00Z"],
  ]);
  const own = connect(values.get("drift"));
  await own.zeroTrust.organizations.list({ account_id: accountId });
  const group = { account_id: accountId, name: "x", include: [{ email: { email: "a@contoso.example" } }] };
  await expect(own.zeroTrust.access.groups.create(group)).rejects.toMatchObject({ status: 403 });
  await connect(values.get("production")).zeroTrust.access.groups.create(group);
  expect(await apply(await plan(drift, production))).toEqual(new Map());
});

it("replaces a token a month before its end, and the one before works until then", async () => {
  const values = await apply(await plan(drift));
  twin.clock.set(new Date("2027-06-01T00:00:00Z"));
  const plans = await plan(drift);
  expect(summarize(plans)).toEqual([["drift", "create", "the present one ends 2027-06-30T00:00:00Z"]]);
  const later = new Date("2027-12-01T00:00:00Z");
  const renewed = await apply(plans, later);
  const read = (value: string | undefined) =>
    connect(value).zeroTrust.organizations.list({ account_id: accountId });
  await Promise.all([read(values.get("drift")), read(renewed.get("drift"))]);
  twin.clock.set(END);
  await expect(read(values.get("drift"))).rejects.toMatchObject({ status: 403 });
  await read(renewed.get("drift"));
  expect(summarize(await plan(drift))).toEqual([["drift", "keep", "valid until 2027-12-01T00:00:00Z"]]);
});

it("changes a token whose permissions differ in place, so that its value stays", async () => {
  const values = await apply(await plan(drift));
  const wider = { ...drift, permissions: [...drift.permissions, "Access: Apps and Policies Read"] };
  const plans = await plan(wider);
  expect(summarize(plans)).toEqual([["drift", "change", `it has ${ORGANIZATION} Read`]]);
  expect(await apply(plans)).toEqual(new Map());
  await connect(values.get("drift")).zeroTrust.access.policies.list({ account_id: accountId });
  expect(summarize(await plan(wider))).toMatchObject([["drift", "keep", expect.anything()]]);
});

it("does not count a token that is disabled, expired or another's", () => {
  const policies = [{ permission_groups: [{ id: "1", name: `${ORGANIZATION} Read` }] }] as never;
  const now = twin.clock.now();
  const existing = { id: "1", name: drift.name, policies, expires_on: "2028-01-01T00:00:00Z" };
  expect(planToken(drift, [{ ...existing, status: "active" }], now).action).toBe("keep");
  expect(planToken(drift, [{ ...existing, status: "disabled" }], now).action).toBe("create");
  expect(planToken(drift, [{ ...existing, status: "active", name: "other" }], now).action).toBe("create");
});

it("is refused with a token that may not read tokens, for which there are steps in the dashboard", async () => {
  const refused = planTokens(connect(contoso.tokens.deployer.value), accountId, [drift], twin.clock.now());
  await expect(refused).rejects.toMatchObject({ status: 403 });
  expect(describeDashboardSteps(accountId, [drift], END)).toEqual([
    expect.stringContaining(`https://dash.cloudflare.com/${accountId}/api-tokens`),
    `  entra-access-drift, until 2027-06-30: ${ORGANIZATION} Read`,
  ]);
});
