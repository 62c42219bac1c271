import { StandIn } from "../../stand-ins/bridge/stand-in";
import { isSecret, markSecret, stripPropertyMarks, UNKNOWN } from "../../stand-ins/bridge/values";
import type { CloudflareApi } from "../../stand-ins/cloudflare/api";
import { createCloudflarePackage } from "../../stand-ins/cloudflare/package";
import { contoso } from "../../twin/index";
import {
  cloudflareSettings,
  connectStandIn,
  IDENTITY_PROVIDER,
  SOME_GUID,
  type StandInFixture,
  startStandInFixture,
  urn,
} from "./stand-in-fixture";

type Values = Record<string, unknown>;
const IT = urn(IDENTITY_PROVIDER);
const PROVIDERS = `/client/v4/accounts/${contoso.accountId}/access/identity_providers`;
let lab: StandInFixture;
let standIn: StandIn<CloudflareApi>;
beforeAll(async () => {
  lab = await startStandInFixture();
});
beforeEach(async () => {
  lab.twin.reset();
  lab.wire.faults = [];
  lab.wire.waits.length = 0;
  lab.wire.calls();
  standIn = await connectStandIn(lab);
});
afterAll(() => lab.close());

const wanted = {
  accountId: contoso.accountId,
  name: "Entra ID",
  type: "azureAD",
  config: {
    clientId: SOME_GUID,
    clientSecret: markSecret("s3cret"),
    directoryId: contoso.tenantId,
    supportGroups: true,
    pkceEnabled: true,
    conditionalAccessEnabled: false,
  },
  scimConfig: {
    enabled: true,
    identityUpdateBehavior: "automatic",
    seatDeprovision: true,
    userDeprovision: true,
  },
};

async function make(values: Values = wanted) {
  const { inputs, failures } = standIn.check(IT, values);
  expect(failures).toEqual([]);
  return { inputs, ...(await standIn.create(IT, inputs, false)) };
}
const config = (values: Values) => values.config as Values;
const scim = (values: Values) => values.scimConfig as Values;

test("is created in one call, with only client secret and SCIM secret marked as secrets", async () => {
  const { id, outputs, inputs } = await make();
  expect(lab.wire.sent).toMatchObject([
    {
      method: "POST",
      path: PROVIDERS,
      body: {
        name: "Entra ID",
        type: "azureAD",
        config: { client_id: SOME_GUID, client_secret: "s3cret", support_groups: true, pkce_enabled: true },
        scim_config: { enabled: true, identity_update_behavior: "automatic" },
      },
    },
  ]);
  expect(outputs.id).toBe(id);
  expect(config(outputs)).toMatchObject({ clientSecret: markSecret("s3cret"), supportGroups: true });
  expect(config(outputs).redirectUrl).toBe(
    `https://${contoso.teamName}.cloudflareaccess.com/cdn-cgi/access/callback`,
  );
  expect(isSecret(scim(outputs).secret)).toBe(true);
  expect(isSecret(scim(outputs).scimBaseUrl)).toBe(false);
  expect((await standIn.diff(IT, outputs, inputs)).size).toBe(0);
});

test("has unknown id and secrets at preview, and sends nothing", async () => {
  const { outputs } = await standIn.create(
    IT,
    standIn.check(IT, { ...wanted, config: { clientId: UNKNOWN } }).inputs,
    true,
  );
  expect(lab.wire.calls()).toEqual([]);
  expect(outputs).toMatchObject({
    id: UNKNOWN,
    name: "Entra ID",
    config: { clientId: UNKNOWN, redirectUrl: UNKNOWN },
  });
  expect(scim(outputs).secret).toEqual(markSecret(UNKNOWN));
});

test("sends the whole body with the client secret in an update, and keeps the SCIM secret", async () => {
  const { id, outputs, inputs } = await make();
  lab.wire.calls();
  const news = { ...inputs, name: "Other" };
  const after = await standIn.update(IT, id, outputs, news, false);
  expect(lab.wire.sent).toMatchObject([
    {
      method: "PUT",
      path: `${PROVIDERS}/${id}`,
      body: { name: "Other", config: { client_secret: "s3cret" } },
    },
  ]);
  expect(lab.wire.sent[0]?.body).not.toHaveProperty("scim_config.secret");
  expect(scim(after).secret).toEqual(scim(outputs).secret);
  expect((await standIn.diff(IT, after, news)).size).toBe(0);
});

test("clears removed settings with null", async () => {
  const { id, outputs, inputs } = await make({ ...wanted, config: { ...config(wanted), prompt: "login" } });
  lab.wire.calls();
  const { prompt: _prompt, ...rest } = config(inputs);
  const news = { ...inputs, config: rest };
  const after = await standIn.update(IT, id, outputs, news, false);
  expect(lab.wire.sent[0]?.body).toHaveProperty("config.prompt", null);
  expect(lab.wire.sent[0]?.body).not.toHaveProperty("config.claims");
  expect(lab.wire.sent[0]?.body).not.toHaveProperty("config.redirect_url");
  expect(config(after).prompt).toBeUndefined();
  expect((await standIn.diff(IT, after, news)).size).toBe(0);
});

test("has a new secret in the outputs when SCIM is enabled later", async () => {
  const { id, outputs, inputs } = await make({ ...wanted, scimConfig: { enabled: false } });
  expect(scim(outputs).secret).toBeUndefined();
  const after = await standIn.update(IT, id, outputs, { ...inputs, scimConfig: { enabled: true } }, false);
  expect(isSecret(scim(after).secret)).toBe(true);
});

