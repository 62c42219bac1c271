import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { Server, ServerCredentials, type ServiceDefinition, type sendUnaryData, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
  GetRootResourceResponse,
  type LogRequest,
  SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

type Properties = Record<string, JavaScriptValue>;

/** The engine's answers to a program. */
export interface EngineAnswers {
  /** Results of provider functions by token, or the message of their failure. */
  functions: Record<string, Properties | string>;
  /** The outputs of the stack's last update. */
  outputs: Properties;
}

/** A run of a program that has ended. */
export interface ProgramRun {
  /** The messages that the program logged as errors, in order. */
  errors: string[];
  stdout: string;
  exitCode: number;
}

/**
 * Runs a program as Pulumi's Node.js language host does, with the run loop of the SDK in a process of its own. The
 * engine is a substitute that only answers.
 *
 * @param program path of the program in this repository
 */
export async function runProgram(program: string, answers: EngineAnswers): Promise<ProgramRun> {
  const errors: string[] = [];
  const server = new Server();
  server.addService(EngineService, createMethods(EngineService, createEngine(errors)));
  server.addService(ResourceMonitorService, createMethods(ResourceMonitorService, createMonitor(answers)));
  const port = await new Promise<number>((done, fail) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? fail(error) : done(port),
    ),
  );
  const address = `127.0.0.1:${port}`;
  const folder = resolve(__dirname, "../..");
  const runLoop = [require.resolve("@pulumi/pulumi/cmd/run"), `--monitor=${address}`, `--engine=${address}`];
  const options = [
    "--project=entra-access",
    "--stack=test",
    "--organization=acme",
    "--dry-run",
    `--pwd=${folder}`,
  ];
  const child = spawn(process.execPath, [...runLoop, ...options, program], {
    env: { PATH: process.env.PATH, PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_CONFIG: "{}" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  try {
    const [exitCode] = await once(child, "close");
    return { errors, stdout, exitCode };
  } finally {
    child.kill("SIGKILL");
    server.forceShutdown();
  }
}

type Methods = Record<string, (request: never) => object>;

const createEngine = (errors: string[]): Methods => ({
  log(request: LogRequest) {
    if (request.getSeverity() === 3) errors.push(request.getMessage());
    return new Empty();
  },
  getRootResource: () => new GetRootResourceResponse(),
  setRootResource: () => new SetRootResourceResponse(),
});

const createMonitor = ({ functions, outputs }: EngineAnswers): Methods => ({
  supportsFeature: () => new proto.SupportsFeatureResponse(),
  registerResource: (request: proto.RegisterResourceRequest) =>
    new proto.RegisterResourceResponse().setUrn(`urn:pulumi:test::entra-access::${request.getName()}`),
  registerResourceOutputs: () => new Empty(),
  readResource: (request: proto.ReadResourceRequest) =>
    new proto.ReadResourceResponse()
      .setUrn(`urn:pulumi:test::entra-access::${request.getName()}`)
      .setProperties(Struct.fromJavaScript({ name: request.getName(), outputs })),
  invoke(request: proto.ResourceInvokeRequest) {
    const answer = functions[request.getTok()] ?? `no answer for ${request.getTok()}`;
    if (typeof answer === "string") throw new Error(answer);
    return new InvokeResponse().setReturn(Struct.fromJavaScript(answer));
  },
  signalAndWaitForShutdown: () => new Empty(),
});

function createMethods(service: ServiceDefinition, methods: Methods) {
  const handle =
    (name: string) =>
    ({ request }: { request: unknown }, callback: sendUnaryData<object>) => {
      const method = methods[name] as ((request: unknown) => object) | undefined;
      if (!method) return callback({ code: status.UNIMPLEMENTED, details: name });
      try {
        callback(null, method(request));
      } catch (error) {
        callback({ code: status.UNKNOWN, details: (error as Error).message });
      }
    };
  return Object.fromEntries(Object.keys(service).map((name) => [name, handle(name)]));
}
