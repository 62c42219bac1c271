import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";

/** A message as it is on the wire; few of them have fields that matter here. */
export type RawMessage = Buffer;

/** One call of a plugin. */
export interface RawCall {
  /** `/pulumirpc.ResourceProvider/Configure` */
  readonly path: string;
  readonly request: RawMessage;
  readonly metadata?: Metadata;
}

export const keepRaw = (message: RawMessage): RawMessage => message;

/** The engine sets no limits either. */
export const MESSAGE_LIMITS = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};

/** A running plugin, which has one engine and one configuration at a time, as the official plugins do. */
export class PluginProcess {
  /** The address of its engine. */
  engine = "";
  /** The key of its configuration; absent until the plugin is configured for its engine. */
  configuration: string | undefined;
  /** Answers to calls that the plugin gets once for each engine, by path. */
  private readonly answers = new Map<string, Promise<RawMessage>>();
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readonly client: Promise<Client>;

  /** @param parent an address that answers as long as the plugin is needed: official plugins end some minutes after it */
  constructor(program: string, parent: string, cwd: string, env: NodeJS.ProcessEnv) {
    this.child = spawn(program, [parent], { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
    this.ended = once(this.child, "exit").catch(() => {});
    this.client = connect(this.child, program);
  }

  /** Makes the plugin that of another engine. */
  serve(engine: string): void {
    if (this.engine === engine) return;
    this.engine = engine;
    this.configuration = undefined;
    this.answers.clear();
  }

  /** @throws ServiceError as the plugin answered, Error where the plugin does not run */
  async call({ path, request, metadata = new Metadata() }: RawCall): Promise<RawMessage> {
    const client = await this.client;
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: RawMessage) =>
        error ? reject(error) : resolve(answer as RawMessage);
      client.makeUnaryRequest(path, keepRaw, keepRaw, request, metadata, done);
    });
  }

  /** Calls a method, or returns its answer to the same engine. */
  callOnce(call: RawCall): Promise<RawMessage> {
    const answer = this.answers.get(call.path) ?? this.call(call);
    this.answers.set(call.path, answer);
    return answer;
  }

  /**
   * Configures the plugin, unless it has this configuration already.
   *
   * @param key equal for equal configurations
   */
  async configure(key: string, call: RawCall): Promise<RawMessage> {
    this.configuration = key;
    try {
      return await this.callOnce(call);
    } catch (error) {
      this.configuration = undefined;
      this.answers.delete(call.path);
      throw error;
    }
  }

  /** Ends the plugin, and waits until it is gone. */
  async stop(): Promise<void> {
    // One that did not start has no client; its calls have reported that.
    this.client.then(
      (client) => client.close(),
      () => {},
    );
    this.child.kill();
    await this.ended;
  }
}

/** Connects to a plugin once it has printed its port. */
async function connect(child: ChildProcess, program: string): Promise<Client> {
  const lines = createInterface(child.stdout as Readable);
  const [port] = await Promise.race([once(lines, "line"), once(child, "close").then(() => [])]);
  if (!port) throw new Error(`${program} ended before it printed its port`);
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), MESSAGE_LIMITS);
}
