import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectClouds, type ProviderConfiguration } from "../../../ops/clients/deployer";
import { EntraCloud } from "../../../ops/clients/entra/client";
import { contoso, fabrikam, startTwin, type Twin } from "../../../twin/index";

let twin: Twin;
let folder: string;
beforeAll(async () => {
  twin = await startTwin();
  folder = mkdtempSync(join(tmpdir(), "deployer-test-"));
});
afterAll(async () => {
  await twin.close();
  rmSync(folder, { recursive: true });
});

const { appId, secret } = contoso.deployer;
const given = (settings: Partial<ProviderConfiguration> = {}): ProviderConfiguration => ({
  config: {
    "entra-access:tenantId": contoso.tenantId,
    "entra-access:accountId": contoso.accountId,
    ...settings.config,
  },
  env: {
    ARM_METADATA_HOSTNAME: twin.metadataHost,
    ARM_CLIENT_ID: appId,
    ARM_CLIENT_SECRET: secret,
    CLOUDFLARE_API_TOKEN: contoso.tokens.deployer.value,
    CLOUDFLARE_BASE_URL: twin.cloudflareUrl,
    SSL_CERT_FILE: twin.caFile,
    ...settings.env,
  },
});

async function reached(settings: ProviderConfiguration): Promise<string> {
  const { graph, cloudflare, accountId, tenantId } = await connectClouds(settings);
  const { value } = await graph.api("/applications").get();
  await cloudflare.zeroTrust.identityProviders.list({ account_id: accountId });
  return `${tenantId}: ${value.length}`;
}

test("connects to both clouds as the providers do: by the environment, which config overrides", async () => {
  const applications = await reached(given());
  expect(applications).toMatch(contoso.tenantId);
  const wrong = {
    ARM_CLIENT_SECRET: "wrong",
    CLOUDFLARE_BASE_URL: "http://127.0.0.1:1",
    ARM_TENANT_ID: fabrikam.tenantId,
  };
  const config = {
    "azuread:clientSecret": secret,
    "azuread:tenantId": contoso.tenantId,
    "cloudflare:baseUrl": twin.cloudflareUrl,
  };
  expect(await reached(given({ env: wrong, config }))).toBe(applications);
});

test("knows the tenant's id where the provider is configured with its domain", async () => {
  const clouds = await connectClouds(given({ config: { "azuread:tenantId": contoso.domain } }));
  expect(clouds.tenantId).toBe(contoso.tenantId);
});

test("reads a client secret from a file", async () => {
  const file = join(folder, "secret");
  writeFileSync(file, `${secret}\n`);
  const env = { ARM_CLIENT_SECRET: "", ARM_CLIENT_SECRET_FILE_PATH: file };
  expect(await reached(given({ env }))).toMatch(contoso.tenantId);
});

test("signs in a pipeline with a token that GitHub issues", async () => {
  const asked: IncomingMessage[] = [];
  const issuer = createServer((request, response) => {
    asked.push(request);
    response.end(JSON.stringify({ value: "a.b.c" }));
  });
  await new Promise<void>((listening) => issuer.listen(0, "127.0.0.1", listening));
  const { port } = issuer.address() as AddressInfo;
  const env = {
    ARM_CLIENT_SECRET: "",
    ARM_USE_OIDC: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?version=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer",
  };
  try {
    // The twin does not judge assertions, and says so.
    await expect(reached(given({ env }))).rejects.toThrow(/sign-in refused: /);
  } finally {
    await new Promise((closed) => issuer.close(closed));
  }
  expect(asked.map(({ url }) => url)).toEqual(["/token?version=1&audience=api%3A%2F%2FAzureADTokenExchange"]);
  expect(asked[0]?.headers.authorization).toBe("Bearer bearer");
});

test.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ["a wrong secret", { ARM_CLIENT_SECRET: "wrong" }, /^sign-in refused: AADSTS7000215/],
  [
    "an unknown cloud",
    { ARM_METADATA_HOSTNAME: "", ARM_ENVIRONMENT: "mars" },
    /^azuread:environment must be one of .*; found "mars"/,
  ],
  [
    "another name of a cloud that is out of reach",
    { ARM_METADATA_HOSTNAME: "", ARM_ENVIRONMENT: "USGovernmentL4", HTTPS_PROXY: "http://127.0.0.1:1" },
    /^https:\/\/management\.usgovcloudapi\.net is out of reach: /,
  ],
  ["nobody there", { ARM_METADATA_HOSTNAME: "localhost:1" }, /^https:\/\/localhost:1 is out of reach: /],
  ["no token", { ARM_CLIENT_SECRET: "", ARM_USE_OIDC: "true" }, /^ARM_USE_OIDC needs a token/],
])("reports %s as an error of the user", async (_case, env, message) => {
  await expect(reached(given({ env }))).rejects.toThrow(message);
});

test("takes another Microsoft Graph than that of the metadata, as in the cloud of the Department of Defense", async () => {
  const { ARM_METADATA_HOSTNAME: metadataHost, SSL_CERT_FILE: caFile } = given().env;
  const graph = "https://dod-graph.microsoft.us";
  expect((await EntraCloud.find({ metadataHost, caFile, graph })).scope).toBe(`${graph}/.default`);
});

test("returns the cloud's time", async () => {
  twin.clock.set(new Date("2031-05-01T00:00:00Z"));
  try {
    expect((await connectClouds(given())).entra.now().toISOString()).toMatch(/^2031-05-01T00:00/);
  } finally {
    twin.reset();
  }
});
