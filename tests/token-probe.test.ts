import * as pulumi from "@pulumi/pulumi";
import { tokenProbe } from "../token-probe";
import { startProgram } from "./support/mocks";

const client = { clientId: "the-client", clientSecret: "the secret+", directoryId: "the-tenant" };
const accepted = { status: 200, body: "{}" };
const refused = (code: number, status = 401) => ({
  status,
  body: JSON.stringify({ error_description: `AADSTS${code}: Not so. Trace ID: 1 Correlation ID: 2` }),
});
const metadata = {
  status: 200,
  body: JSON.stringify({
    microsoftGraphResourceId: "https://graph.example/",
    authentication: { loginEndpoint: "https://login.example/" },
  }),
};

/** Of an explicit provider. */
let environment: string | undefined;
let settings: Record<string, string>;
let env: Record<string, string>;
let asked: { url: string; form?: string | undefined; authority?: string | undefined }[];
let waited: number;
let told: jest.SpyInstance;
beforeEach(async () => {
  await startProgram();
  [environment, settings, env, asked, waited] = [undefined, {}, {}, [], 0];
  told = jest.spyOn(pulumi.log, "info").mockResolvedValue();
});
afterEach(() => told.mockRestore());

/** Probes; the answers come in order, the last one for ever. */
async function probe(...answers: ({ status: number; body: string } | Error)[]): Promise<void> {
  pulumi.runtime.setAllConfig(settings);
  const surroundings = {
    env,
    now: () => new Date(waited),
    wait: async (milliseconds: number) => {
      waited += milliseconds;
    },
  };
  await tokenProbe(surroundings, environment, async (url, form, authority) => {
    asked.push({ url, form, authority });
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) as (typeof answers)[number];
    if (answer instanceof Error) throw answer;
    return answer;
  })(client);
}

test.each([
  [undefined, "login.microsoftonline.com", "graph.microsoft.com"],
  ["public", "login.microsoftonline.com", "graph.microsoft.com"],
  ["usgovernment", "login.microsoftonline.us", "graph.microsoft.us"],
  ["dod", "login.microsoftonline.us", "dod-graph.microsoft.us"],
  ["china", "login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"],
])("environment %s: the secret is tried at %s", async (environment, login, graph) => {
  for (const place of ["config", "env"]) {
    settings = place === "config" && environment ? { "azuread:environment": environment } : {};
    env = place === "env" && environment ? { ARM_ENVIRONMENT: environment } : {};
    asked = [];
    await probe(accepted);
    const form = `grant_type=client_credentials&client_id=the-client&client_secret=the+secret%2B&scope=https%3A%2F%2F${graph}%2F.default`;
    expect(asked).toEqual([{ url: `https://${login}/the-tenant/oauth2/v2.0/token`, form }]);
  }
});

test.each([
  ["usgovernment", "https://login.microsoftonline.us/the-tenant/oauth2/v2.0/token"],
  ["china", "https://login.chinacloudapi.cn/the-tenant/oauth2/v2.0/token"],
])(
  "of an explicit provider for %s the secret is tried there, whatever the default provider is set to",
  async (cloud, url) => {
    environment = cloud;
    settings = { "azuread:environment": "public", "azuread:metadataHost": "elsewhere.example" };
    await probe(accepted);
    expect(asked.map((call) => call.url)).toEqual([url]);
  },
);

test("a metadata host says where sign-in is, and its authority is trusted", async () => {
  env = { ARM_METADATA_HOSTNAME: "from.env", NODE_EXTRA_CA_CERTS: "/ca.pem", ARM_ENVIRONMENT: "china" };
  settings = { "azuread:metadataHost": "cloud.example" };
  await probe(metadata, accepted);
  expect(asked.map(({ url, authority }) => [url, authority])).toEqual([
    ["https://cloud.example/metadata/endpoints?api-version=2022-09-01", "/ca.pem"],
    ["https://login.example/the-tenant/oauth2/v2.0/token", "/ca.pem"],
  ]);
  expect(asked[1]?.form).toContain("scope=https%3A%2F%2Fgraph.example%2F.default");
});

test.each([
  [
    "an unknown environment",
    { "azuread:environment": "mars" },
    accepted,
    'azuread:environment is "mars"; want one',
  ],
  [
    "a metadata host that has none",
    { "azuread:metadataHost": "h" },
    accepted,
    "azuread:metadataHost h does not say where sign-in and Graph are: HTTP 200",
  ],
])("%s is a clear error", async (_case, config, answer, message) => {
  settings = config as Record<string, string>;
  await expect(probe(answer)).rejects.toThrow(message);
});

test.each([
  ["a secret that is not known yet", refused(7000215), "AADSTS7000215"],
  ["an application that is not known yet", refused(700016, 400), "AADSTS700016"],
  ["throttling", { status: 429, body: "" }, "HTTP 429"],
  ["an outage", { status: 503, body: "<html>" }, "HTTP 503"],
  ["a broken connection", new Error("socket hang up"), "socket hang up"],
])("%s is waited out, and told", async (_case, answer, why) => {
  await probe(answer, answer, answer, accepted);
  expect(waited).toBe(2000 + 4000 + 8000);
  expect(told.mock.calls.map(([message]) => message)).toEqual(
    [0, 2, 6].map(
      (seconds) =>
        `Entra does not accept the new client secret yet (${why}): ${seconds} of 600 seconds waited`,
    ),
  );
});

test("after ten minutes it gives up", async () => {
  await expect(probe(refused(7000215))).rejects.toThrow(
    /^Entra refuses the client secret after 60\d s, so Cloudflare .* keeps the one it has: AADSTS7000215: Not so\. If the state/,
  );
  expect(waited).toBeLessThan(640_000);
});

test.each([
  [7000222, 401, /AADSTS7000222: Not so\. If the state was restored .* step credential.rotation above/],
  [7000112, 400, /AADSTS7000112: Not so\. Run it again: the same secret is tried\.$/],
  [90002, 400, /AADSTS90002: Not so\. Run it again/],
])("AADSTS%d is final", async (code, status, message) => {
  await expect(probe(refused(code, status))).rejects.toThrow(message);
  expect(waited).toBe(0);
});

test("what Conditional Access blocks has been accepted", async () => {
  await probe(refused(53003, 400));
  expect(waited).toBe(0);
});
