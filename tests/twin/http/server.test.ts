import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Agent, fetch } from "undici";
import { contoso, devSeed, startTwin, type Twin, type TwinOptions } from "../../../twin/index";
import { TwinClient } from "../client";

const started: Twin[] = [];
const folders: string[] = [];

async function start(options?: TwinOptions): Promise<Twin> {
  const twin = await startTwin(options);
  started.push(twin);
  return twin;
}

function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), "twin-test-")));
  return folders.at(-1) ?? "";
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((twin) => twin.close()));
  for (const each of folders.splice(0)) rmSync(each, { recursive: true });
});

const deployer = { client_id: contoso.deployer.appId, client_secret: contoso.deployer.secret };

async function status(twin: Twin): Promise<number> {
  const client = new TwinClient(twin);
  try {
    return (await client.token(contoso.tenantId, deployer)).status;
  } finally {
    await client.close();
  }
}

test("runs several twins on separate ports, and fails on a taken port", async () => {
  const first = await start();
  const second = await start();
  expect(first.metadataHost).not.toBe(second.metadataHost);
  expect([await status(first), await status(second)]).toEqual([200, 200]);
  const port = Number(first.metadataHost.split(":")[1]);
  await expect(startTwin({ microsoftPort: port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  const cloudflarePort = Number(new URL(first.cloudflareUrl).port);
  await expect(startTwin({ cloudflarePort })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("frees ports and temporary directory on close, with open connections", async () => {
  const twin = await start();
  const port = Number(new URL(twin.cloudflareUrl).port);
  const idle = connect(port, "127.0.0.1");
  await new Promise((resolve) => idle.once("connect", resolve));
  const ended = new Promise((resolve) => idle.once("close", resolve));
  await twin.close();
  await twin.close();
  await ended;
  expect(existsSync(dirname(twin.caFile))).toBe(false);
  const again = await start({ cloudflarePort: port, microsoftPort: Number(twin.metadataHost.split(":")[1]) });
  expect(again.cloudflareUrl).toBe(twin.cloudflareUrl);
});

test("announces no time after which it would close an unused connection", async () => {
  const twin = await start();
  const dispatcher = new Agent({ connect: { ca: readFileSync(twin.caFile) } });
  for (const url of [twin.microsoftUrl, twin.cloudflareUrl])
    expect((await fetch(url, { dispatcher })).headers.get("keep-alive")).toBeNull();
  await dispatcher.close();
});

test("keeps the certificate authority in a directory across restarts", async () => {
  const directory = folder();
  const first = await start({ directory });
  const authority = readFileSync(first.caFile, "utf8");
  await first.close();
  const second = await start({ directory });
  expect(readFileSync(second.caFile, "utf8")).toBe(authority);
  expect(statSync(join(directory, "ca-key.pem")).mode & 0o077).toBe(0);
  expect(await status(second)).toBe(200);
});

test("replaces a broken certificate authority", async () => {
  const directory = folder();
  writeFileSync(join(directory, "ca.pem"), "broken");
  writeFileSync(join(directory, "ca-key.pem"), "broken");
  expect(await status(await start({ directory }))).toBe(200);
});

test("is trusted by Node.js with NODE_EXTRA_CA_CERTS, as localhost and as 127.0.0.1", async () => {
  const twin = await start();
  const program = `
    const urls = process.argv.slice(1);
    Promise.all(urls.map((url) => fetch(url).then((r) => r.status))).then((s) => console.log(s.join(" ")));`;
  const path = "/metadata/endpoints?api-version=2022-09-01";
  const urls = [
    `${twin.microsoftUrl}${path}`,
    `${twin.microsoftUrl.replace("localhost", "127.0.0.1")}${path}`,
  ];

  const output = await new Promise<string>((resolve, reject) => {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: twin.caFile };
    execFile(process.execPath, ["-e", program, ...urls], { env }, (error, out) =>
      error ? reject(error) : resolve(out),
    );
  });
  expect(output.trim()).toBe("200 200");
});

test("removes created objects and logged requests at reset", async () => {
  const twin = await start();
  const client = new TwinClient(twin);
  const graph = await client.graphAs(contoso.tenantId, contoso.deployer);
  await graph("POST", "/v1.0/applications", { displayName: "Gone" });
  twin.reset();
  expect(twin.requests).toEqual([]);
  expect((await graph("GET", "/v1.0/applications?$filter=displayName eq 'Gone'")).body.value).toEqual([]);
  twin.reset({ ...devSeed, tenants: [] });
  expect((await client.token(contoso.tenantId, deployer)).body.error_codes).toEqual([90002]);
  twin.reset();
  expect((await client.token(contoso.tenantId, deployer)).status).toBe(200);
  await client.close();
});

test("logs caller and path of requests, without secrets", async () => {
  const twin = await start();
  const client = new TwinClient(twin);
  const graph = await client.graphAs(contoso.tenantId, contoso.deployer);
  await graph("GET", "/v1.0/applications?$filter=displayName eq 'a b'");
  await client.accessAs(contoso.accountId, contoso.tokens.auditor.value)("GET", "/organizations");
  await client.send("GET", "/metadata/endpoints?api-version=2022-09-01");
  await client.send("GET", "/v1.0/users/a%20b");
  await client.close();
  const access = `/client/v4/accounts/${contoso.accountId}/access`;
  const token = `/${contoso.tenantId}/oauth2/v2.0/token`;
  expect(twin.requests).toEqual([
    { service: "login", method: "POST", path: token, query: "", status: 200, caller: "deployer" },
    {
      service: "graph",
      method: "GET",
      path: "/v1.0/applications",
      query: "$filter=displayName eq 'a b'",
      status: 200,
      caller: "deployer",
    },
    {
      service: "cloudflare",
      method: "GET",
      path: `${access}/organizations`,
      query: "",
      status: 200,
      caller: "auditor",
    },
    {
      service: "metadata",
      method: "GET",
      path: "/metadata/endpoints",
      query: "api-version=2022-09-01",
      status: 200,
    },
    { service: "graph", method: "GET", path: "/v1.0/users/a%20b", query: "", status: 401 },
  ]);
});

test("has the same ids of seeded objects in every twin", async () => {
  const ids = async () => {
    const client = new TwinClient(await start());
    const graph = await client.graphAs(contoso.tenantId, contoso.auditor);
    const { body } = await graph("GET", "/v1.0/servicePrincipals?$select=appId");
    await client.close();
    return body.value;
  };
  expect(await ids()).toEqual(await ids());
});
