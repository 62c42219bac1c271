import * as pulumi from "@pulumi/pulumi";
import { createTokenProbe } from "../../clouds/token-probe";
import { startProgram } from "../support/mocks";

const client = { clientId: "the-client", clientSecret: "the secret+", directoryId: "the-tenant" };
const accepted = { status: 200, body: "{}" };
const refused = (code: number, status = 401, error = "invalid_client") => ({
  status,
  body: JSON.stringify({ error, error_description: `AADSTS${code}: Not so. Trace ID: 1 Correlation ID: 2` }),
});
const metadata = {
  status: 200,
  body: JSON.stringify({
    microsoftGraphResourceId: "https://graph.example/",
    authentication: { loginEndpoint: "https://login.example/" },
  }),
};

/** The environment of an explicit provider. */
let environment: string | undefined;
let settings: Record<string, string>;
let env: Record<string, string>;
let requests: { url: string; form?: string | undefined; authority?: string | undefined }[];
let waited: number;
let info: jest.SpyInstance;
beforeEach(async () => {
  await startProgram();
  [environment, settings, env, requests, waited] = [undefined, {}, {}, [], 0];
  info = jest.spyOn(pulumi.log, "info").mockResolvedValue();
});
afterEach(() => info.mockRestore());

/** Runs the probe. The responses come in order; the last one repeats. */
async function probe(...responses: ({ status: number; body: string } | Error)[]): Promise<void> {
  pulumi.runtime.setAllConfig(settings);
  const context = {
    env,
    now: () => new Date(waited),
    wait: async (milliseconds: number) => {
      waited += milliseconds;
    },
  };
  await createTokenProbe(context, environment, async (url, form, authority) => {
    requests.push({ url, form, authority });
    const response = (responses.length > 1 ? responses.shift() : responses[0]) as (typeof responses)[number];
    if (response instanceof Error) throw response;
    return response;
  })(client);
}

test.each([
  [undefined, "login.microsoftonline.com", "graph.microsoft.com"],
  ["public", "login.microsoftonline.com", "graph.microsoft.com"],
  ["usgovernment", "login.microsoftonline.us", "graph.microsoft.us"],
  ["USGovernmentL4", "login.microsoftonline.us", "graph.microsoft.us"],
  ["dod", "login.microsoftonline.us", "dod-graph.microsoft.us"],
  ["china", "login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"],
])("with environment %s the client secret is tried at %s", async (environment, login, graph) => {
  for (const place of ["config", "env"]) {
    settings = place === "config" && environment ? { "azuread:environment": environment } : {};
    env = place === "env" && environment ? { ARM_ENVIRONMENT: environment } : {};
    requests = [];
    await probe(accepted);
    const form = `grant_type=client_credentials&client_id=the-client&client_secret=the+secret%2B&scope=https%3A%2F%2F${graph}%2F.default`;
    const request = { url: `https://${login}/the-tenant/oauth2/v2.0/token`, form };
    expect(requests).toEqual([request, request, request]);
  }
});

test.each([
  ["usgovernment", "https://login.microsoftonline.us/the-tenant/oauth2/v2.0/token"],
  ["china", "https://login.chinacloudapi.cn/the-tenant/oauth2/v2.0/token"],
])("an explicit provider for %s does not use the config of the default provider", async (cloud, url) => {
  environment = cloud;
  settings = { "azuread:environment": "public", "azuread:metadataHost": "elsewhere.example" };
  await probe(accepted);
  expect(requests.map((call) => call.url)).toEqual([url, url, url]);
});

test("a metadata host provides the hosts, and its authority is trusted", async () => {
  env = { ARM_METADATA_HOSTNAME: "from.env", NODE_EXTRA_CA_CERTS: "/ca.pem", ARM_ENVIRONMENT: "china" };
  settings = { "azuread:metadataHost": "cloud.example" };
  await probe(metadata, accepted);
  expect(requests.map(({ url, authority }) => [url, authority])).toEqual([
    ["https://cloud.example/metadata/endpoints?api-version=2022-09-01", "/ca.pem"],
    ...Array(3).fill(["https://login.example/the-tenant/oauth2/v2.0/token", "/ca.pem"]),
  ]);
  expect(requests[1]?.form).toContain("scope=https%3A%2F%2Fgraph.example%2F.default");
});

test.each([
  [
    "an unknown environment",
    { "azuread:environment": "mars" },
    accepted,
    'azuread:environment must be one of public, usgovernment, usgovernmentl5, china; found "mars"',
  ],
  [
    "a metadata host without hosts",
    { "azuread:metadataHost": "h" },
    accepted,
    'azuread:metadataHost must be a host that serves the hosts of sign-in and Microsoft Graph; found "h", which answered HTTP 200',
  ],
])("%s is a clear error", async (_case, config, answer, message) => {
  settings = config as Record<string, string>;
  await expect(probe(answer)).rejects.toThrow(message);
});

test.each([
  ["a client secret that is not replicated yet", refused(7000215), "AADSTS7000215"],
  ["an application that is not replicated yet", refused(700016, 400), "AADSTS700016"],
  ["a service principal that is not replicated yet", refused(7000229), "AADSTS7000229"],
  ["a directory service that is not available", refused(90033, 400), "AADSTS90033"],
  ["a used up request budget", refused(90024, 400), "AADSTS90024"],
  ["a time-out within Entra", refused(90012, 400), "AADSTS90012"],
  ["a loop that Entra has detected", refused(50196, 400), "AADSTS50196"],
  ["a throttled tenant", refused(90055, 400), "AADSTS90055"],
  ["any error that Entra calls temporary", refused(123, 400, "temporarily_unavailable"), "AADSTS123"],
  ["throttling", { status: 429, body: "" }, "HTTP 429"],
  ["an outage", { status: 503, body: "<html>" }, "HTTP 503"],
  ["a broken connection", new Error("socket hang up"), "socket hang up"],
])("waits for %s and logs it", async (_case, answer, why) => {
  await probe(answer, answer, answer, accepted);
  expect(waited).toBe(2000 + 4000 + 8000 + 2 * 250);
  expect(info.mock.calls.map(([message]) => message)).toEqual(
    [0, 2, 6].map(
      (seconds) =>
        `Entra does not accept the new client secret yet (${why}): ${seconds} of 600 seconds waited`,
    ),
  );
});

test("wants three acceptances in a row, because a replica may still refuse what another has accepted", async () => {
  const unknown = refused(7000215);
  await probe(accepted, unknown, accepted, accepted, unknown, accepted);
  expect(requests).toHaveLength(8);
  expect(waited).toBe(250 + 2000 + 2 * 250 + 4000 + 2 * 250);
});

test("gives up after ten minutes", async () => {
  await expect(probe(refused(7000215))).rejects.toThrow(
    /^Entra refuses the client secret after 60\d s, so it was not sent to Cloudflare, which keeps the one before: AADSTS7000215: Not so\. If the state/,
  );
  expect(waited).toBeLessThan(640_000);
});

test.each([
  [7000222, 401, /AADSTS7000222: Not so\. If the state was restored .* raise credential\.rotation above/],
  [7000112, 400, /AADSTS7000112: Not so\. Deploy again to try the same client secret\.$/],
  [90002, 400, /AADSTS90002: Not so\. Deploy again/],
])("does not wait for AADSTS%d", async (code, status, message) => {
  await expect(probe(refused(code, status))).rejects.toThrow(message);
  expect(waited).toBe(0);
});

test("a client secret that Conditional Access blocks has been accepted", async () => {
  await probe(refused(53003, 400));
  expect(requests).toHaveLength(3);
});
