import * as pulumi from "@pulumi/pulumi";
import { createReferenceHook } from "../../../components/hooks/missing-references";
import { accountId, answers, order, startProgram } from "../../support/mocks";

beforeEach(startProgram);
afterEach(() => jest.restoreAllMocks());

const run = async (newInputs: object, hook = createReferenceHook("references"), oldInputs?: object) =>
  hook.callback({
    name: "access-x",
    type: "",
    newInputs: { accountId, ...newInputs },
    oldInputs,
  } as unknown as pulumi.ResourceHookArgs);
const getListing = (kind: string) => `cloudflare:index/getZeroTrust${kind}:getZeroTrust${kind}`;
const setIsDryRun = (isDryRun: boolean) => jest.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(isDryRun);

/** A listing, what it has, and the inputs that refer to something. */
const KINDS: [kind: string, label: string, refer: (to: unknown) => object][] = [
  ["AccessTags", "tags", (to) => ({ tags: [to] })],
  ["AccessServiceTokens", "service tokens", (to) => ({ includes: [{ serviceToken: { tokenId: to } }] })],
  ["AccessIdentityProviders", "identity providers", (to) => ({ requires: [{ loginMethod: { id: to } }] })],
  [
    "AccessIdentityProviders",
    "identity providers",
    (to) => ({ excludes: [{ azureAd: { identityProviderId: to } }] }),
  ],
  ["TunnelCloudflareds", "tunnels", (to) => ({ tunnelId: to })],
  ["TunnelCloudflaredVirtualNetworks", "virtual networks", (to) => ({ virtualNetworkId: to })],
];

test.each(KINDS)("%s: refuses a reference to %s that do not exist", async (kind, label, refer) => {
  setIsDryRun(true);
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  answers[getListing(kind)] = { results: [{ id: "known", name: "known" }] };
  await expect(run(refer("known"))).resolves.toBeUndefined();
  await expect(run(refer(undefined))).resolves.toBeUndefined();
  await expect(run(refer("other"))).rejects.toThrow(
    `access-x must refer to ${label} that the account has; found other. Choose from ${kind === "AccessTags" ? "known" : "known (known)"}, or make it in Cloudflare first.`,
  );
  answers[getListing(kind)] = { results: [] };
  await expect(run(refer("other"))).rejects.toThrow("Choose from none, or");
  answers[getListing(kind)] = new Error("403 Forbidden");
  await expect(run(refer("other"), undefined, refer("other"))).resolves.toBeUndefined();
  expect(warn).not.toHaveBeenCalled();
  await expect(run(refer("other"))).resolves.toBeUndefined();
  const warning = `access-x must refer to ${label} that the account has; other could not be checked, because Cloudflare`;
  expect(warn.mock.calls).toEqual([[expect.stringContaining(warning)]]);
});

test.each([
  ["AccessTags", { tags: ["other"] }, "rejected"],
  // The update may have just created it.
  ["TunnelCloudflaredVirtualNetworks", { virtualNetworkId: "other" }, "fulfilled"],
])("while the stack is updated, a missing object of %s is %j: %s", async (kind, inputs, status) => {
  setIsDryRun(false);
  answers[getListing(kind)] = { results: [] };
  expect((await Promise.allSettled([run(inputs)]))[0]).toMatchObject({ status });
});

test("requests nothing without references or an account, and each list once", async () => {
  answers[getListing("AccessTags")] = { results: [{ id: "a", name: "a" }] };
  const hook = createReferenceHook("references");
  await run({ tags: [], includes: [{ email: { email: "a@contoso.example" } }] }, hook);
  await run({ tags: ["a"], accountId: undefined }, hook);
  expect(order).toEqual([]);
  for (const _ of [1, 2]) await run({ tags: ["a"] }, hook);
  expect(order).toEqual([{ kind: "call", name: getListing("AccessTags") }]);
});
