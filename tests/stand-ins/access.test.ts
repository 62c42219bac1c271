import type { StandIn } from "../../stand-ins/bridge/stand-in";
import type { CloudflareApi } from "../../stand-ins/cloudflare/api";
import { contoso } from "../../twin/index";
import {
  connectStandIn,
  createResource,
  IDENTITY_PROVIDER,
  SOME_GUID,
  type StandInFixture,
  startStandInFixture,
  urn,
} from "./stand-in-fixture";

type Values = Record<string, unknown>;
const { accountId } = contoso;
const ACCESS = `/client/v4/accounts/${accountId}/access`;
const GROUP = "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup";
const POLICY = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";
const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
let lab: StandInFixture;
let standIn: StandIn<CloudflareApi>;
beforeAll(async () => {
  lab = await startStandInFixture();
});
beforeEach(async () => {
  const { account, tenant } = contoso;
  const permissions = [
    "Access: Organizations, Identity Providers, and Groups Write",
    "Access: Apps and Policies Write",
  ];
  const tokens = account.tokens.map((token) => ({ ...token, permissions }));
  lab.twin.reset({ tenants: [tenant], accounts: [{ ...account, tokens }] });
  lab.wire.sent.length = 0;
  standIn = await connectStandIn(lab);
});
afterAll(() => lab.close());

const engineers = { azureAd: { id: SOME_GUID, identityProviderId: "" } };
const german = { geo: { countryCode: "DE" } };
const rule = async () => {
  const config = { clientId: SOME_GUID, clientSecret: "s", directoryId: contoso.tenantId };
  const provider = { accountId, name: "Entra ID", type: "azureAD", config };
  const { id } = await createResource(standIn, IDENTITY_PROVIDER, provider);
  lab.wire.calls();
  return { azureAd: { ...engineers.azureAd, identityProviderId: id } };
};
const changed = async (type: string, before: Values, values: Values) => {
  const { inputs, failures } = standIn.check(urn(type), values, before.inputs as Values);
  expect(failures).toEqual([]);
  return { inputs, diff: await standIn.diff(urn(type), before.outputs as Values, inputs) };
};
const update = async (type: string, before: Values, values: Values) => {
  const { inputs } = await changed(type, before, values);
  lab.wire.sent.length = 0;
  const outputs = await standIn.update(urn(type), String(before.id), before.outputs as Values, inputs, false);
  expect((await standIn.diff(urn(type), outputs, inputs)).size).toBe(0);
  return { outputs, sent: lab.wire.sent[0] };
};
const read = async (type: string, { id, outputs, inputs }: Awaited<ReturnType<typeof createResource>>) =>
  standIn.read(urn(type), id, outputs, inputs);

test("creates a group in one call, and ignores values that the API adds", async () => {
  const azureAd = await rule();
  const made = await createResource(standIn, GROUP, { accountId, name: "Engineers", includes: [azureAd] });
  const provider = azureAd.azureAd.identityProviderId;
  expect(lab.wire.sent).toMatchObject([
    {
      method: "POST",
      path: `${ACCESS}/groups`,
      body: { name: "Engineers", include: [{ azureAD: { id: SOME_GUID, identity_provider_id: provider } }] },
    },
  ]);
  const { __meta, ...outputs } = made.outputs;
  expect(outputs).toEqual({ accountId, id: made.id, name: "Engineers", includes: [azureAd] });
  const found = await read(GROUP, made);
  expect(found?.outputs).toEqual(made.outputs);
});

test("compares a group's rules in order and a policy's without order", async () => {
  const rules = [german, { everyone: {} }];
  const turned = [...rules].reverse();
  const group = await createResource(standIn, GROUP, { accountId, name: "G", includes: rules });
  expect((await changed(GROUP, group, { accountId, name: "G", includes: turned })).diff.size).toBeGreaterThan(
    0,
  );
  const policy = { accountId, name: "P", decision: "allow" };
  const made = await createResource(standIn, POLICY, { ...policy, includes: rules });
  expect((await changed(POLICY, made, { ...policy, includes: turned })).diff.size).toBe(0);
});

test("clears removed rules with null", async () => {
  const wanted = { accountId, name: "G", includes: [{ everyone: {} }] };
  const made = await createResource(standIn, GROUP, { ...wanted, requires: [german] });
  const { sent, outputs } = await update(GROUP, made, wanted);
  expect(sent).toMatchObject({ method: "PUT", body: { name: "G", require: null } });
  expect(outputs).not.toHaveProperty("requires");
});