test("refreshes to the same inputs, and detects drift and deletion", async () => {
  const { id, outputs, inputs } = await make();
  const same = await standIn.read(IT, id, outputs, inputs);
  expect(same?.inputs).toEqual(inputs);
  expect(same?.outputs).toEqual(outputs);
  await standIn.update(
    IT,
    id,
    outputs,
    { ...inputs, config: { ...config(inputs), supportGroups: false } },
    false,
  );
  const drifted = await standIn.read(IT, id, outputs, inputs);
  expect(config(drifted?.inputs ?? {})).toMatchObject({
    supportGroups: false,
    clientSecret: markSecret("s3cret"),
  });
  expect([...(await standIn.diff(IT, drifted?.outputs ?? {}, inputs)).keys()]).toEqual([
    "config.supportGroups",
  ]);
  await standIn.delete(IT, id, stripPropertyMarks(outputs));
  expect(await standIn.read(IT, id, outputs, inputs)).toBeUndefined();
  await expect(standIn.delete(IT, id, stripPropertyMarks(outputs))).rejects.toThrow(
    new RegExp(
      `^failed to make http request: DELETE "http://127.0.0.1:\\d+${PROVIDERS}/${id}": 404 Not Found \\{`,
    ),
  );
});

test("is imported by accounts/<account>/<id>, without the client secret", async () => {
  const { id } = await make();
  const imported = await standIn.read(IT, `accounts/${contoso.accountId}/${id}`, {}, {});
  expect(imported?.id).toBe(id);
  expect(imported?.inputs).toMatchObject({
    accountId: contoso.accountId,
    name: "Entra ID",
    config: { supportGroups: true },
  });
  expect(config(imported?.inputs ?? {})).not.toHaveProperty("clientSecret");
  await expect(standIn.read(IT, id, {}, {})).rejects.toThrow("{accounts|zones}/{account_id|zone_id}");
});

test("fails for an unknown config like the real plugin", async () => {
  const { outputs, inputs } = await make();
  await expect(standIn.diff(IT, outputs, { ...inputs, config: UNKNOWN })).rejects.toThrow(
    'AttributeName("config"): Value Conversion Error',
  );
});

test("includes Cloudflare's answer in errors", async () => {
  const body = {
    success: false,
    errors: [{ code: 10000, message: "Authentication error" }],
    messages: [],
    result: null,
  };
  lab.wire.faults = [{ method: "POST", path: /identity_providers$/, times: 1, status: 403, body }];
  await expect(make()).rejects.toThrow(
    `failed to make http request: POST "${lab.twin.cloudflareUrl}/accounts/${contoso.accountId}/access/identity_providers": ` +
      `403 Forbidden ${JSON.stringify(body)}`,
  );
  expect(lab.wire.waits).toEqual([]);
});

test.each([429, 409, 503])("%d is tried again ten times and then given up", async (status) => {
  lab.wire.faults = [
    { method: "POST", path: /identity_providers$/, times: 99, status, headers: { "retry-after": "2" } },
  ];
  await expect(make()).rejects.toThrow(`": ${status} `);
  expect(lab.wire.waits).toEqual(Array(10).fill(2000));
});

describe("settings", () => {
  const provider = (name: string) => `urn:pulumi:dev::lab::pulumi:providers:cloudflare::${name}`;
  const rule =
    "could not validate provider configuration: Invalid Attribute Value. Attribute api_token API tokens must only contain characters a-z, A-Z, 0-9, hyphens and underscores";

  test("refuses an invalid token before any call, and marks it secret", () => {
    const { failures, inputs } = standIn.checkConfig(provider("cf"), { apiToken: "short" });
    expect(failures).toEqual([`${rule}. Examine values at 'cf.apiToken'.`]);
    expect(inputs.apiToken).toEqual(markSecret("short"));
    expect(standIn.checkConfig(provider("default_6_22_1"), { apiToken: "short" }).failures[0]).toBe(
      `${rule}. Check \`pulumi config get cloudflare:apiToken\`.`,
    );
    expect(standIn.checkConfig(provider("cf"), cloudflareSettings(lab.twin)).failures).toEqual([]);
  });

  test.each([
    [
      "another machine",
      { baseUrl: "https://api.cloudflare.com/client/v4" },
      "must be an address of this machine",
    ],
    ["no address", { baseUrl: "" }, "found nothing"],
    ["no token", { apiToken: "" }, "cloudflare:apiToken (CLOUDFLARE_API_TOKEN) is required"],
    [
      "a token that checkConfig did not see",
      { apiToken: "short" },
      "could not validate provider configuration",
    ],
  ])("%s is refused", async (_what, change, message) => {
    const fresh = new StandIn(createCloudflarePackage(lab.wire));
    await expect(fresh.configure({ ...cloudflareSettings(lab.twin), ...change })).rejects.toThrow(message);
  });
});

test("returns the team domain from getZeroTrustOrganization", async () => {
  const { outputs } = await standIn.invoke(
    "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization",
    {
      accountId: contoso.accountId,
    },
  );
  expect(outputs).toMatchObject({
    accountId: contoso.accountId,
    authDomain: `${contoso.teamName}.cloudflareaccess.com`,
  });
  await expect(
    standIn.invoke("cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization", {
      accountId: "0".repeat(32),
    }),
  ).rejects.toThrow(/failed to make http request: GET ".*": 403 Forbidden \{.*\}/s);
});
