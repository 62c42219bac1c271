import { buildProviderEnvironment, listCloudVariables } from "../../../ops/stacks/environment";

test("points both providers, official or stand-in, at the twin", () => {
  const place = {
    metadataHost: "localhost:1",
    cloudflareUrl: "http://127.0.0.1:2/client/v4",
    caFile: "/ca.pem",
  };
  const deployer = { tenantId: "t", clientId: "c", clientSecret: "s", apiToken: "a" };
  expect(buildProviderEnvironment(place, deployer)).toEqual({
    ARM_TENANT_ID: "t",
    ARM_CLIENT_ID: "c",
    ARM_CLIENT_SECRET: "s",
    ARM_METADATA_HOSTNAME: "localhost:1",
    CLOUDFLARE_API_TOKEN: "a",
    CLOUDFLARE_BASE_URL: "http://127.0.0.1:2/client/v4",
    SSL_CERT_FILE: "/ca.pem",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
  });
});

test("lists the variables of real clouds", () => {
  const names = ["ARM_USE_OIDC", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY", "PULUMI_ACCESS_TOKEN"];
  const env = Object.fromEntries([...names, "PATH", "HOME", "CHARM_X"].map((name) => [name, "x"]));
  expect(listCloudVariables(env)).toEqual(names);
});
