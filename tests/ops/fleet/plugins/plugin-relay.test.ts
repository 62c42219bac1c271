import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  ConfigureResponse,
  InvokeRequest,
  InvokeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginRelay } from "../../../../ops/fleet/plugins/plugin-relay";

const struct = (values: Record<string, JavaScriptValue>) => Struct.fromJavaScript(values);

type Respond = (error: object | null, answer?: object) => void;

/** A plugin as the official ones are: one configuration, and a refused one leaves the last in place. */
class FakePlugin {
  readonly calls: string[] = [];
  readonly server = new Server();
  private tenant: unknown;

  async start(): Promise<number> {
    const methods = {
      attach: (call, respond) => {
        this.calls.push(`attach ${call.request.getAddress()}`);
        respond(null, new Empty());
      },
      checkConfig: (_call, respond) => respond(null, new CheckResponse()),
      configure: (call, respond) => {
        const { tenant } = call.request.getArgs()?.toJavaScript() ?? {};
        this.calls.push(`configure ${tenant}`);
        if (tenant === "refused") return respond({ code: 2, details: "no such tenant" });
        this.tenant = tenant;
        respond(null, new ConfigureResponse().setSupportspreview(true));
      },
      invoke: (_call, respond) => {
        respond(null, new InvokeResponse().setReturn(struct({ tenant: String(this.tenant) })));
      },
    } as Record<string, (call: { request: PluginAttach & ConfigureRequest }, respond: Respond) => void>;
    this.server.addService(ResourceProviderService, methods as never);
    return new Promise((resolve, reject) =>
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
  }
}

/** A provider of an engine, which has a connection of its own. */
class Provider {
  private readonly client: ResourceProviderClient;

  constructor(private readonly engine: string) {
    const address = `127.0.0.1:${relay.port}`;
    this.client = new ResourceProviderClient(address, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
    clients.push(this.client);
  }

  attach = () => this.call("attach", new PluginAttach().setAddress(this.engine));
  checkConfig = () => this.call("checkConfig", new CheckRequest());
  configure = (args: Record<string, JavaScriptValue>, urn = "urn") =>
    this.call("configure", new ConfigureRequest().setArgs(struct(args)).setUrn(urn));
  readTenant = async () => {
    const answer = (await this.call("invoke", new InvokeRequest().setTok("t"))) as InvokeResponse;
    return answer.getReturn()?.toJavaScript().tenant;
  };

  private call(method: "attach" | "checkConfig" | "configure" | "invoke", request: object): Promise<unknown> {
    const call = this.client[method] as (request: object, done: Respond) => void;
    return new Promise((resolve, reject) => {
      call.call(this.client, request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }
}

let folder: string;
let relay: PluginRelay;
let plugins: FakePlugin[];
let clients: { close(): void }[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "plugin-relay-"));
  plugins = [new FakePlugin(), new FakePlugin()];
  clients = [];
  const ports = await Promise.all(plugins.map((plugin) => plugin.start()));
  writeFileSync(join(folder, "ports"), ports.map((port) => `${port}\n`).join(""));
  // Each start is one of the fake plugins.
  const script = `#!/bin/sh\necho $$ >> "$PIDS"\nhead -n 1 ports\nsed -i 1d ports\nexec tail -f /dev/null\n`;
  writeFileSync(join(folder, "plugin"), script, { mode: 0o755 });
  relay = await PluginRelay.start(join(folder, "plugin"), folder, {
    ...process.env,
    PIDS: join(folder, "pids"),
  });
});
afterEach(async () => {
  for (const client of clients) client.close();
  await relay.close();
  for (const { server } of plugins) server.forceShutdown();
  rmSync(folder, { recursive: true });
});

const calls = () => plugins.map((plugin) => plugin.calls);

/** Attaches and configures a provider, as the engine does. */
async function connect(engine: string, args: Record<string, JavaScriptValue>): Promise<Provider> {
  const provider = new Provider(engine);
  await provider.attach();
  await provider.configure(args);
  return provider;
}

it("starts one process for the providers of several engines, and configures it once for each engine", async () => {
  await connect("engine-1", { tenant: "a", secret: "s" });
  const [second, unused] = [
    await connect("engine-1", { secret: "s", tenant: "a" }),
    new Provider("engine-1"),
  ];
  await unused.attach();
  await unused.checkConfig();
  expect(await second.readTenant()).toBe("a");
  expect(await (await connect("engine-2", { tenant: "b" })).readTenant()).toBe("b");
  expect(calls()).toEqual([["attach engine-1", "configure a", "attach engine-2", "configure b"], []]);
});

it("gives two configurations of an engine a process each", async () => {
  const [one, other] = await Promise.all([
    connect("engine-1", { tenant: "a" }),
    connect("engine-1", { tenant: "b" }),
  ]);
  expect([await one.readTenant(), await other.readTenant(), await one.readTenant()]).toEqual(["a", "b", "a"]);
  expect(calls().map((all) => all[0])).toEqual(["attach engine-1", "attach engine-1"]);
});

it("refuses calls of a provider without a configuration of its own", async () => {
  await connect("engine-1", { tenant: "a" });
  const other = new Provider("engine-1");
  await expect(other.checkConfig()).rejects.toThrow("checkConfig must come after Attach");
  await other.attach();
  await expect(other.readTenant()).rejects.toThrow("invoke must come after Configure");
  await expect(other.configure({ tenant: "refused" })).rejects.toThrow("no such tenant");
  await expect(other.readTenant()).rejects.toThrow("invoke must come after Configure");
});

it("tries a refused configuration again for the next provider", async () => {
  const engine = "engine-1";
  await expect(connect(engine, { tenant: "refused" })).rejects.toThrow("no such tenant");
  await expect(connect(engine, { tenant: "refused" })).rejects.toThrow("no such tenant");
  expect(await (await connect(engine, { tenant: "a" })).readTenant()).toBe("a");
  expect(calls()).toEqual([["attach engine-1", "configure refused", "configure refused", "configure a"], []]);
});

it("reports a plugin that does not start", async () => {
  writeFileSync(join(folder, "plugin"), "#!/bin/sh\nexit 1\n");
  await expect(new Provider("engine-1").attach()).rejects.toThrow("plugin ended before it printed its port");
});

it("is closed once its processes have ended", async () => {
  await connect("engine-1", { tenant: "a" });
  await relay.close();
  expect(isRunning(Number(readFileSync(join(folder, "pids"), "utf8")))).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