test.each([
  ["no rules to include", GROUP, { name: "G" }, "Missing required property 'includes'"],
  [
    "two types in one rule",
    GROUP,
    { name: "G", includes: [{ ...german, everyone: {} }] },
    "at most 1 elements",
  ],
  [
    "a rule without its setting",
    GROUP,
    { name: "G", includes: [{ geo: {} }] },
    "includes[0].geo.countryCode",
  ],
  ["an unknown decision", POLICY, { name: "P", decision: "maybe" }, "decision value must be one of"],
  ["a session of no length", APPLICATION, { sessionDuration: "1d" }, "as valid units"],
  [
    "a range that is public",
    APPLICATION,
    { destinations: [{ uri: "a.example", cidr: "10.0.0.0/8" }] },
    'destinations[0].cidr can only be set if "type" is one of: "private"',
  ],
  [
    "CORS for origins, without methods",
    APPLICATION,
    { corsHeaders: { allowAllOrigins: true } },
    "exactly one of corsHeaders.allowAllMethods",
  ],
  ["what it has no idea of", APPLICATION, { saasApp: {} }, "does not support this property"],
])("refuses %s before any call", (_what, type, values, reason) => {
  const { failures } = standIn.check(urn(type), { accountId, ...values });
  expect(failures.join("\n")).toContain(reason);
  expect(lab.wire.calls()).toEqual([]);
});

describe("an application", () => {
  const wanted = async (): Promise<Values> => {
    const includes = [{ everyone: {} }];
    const { id } = await createResource(standIn, POLICY, {
      accountId,
      name: "All",
      decision: "allow",
      includes,
    });
    lab.wire.calls();
    return {
      accountId,
      name: "Wiki",
      type: "self_hosted",
      destinations: [{ uri: "wiki.example" }, { uri: "docs.example/wiki" }],
      policies: [{ id, precedence: 1 }],
    };
  };

  test("is sent with the plugin's defaults, and keeps only the configured policies", async () => {
    const values = await wanted();
    const made = await createResource(standIn, APPLICATION, values);
    const sent = { app_launcher_visible: true, http_only_cookie_attribute: true, session_duration: "24h" };
    expect(lab.wire.sent[0]?.body).toMatchObject({ ...sent, policies: values.policies });
    const found = await read(APPLICATION, made);
    expect(found?.outputs).toEqual(made.outputs);
    expect(found?.outputs).toMatchObject({ domain: "wiki.example", policies: values.policies });
    expect(made.outputs.aud).toMatch(/^[0-9a-f]{64}$/);
    expect((await changed(APPLICATION, made, values)).diff.size).toBe(0);
  });

  test("of type WARP has none of the defaults of others", async () => {
    const { policies } = await wanted();
    const values = { accountId, type: "warp", policies };
    const made = await createResource(standIn, APPLICATION, values);
    for (const outputs of [made.outputs, (await read(APPLICATION, made))?.outputs])
      expect(Object.keys(outputs ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(appLauncherVisible|httpOnlyCookieAttribute)$/)]),
      );
    expect((await changed(APPLICATION, made, values)).diff.size).toBe(0);
  });

  test("keeps domain and destinations when other settings change, and updates them when one of them changes", async () => {
    const values = await wanted();
    const made = await createResource(standIn, APPLICATION, values);
    const renamed = await update(APPLICATION, made, { ...values, name: "Handbook" });
    expect(renamed.sent?.body).toMatchObject({ name: "Handbook", domain: "wiki.example" });
    const moved = { ...values, destinations: [{ uri: "handbook.example" }] };
    expect((await update(APPLICATION, made, moved)).outputs).toMatchObject({
      domain: "handbook.example",
      selfHostedDomains: ["handbook.example"],
    });
  });

  test("sends an empty list when its policies are removed, because the API would keep them", async () => {
    const { policies: _gone, ...values } = await wanted();
    const made = await createResource(standIn, APPLICATION, { ...values, policies: _gone });
    const { sent, outputs } = await update(APPLICATION, made, values);
    expect(sent?.body).toMatchObject({ policies: [] });
    expect(outputs).not.toHaveProperty("policies");
  });

  test("sends an empty list without policies, which is not a change", async () => {
    const values = { ...(await wanted()), policies: [] };
    const made = await createResource(standIn, APPLICATION, values);
    expect((await changed(APPLICATION, made, values)).diff.size).toBe(0);
    expect((await read(APPLICATION, made))?.outputs).toEqual(made.outputs);
  });

  test("detects drift and deletion, and is imported by its long id", async () => {
    const made = await createResource(standIn, APPLICATION, await wanted());
    const path = `${ACCESS}/apps/${made.id}`;
    const long = `accounts/${accountId}/${made.id}`;
    const imported = await standIn.read(urn(APPLICATION), long, {}, {});
    expect(imported?.inputs).toMatchObject({ name: "Wiki", policies: made.inputs.policies });
    await standIn.delete(urn(APPLICATION), made.id, made.outputs);
    expect(lab.wire.calls()).toContain(`DELETE ${path}`);
    expect(await read(APPLICATION, made)).toBeUndefined();
    await expect(standIn.read(urn(APPLICATION), made.id, {}, {})).rejects.toThrow("<app_id>");
  });
});
