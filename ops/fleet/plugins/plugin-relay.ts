import {
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, ProviderHandshakeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { keepRaw, MESSAGE_LIMITS, PluginProcess, type RawCall, type RawMessage } from "./plugin-process";

/** A provider of a running engine: each has a connection of its own. */
interface Connection {
  plugin: PluginProcess;
  /** The calls with which the engine introduces itself. */
  readonly greetings: RawCall[];
  isConfigured: boolean;
}

/** Methods whose answers do not depend on the configuration. */
const UNCONFIGURED: ReadonlySet<string> = new Set([
  "getPluginInfo",
  "getSchema",
  "getMapping",
  "getMappings",
  "parameterize",
  "checkConfig",
  "diffConfig",
  "cancel",
]);

/**
 * Stands between engines that run one after the other and the processes of one plugin, so that the plugin starts once
 * instead of twice for each engine. Each configuration of an engine has a process of its own, and a process is configured
 * anew for the next engine.
 */
export class PluginRelay {
  private readonly connections = new Map<string, Connection>();
  private readonly processes: PluginProcess[] = [];
  private readonly server = new Server(MESSAGE_LIMITS);
  private listeningPort = 0;

  private constructor(
    private readonly program: string,
    private readonly cwd: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Listens on a free port; the plugin's program starts with the first engine. */
  static async start(program: string, cwd: string, env: NodeJS.ProcessEnv): Promise<PluginRelay> {
    const relay = new PluginRelay(program, cwd, env);
    const raw = { requestDeserialize: keepRaw, responseSerialize: keepRaw };
    for (const [name, method] of Object.entries(ResourceProviderService)) {
      const { path } = method as MethodDefinition<unknown, unknown>;
      const handle = (call: ServerUnaryCall<RawMessage, RawMessage>, respond: sendUnaryData<RawMessage>) => {
        const { request, metadata } = call;
        relay
          .answer(name, call.getPeer(), { path, request, metadata })
          .then((answer) => respond(null, answer), respond);
      };
      relay.server.addService({ [name]: { ...method, ...raw } }, { [name]: handle });
    }
    relay.listeningPort = await new Promise((resolve, reject) => {
      const done = (error: Error | null, port: number) => (error ? reject(error) : resolve(port));
      relay.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), done);
    });
    return relay;
  }

  /** The port at which the engine attaches to the plugin. */
  get port(): number {
    return this.listeningPort;
  }

  async close(): Promise<void> {
    this.server.forceShutdown();
    await Promise.all(this.processes.map((plugin) => plugin.stop()));
  }

  private async answer(method: string, peer: string, call: RawCall): Promise<RawMessage> {
    const engine = readEngineAddress(method, call.request);
    if (engine !== undefined) return this.greet(engine, peer, call);
    const connection = this.connections.get(peer);
    if (!connection) throw refuse(`${method} must come after Attach`);
    if (method === "configure") return this.configure(connection, call);
    // Else a provider could act with the configuration of another.
    if (!connection.isConfigured && !UNCONFIGURED.has(method))
      throw refuse(`${method} must come after Configure`);
    return connection.plugin.call(call);
  }

  private greet(engine: string, peer: string, call: RawCall): Promise<RawMessage> {
    const known = this.connections.get(peer);
    // A connection can have the port of an earlier one.
    const isNew = known?.plugin.engine !== engine || known.greetings.some(({ path }) => path === call.path);
    const connection =
      known && !isNew ? known : { plugin: this.choose(engine), greetings: [], isConfigured: false };
    this.connections.set(peer, connection);
    connection.greetings.push(call);
    return connection.plugin.callOnce(call);
  }

  private async configure(connection: Connection, call: RawCall): Promise<RawMessage> {
    const { plugin, greetings } = connection;
    const key = createConfigurationKey(call.request);
    connection.plugin = this.choose(plugin.engine, key);
    connection.plugin.configuration = key;
    // Its own answer if it is the same process.
    for (const greeting of greetings) await connection.plugin.callOnce(greeting).catch(() => {});
    const answer = await connection.plugin.configure(key, call);
    connection.isConfigured = true;
    return answer;
  }

  /**
   * Chooses a process for a provider of an engine: one of this engine, or one whose engine has ended, or a new one.
   *
   * @param key of the provider's configuration; default: any
   */
  private choose(engine: string, key?: string): PluginProcess {
    const own = this.processes.filter((one) => one.engine === engine);
    const chosen =
      own.find(({ configuration }) => key === undefined || configuration === key) ??
      own.find(({ configuration }) => configuration === undefined) ??
      this.processes.find((one) => one.engine !== engine) ??
      new PluginProcess(this.program, `127.0.0.1:${this.port}`, this.cwd, this.env);
    if (!this.processes.includes(chosen)) this.processes.push(chosen);
    chosen.serve(engine);
    return chosen;
  }
}

/** Reads the engine's address from the calls with which it introduces itself; undefined for any other call. */
function readEngineAddress(method: string, request: RawMessage): string | undefined {
  if (method === "attach") return PluginAttach.deserializeBinary(request).getAddress();
  if (method === "handshake") return ProviderHandshakeRequest.deserializeBinary(request).getEngineAddress();
  return undefined;
}

/** Creates a text that is equal for equal configurations; the engine sends the parts of a configuration in any order. */
function createConfigurationKey(request: RawMessage): string {
  const message = ConfigureRequest.deserializeBinary(request);
  const { id: _id, urn: _urn, name: _name, variablesMap, ...rest } = message.toObject();
  const values = {
    ...rest,
    args: message.getArgs()?.toJavaScript(),
    variables: Object.fromEntries(variablesMap),
  };
  return JSON.stringify(values, (_key, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

const refuse = (details: string) => ({ code: status.FAILED_PRECONDITION, details });
