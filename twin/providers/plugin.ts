/**
 * Serves a stand-in over the engine's plugin protocol.
 *
 * `main` of `@pulumi/pulumi/provider` is not used: it answers CheckConfig with "not implemented" and Configure without
 * showing the settings to the provider, tells Create and Update neither preview nor, to Read, the old inputs, and has
 * no detailed diff. The service definition under it is the same.
 */
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Failure } from "./check";
import type { Change, Changes } from "./diff";
import { type Bridge, type Package, Unfinished } from "./resource";
import { type Checked, StandIn } from "./stand-in";
import type { Properties } from "./values";

/** A plugin that answers on this port of 127.0.0.1. */
export interface Plugin {
  readonly port: number;
  close(): void;
}

/** Answers the engine and prints the port, as the protocol asks; ends with the engine. */
export async function servePlugin<C>(definition: Package<C>): Promise<void> {
  // Whoever has the port may be killed the moment after.
  const engine = process.ppid;
  console.log(String((await startPlugin(definition)).port));
  // An engine that is killed cannot end its plugins; they notice that they have another parent.
  setInterval(() => {
    if (process.ppid !== engine) process.exit();
  }, 500).unref();
}

/** Answers on a free port. Each connection is a provider of its own, with its own settings: engines make one for each. */
export function startPlugin<C>(definition: Package<C>): Promise<Plugin> {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, methods(definition));
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve({ port, close: () => server.forceShutdown() }),
    ),
  );
}

function methods<C>(definition: Package<C>) {
  const { name, version } = definition;
  const connected = new Map<string, StandIn<C>>();
  const answer = <Request, Response>(run: (standIn: StandIn<C>, request: Request) => Promise<Response>) =>
    answering((peer, request: Request) => {
      const standIn = connected.get(peer) ?? new StandIn(definition);
      connected.set(peer, standIn);
      return run(standIn, request);
    });
  return {
    getPluginInfo: answer(async () => new PluginInfo().setVersion(version)),
    getSchema: answer(async () => new proto.GetSchemaResponse().setSchema(JSON.stringify({ name, version }))),
    // The first call of an engine: its connection may have the port that an ended one had.
    attach: answering(async (peer) => {
      connected.set(peer, new StandIn(definition));
      return new Empty();
    }),
    cancel: answer(async (standIn) => {
      standIn.cancel();
      return new Empty();
    }),
    checkConfig: answer(async (standIn, request: proto.CheckRequest) =>
      checked(standIn.checkConfig(request.getUrn(), values(request.getNews()))),
    ),
    diffConfig: answer(async () =>
      new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_UNKNOWN),
    ),
    configure: answer(async (standIn, request: proto.ConfigureRequest) => {
      await standIn.configure(values(request.getArgs()));
      return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    check: answer(async (standIn, request: proto.CheckRequest) =>
      checked(standIn.check(request.getUrn(), values(request.getNews()), values(request.getOlds()))),
    ),
    diff: answer(async (standIn, request: proto.DiffRequest) => {
      const [olds, news] = [values(request.getOlds()), values(request.getNews())];
      return difference(definition.bridge, await standIn.diff(request.getUrn(), olds, news));
    }),
    create: answer(async (standIn, request: proto.CreateRequest) => {
      const news = values(request.getProperties());
      const { id, outputs } = await standIn.create(request.getUrn(), news, request.getPreview());
      return new proto.CreateResponse().setId(id).setProperties(struct(outputs));
    }),
    read: answer(async (standIn, request: proto.ReadRequest) => {
      const [state, inputs] = [values(request.getProperties()), values(request.getInputs())];
      const found = await standIn.read(request.getUrn(), request.getId(), state, inputs);
      if (!found) return new proto.ReadResponse();
      return new proto.ReadResponse()
        .setId(found.id)
        .setProperties(struct(found.outputs))
        .setInputs(struct(found.inputs));
    }),
    update: answer(async (standIn, request: proto.UpdateRequest) => {
      const [olds, news] = [values(request.getOlds()), values(request.getNews())];
      const outputs = await standIn.update(
        request.getUrn(),
        request.getId(),
        olds,
        news,
        request.getPreview(),
      );
      return new proto.UpdateResponse().setProperties(struct(outputs));
    }),
    delete: answer(async (standIn, request: proto.DeleteRequest) => {
      await standIn.delete(request.getUrn(), request.getId(), values(request.getProperties()));
      return new Empty();
    }),
    invoke: answer(async (standIn, request: proto.InvokeRequest) => {
      const { outputs, failures } = await standIn.invoke(request.getTok(), values(request.getArgs()));
      return new proto.InvokeResponse().setReturn(struct(outputs)).setFailuresList(failed(failures));
    }),
  };
}

function answering<Request, Response>(run: (peer: string, request: Request) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    run(call.getPeer(), call.request).then(
      (response) => callback(null, response),
      (error) => callback({ code: status.UNKNOWN, details: error.message, metadata: details(error) }, null),
    );
  };
}

/** The engine keeps a resource that was made but not finished only if the error says so in these details. */
function details(error: Error): Metadata {
  const metadata = new Metadata();
  if (error instanceof Unfinished) {
    const failed = new proto.ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(struct(error.outputs))
      .setReasonsList([error.message]);
    const packed = new Any();
    packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const bare = new Status().setCode(status.UNKNOWN).setMessage(error.message).setDetailsList([packed]);
    metadata.add("grpc-status-details-bin", Buffer.from(bare.serializeBinary()));
  }
  return metadata;
}

function checked({ inputs, failures }: Checked): proto.CheckResponse {
  return new proto.CheckResponse().setInputs(struct(inputs)).setFailuresList(failed(failures));
}

function failed(failures: Failure[]): proto.CheckFailure[] {
  return failures.map(({ property, reason }) =>
    new proto.CheckFailure().setProperty(property).setReason(reason),
  );
}

const KINDS = {
  add: [proto.PropertyDiff.Kind.ADD, proto.PropertyDiff.Kind.ADD_REPLACE],
  delete: [proto.PropertyDiff.Kind.DELETE, proto.PropertyDiff.Kind.DELETE_REPLACE],
  update: [proto.PropertyDiff.Kind.UPDATE, proto.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

/** The framework's bridge gives no paths: the engine then compares the inputs by itself. */
function difference(bridge: Bridge, changes: Changes): proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse()
    .setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(topLevel(changes, () => true))
    .setReplacesList(topLevel(changes, (change) => change.replace))
    .setHasdetaileddiff(bridge === "sdk");
  for (const [path, { kind, replace }] of bridge === "sdk" ? changes : []) {
    response.getDetaileddiffMap().set(path, new proto.PropertyDiff().setKind(KINDS[kind][replace ? 1 : 0]));
  }
  return response;
}

function topLevel(changes: Changes, include: (change: Change) => boolean): string[] {
  const paths = [...changes]
    .filter(([, change]) => include(change))
    .map(([path]) => path.split(/[.[]/)[0] ?? path);
  return [...new Set(paths)];
}

function values(request: Struct | undefined): Properties {
  return request?.toJavaScript() ?? {};
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}
