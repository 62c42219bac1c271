import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { fetch } from "undici";
import { createProxyAgent } from "../../clouds/proxy-agent";
import { createTokenProbe } from "../../clouds/token-probe";
import { createCloudflareClient } from "../../ops/clients/cloudflare";
import { createGraphClient } from "../../ops/clients/entra/client";
import { requireInstallerHost } from "../../ops/tools/engine/install";
import { startProgram } from "../support/mocks";

/** The server of every host of `.example`, which only the proxy can reach. */
let cloud: Server;
let proxy: Server;
let folder: string;
let authority: string;
let tunnels: string[];
let credentials: (string | undefined)[];
beforeAll(async () => {
  const names = ["cloud.example", "login.example", "graph.example", "localhost"];
  const altNames = names.map((value) => ({ type: 2 as const, value }));
  const made = await generate([{ name: "commonName", value: "cloud.example" }], {
    extensions: [{ name: "subjectAltName", altNames }],
  });
  folder = mkdtempSync(join(tmpdir(), "entra-access-proxy-"));
  authority = join(folder, "ca.pem");
  writeFileSync(authority, made.cert);
  cloud = createTlsServer({ key: made.private, cert: made.cert }, ({ url }, response) => {
    const metadata = {
      microsoftGraphResourceId: "https://graph.example",
      authentication: { loginEndpoint: "https://login.example" },
    };
    const answer = url?.startsWith("/metadata") ? metadata : { access_token: "token", value: [] };
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  proxy = createServer();
  proxy.on("connect", ({ url = "", headers }, client) => {
    tunnels.push(url);
    credentials.push(headers["proxy-authorization"]);
    if (url.startsWith("refused.")) return client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const { port } = cloud.address() as AddressInfo;
    const tunnel = connect(port, "127.0.0.1", () =>
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n"),
    );
    tunnel.pipe(client).pipe(tunnel);
    for (const end of [client, tunnel])
      end.on("error", () => {}).on("close", () => [client, tunnel].map((one) => one.destroy()));
    return undefined;
  });
  for (const server of [cloud, proxy]) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
beforeEach(async () => {
  [tunnels, credentials] = [[], []];
  await startProgram();
});
afterAll(async () => {
  for (const server of [cloud, proxy]) await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const env = (more: Record<string, string> = {}) => ({
  HTTPS_PROXY: `http://ann:pass@127.0.0.1:${portOf(proxy)}`,
  ARM_METADATA_HOSTNAME: "cloud.example",
  NODE_EXTRA_CA_CERTS: authority,
  ...more,
});
const wait = async () => {};
/** A connection for each acceptance that the probe requires. */
const threeProbes = Array(3).fill("login.example:443");
const client = { clientId: "client", clientSecret: "secret", directoryId: "tenant" };

test("the token probe uses the proxy of the environment", async () => {
  await createTokenProbe({ wait, env: env() })(client);
  expect(tunnels).toEqual(["cloud.example:443", ...threeProbes]);
  expect(credentials[0]).toBe(`Basic ${Buffer.from("ann:pass").toString("base64")}`);
});

test("local hosts and the hosts in NO_PROXY are reached directly", async () => {
  await createTokenProbe({ wait, env: env({ ARM_METADATA_HOSTNAME: `localhost:${portOf(cloud)}` }) })(client);
  expect(tunnels).toEqual(threeProbes);
  // Nothing listens there, so the error shows that the proxy was not used.
  const at = { ARM_METADATA_HOSTNAME: `127.0.0.2:${portOf(proxy)}` };
  for (const NO_PROXY of ["other.example, 127.0.0.2", "*"])
    await expect(createTokenProbe({ wait, env: env({ ...at, NO_PROXY }) })(client)).rejects.toThrow(
      /^127\.0\.0\.2:\d+ is out of reach: connect ECONNREFUSED/,
    );
  expect(tunnels).toEqual(threeProbes);
});

test("the refusal of a proxy is reported without its password", async () => {
  const refused = createTokenProbe({ wait, env: env({ ARM_METADATA_HOSTNAME: "refused.example" }) })(client);
  const error: Error = await refused.catch((reason) => reason);
  expect(error.message).toMatch(/^refused\.example is out of reach: Proxy response \(407\)/);
  expect(error.message).not.toContain("pass");
});

test("the CLI reaches both clouds through the proxy", async () => {
  const place = { metadataHost: "cloud.example", caFile: authority, env: env() };
  const graph = await createGraphClient({
    ...place,
    tenantId: "tenant",
    clientId: "client",
    clientSecret: "secret",
  });
  expect(await graph.api("/applications").get()).toMatchObject({ value: [] });
  const at = { baseUrl: "https://refused.example/client/v4", apiToken: "token", env: env() };
  const cloudflare = createCloudflareClient(at);
  const { organizations } = cloudflare.zeroTrust;
  await expect(organizations.list({ account_id: "account" }, { maxRetries: 0 })).rejects.toThrow();
  expect(tunnels).toEqual([
    "cloud.example:443",
    "login.example:443",
    "graph.example:443",
    "refused.example:443",
  ]);
});

test("Pulumi's downloads are looked for through the proxy", async () => {
  // The server behind this proxy has a certificate of another name, so it is refused after the tunnel is there.
  await expect(requireInstallerHost(env())).rejects.toThrow("https://get.pulumi.com is out of reach");
  expect(tunnels).toEqual(["get.pulumi.com:443"]);
});

describe("a connection that the server closes instead of answering", () => {
  let server: Server;
  let requests: number;
  let status: number;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests += 1;
      if (requests === 1 && status === 200) request.socket.resetAndDestroy();
      else response.writeHead(status).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterAll(() => new Promise((done) => server.close(done)));
  const send = (method: string) => {
    requests = 0;
    const dispatcher = createProxyAgent({}, undefined);
    const { port } = server.address() as AddressInfo;
    return fetch(`http://127.0.0.1:${port}/`, { method, dispatcher }).finally(() => dispatcher.close());
  };

  test("is opened again for what only reads", async () => {
    status = 200;
    expect(await send("GET")).toMatchObject({ status: 200 });
    expect(requests).toBe(2);
  });

  test("fails for what changes something, because the server may have done it", async () => {
    status = 200;
    await expect(send("POST")).rejects.toThrow();
    expect(requests).toBe(1);
  });

  test.each([429, 500, 503])(
    "is another matter than an answer with status %i, which the caller gets",
    async (given) => {
      status = given;
      expect(await send("GET")).toMatchObject({ status: given });
      expect(requests).toBe(1);
    },
  );
});
