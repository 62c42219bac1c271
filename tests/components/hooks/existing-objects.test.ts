import type * as pulumi from "@pulumi/pulumi";
import { createExistenceHook } from "../../../components/hooks/existing-objects";
import { accountId, answers, order, startProgram } from "../../support/mocks";

beforeEach(startProgram);

const resource = (short: string) => `cloudflare:index/z${short.slice(1)}:${short}`;
const listing = (short: string) => `cloudflare:index/${short}:${short}`;

/** Runs the hook, with what the engine would give it. */
const run = async (hook: pulumi.ResourceHook, type: string, newInputs: object) =>
  hook.callback({
    name: "access-x",
    type,
    newInputs: { accountId, ...newInputs },
  } as unknown as pulumi.ResourceHookArgs);

const uris = (...all: string[]) => ({ destinations: all.map((uri) => ({ type: "public", uri })) });
const [idps, apps] = ["ZeroTrustAccessIdentityProvider", "ZeroTrustAccessApplication"];
const [routes, hosts] = ["ZeroTrustTunnelCloudflaredRoute", "ZeroTrustNetworkHostnameRoute"];
const [networks, rules] = ["ZeroTrustTunnelCloudflaredVirtualNetwork", "ZeroTrustGatewayPolicy"];

/** An existing object, what is the same to Cloudflare, and what is not. */
const KINDS: [type: string, existing: object, same: object, other: object][] = [
  [idps, { type: "onetimepin" }, { type: "onetimepin", name: "x" }, { type: "azureAD" }],
  [apps, { type: "warp" }, { type: "warp" }, { type: "self_hosted", domain: "a.example" }],
  [apps, { domain: "a.example" }, { type: "self_hosted", ...uris("A.example") }, uris("b.example")],
  [apps, uris("b.example", "a.example/x"), uris("c.example", "a.example/x"), uris("a.example")],
  [
    routes,
    { network: "10.0.0.0/8", virtualNetworkId: "v" },
    { network: "10.0.0.0/8", virtualNetworkId: "v" },
    { network: "10.0.0.0/8", virtualNetworkId: "w" },
  ],
  [hosts, { hostname: "db.internal" }, { hostname: "db.internal" }, { hostname: "db2.internal" }],
  [networks, { name: 'Lab & "Test"' }, { name: 'Lab & "Test"' }, { name: "Lab" }],
  [rules, { precedence: 1000, name: "a" }, { precedence: 1000, name: "b" }, { precedence: 1001, name: "a" }],
];
const PLURALS: Record<string, string> = { ZeroTrustGatewayPolicy: "getZeroTrustGatewayPolicies" };
const getListing = (type: string) => listing(PLURALS[type] ?? `get${type}s`);

test.each(KINDS)("%s: with %j, %j is refused and %j is not", async (type, existing, same, other) => {
  answers[getListing(type)] = {
    results: [
      { id: "others", type: "saml" },
      { id: "4ae0", ...existing },
    ],
  };
  const hook = createExistenceHook("does-not-exist");
  await expect(run(hook, resource(type), same)).rejects.toThrow(
    /^the account must not have an? .* yet; found 4ae0\. .* npx entra-access up test completes .* (npx entra-access up test --import access-x=4ae0|set another precedence)$/,
  );
  await expect(run(hook, resource(type), other)).resolves.toBeUndefined();
});

test("an application without host names is compared with none", async () => {
  answers[getListing(apps)] = { results: [{ id: "1", type: "self_hosted", domain: "" }] };
  await expect(run(createExistenceHook("x"), resource(apps), uris())).resolves.toBeUndefined();
});

test("says to set another precedence, because an import would change a rule of somebody else", async () => {
  answers[getListing(rules)] = { results: [{ id: "1", precedence: 1000 }] };
  const refused = run(createExistenceHook("x"), resource(rules), { precedence: 1000 });
  await expect(refused).rejects.toThrow(/completes that one\. .* Otherwise, set another precedence$/);
});

test("says what else can be done", async () => {
  answers[getListing(idps)] = { results: [{ id: "4ae0", type: "onetimepin" }] };
  const hook = createExistenceHook("x", { advise: (id) => `Or use ${id}.` });
  expect(hook.opts).toEqual({ onDryRun: true });
  await expect(run(hook, resource(idps), { type: "onetimepin" })).rejects.toThrow(/=4ae0\. Or use 4ae0\.$/);
});

test("names the object of a resource that comes later in the same error, if there is one", async () => {
  answers[getListing(idps)] = { results: [{ id: "4ae0", type: "onetimepin" }] };
  answers[getListing(apps)] = { results: [{ id: "77", type: "warp" }] };
  const declaredLater = { name: "access-y", type: resource(apps), inputs: { type: "warp" } };
  const hook = createExistenceHook("x", { declaredLater });
  const refusal = () => run(hook, resource(idps), { type: "onetimepin" });
  await expect(refusal()).rejects.toThrow(
    /access-x=4ae0\. The account also has .* devices, 77\. .* access-y=77\.$/,
  );
  answers[getListing(apps)] = { results: [] };
  await expect(refusal()).rejects.toThrow(/access-x=4ae0$/);
});

test("lists once for several resources, and again before it refuses, because the object may be gone", async () => {
  const token = getListing(rules);
  answers[token] = { results: [{ id: "1", precedence: 1000 }] };
  const hook = createExistenceHook("x");
  for (const precedence of [1, 2, 3]) await run(hook, resource(rules), { precedence });
  expect(order).toEqual([{ kind: "call", name: token }]);
  answers[token] = { results: [] };
  await expect(run(hook, resource(rules), { precedence: 1000 })).resolves.toBeUndefined();
});

test.each([
  ["the list cannot be read", resource(rules), { precedence: 1000 }],
  ["its type is not listed", "constructor", {}],
  ["the account is not known yet", resource(rules), { accountId: undefined, precedence: 1000 }],
])("leaves it to Cloudflare if %s", async (_case, type, inputs) => {
  answers[getListing(rules)] = new Error("403 Forbidden");
  await expect(run(createExistenceHook("x"), type, inputs)).resolves.toBeUndefined();
});
