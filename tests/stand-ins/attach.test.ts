import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { credentials } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, InvokeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type AttachedStandIns, attachStandIns } from "../../stand-ins/attach";
import { createNetwork } from "../../stand-ins/bridge/http";
import { contoso, startTwin, type Twin } from "../../twin/index";

let twin: Twin;
let attached: AttachedStandIns;
beforeAll(async () => {
  twin = await startTwin();
  attached = await attachStandIns({
    CLOUDFLARE_BASE_URL: twin.cloudflareUrl,
    CLOUDFLARE_API_TOKEN: contoso.tokens.deployer.value,
  });
});
afterAll(async () => {
  attached.close();
  await twin.close();
});

const port = (name: string) => new RegExp(`${name}:(\\d+)`).exec(attached.env.PULUMI_DEBUG_PROVIDERS)?.[1];
const struct = (values: Record<string, JavaScriptValue>) => Struct.fromJavaScript(values);

/** A connection of its own, as an engine makes one for each provider. */
function connect() {
  const own = { "grpc.use_local_subchannel_pool": 1 };
  const client = new ResourceProviderClient(
    `127.0.0.1:${port("cloudflare")}`,
    credentials.createInsecure(),
    own,
  );
  const configure = (settings: Record<string, string>) =>
    new Promise((resolve, reject) =>
      client.configure(new ConfigureRequest().setArgs(struct(settings)), (error, answer) =>
        error ? reject(error) : resolve(answer),
      ),
    );
  const organization = () =>
    new Promise((resolve, reject) =>
      client.invoke(
        new InvokeRequest()
          .setTok("cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization")
          .setArgs(struct({ accountId: contoso.accountId })),
        (error, answer) => (error ? reject(error) : resolve(answer.getReturn()?.toJavaScript().authDomain)),
      ),
    );
  const attach = () => new Promise((done) => client.attach(new PluginAttach(), done));
  const cancel = () => new Promise((done) => client.cancel(new Empty(), done));
  return { attach, cancel, configure, organization, close: () => client.close() };
}

test("tells the engine the ports of all stand-ins", () => {
  expect(attached.env.PULUMI_DEBUG_PROVIDERS).toMatch(/^azuread:\d+,cloudflare:\d+,random:\d+$/);
});

test("waits for a connection on a busy machine, however short it keeps an unused one", async () => {
  const plain = new Agent({ keepAlive: true, timeout: 20 });
  const { send } = createNetwork({}, { plain, tls: new TlsAgent() });
  const answer = send({ method: "GET", url: twin.cloudflareUrl });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  expect((await answer).status).toBeGreaterThan(199);
  plain.destroy();
});

test("separates the settings of connections", async () => {
  const [one, other, third] = [connect(), connect(), connect()];
  try {
    await one.configure({});
    await other.configure({ apiToken: "a".repeat(40) });
    expect(await one.organization()).toBe("contoso.cloudflareaccess.com");
    await expect(other.organization()).rejects.toThrow(/10000|Authentication/);
    await expect(third.organization()).rejects.toThrow("the provider has not been configured");
  } finally {
    for (const connection of [one, other, third]) connection.close();
  }
});

test("resets the provider when an engine attaches, even with the port of a cancelled connection", async () => {
  const connection = connect();
  try {
    await connection.configure({});
    await connection.cancel();
    await expect(connection.organization()).rejects.toThrow("The operation was aborted");
    await connection.attach();
    await expect(connection.organization()).rejects.toThrow("the provider has not been configured");
    await connection.configure({});
    expect(await connection.organization()).toBe("contoso.cloudflareaccess.com");
  } finally {
    connection.close();
  }
});
