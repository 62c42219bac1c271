/**
 * Serves a stand-in over the engine's plugin protocol.
 *
 * `main` of `@pulumi/pulumi/provider` is not used: it does not implement CheckConfig, does not pass the settings of
 * Configure, the preview flag of Create and Update, and the old inputs of Read, and has no detailed diff. The service
 * definition is the same.
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
import { type CheckedInputs, type PackageDefinition, UnfinishedResource } from "./resource";
import { StandIn } from "./stand-in";
import type { Bridge } from "./table/check";
import type { PropertyDiff, PropertyDiffs } from "./table/diff";
import { keepIgnored } from "./table/ignored-changes";
import type { Properties } from "./values";

/** A plugin that listens on 127.0.0.1. */
export interface RunningPlugin {
  readonly port: number;
  close(): void;
}

/** Serves a plugin for the engine that started it: prints the port, and ends with the engine. */
export async function servePlugin<C>(definition: PackageDefinition<C>): Promise<void> {
  // Read before the port is printed, since the engine may be killed right after.
  const engine = process.ppid;
  console.log(String((await startPlugin(definition)).port));
  // A killed engine cannot end its plugins, but they notice that their parent changed.
  setInterval(() => {
    if (process.ppid !== engine) process.exit();
  }, 500).unref();
}

/** Starts a plugin on a free port. Each connection is a separate provider with its own settings. */
export function startPlugin<C>(definition: PackageDefinition<C>): Promise<RunningPlugin> {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, createMethods(definition));
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve({ port, close: () => server.forceShutdown() }),
    ),
  );
}

function createMethods<C>(definition: PackageDefinition<C>) {
  const { name, version } = definition;
  const connected = new Map<string, StandIn<C>>();
  const answer = <Request, Response>(run: (standIn: StandIn<C>, request: Request) => Promise<Response>) =>
    toUnaryHandler((peer, request: Request) => {
      const standIn = connected.get(peer) ?? new StandIn(definition);
      connected.set(peer, standIn);
      return run(standIn, request);
    });
  return {
    getPluginInfo: answer(async () => new PluginInfo().setVersion(version)),
    getSchema: answer(async () => new proto.GetSchemaResponse().setSchema(JSON.stringify({ name, version }))),
    // The first call of an engine, whose connection may reuse the port of an ended one.
    attach: toUnaryHandler(async (peer) => {
      connected.set(peer, new StandIn(definition));
      return new Empty();
    }),
    cancel: answer(async (standIn) => {
      standIn.cancel();
      return new Empty();
    }),
    checkConfig: answer(async (standIn, request: proto.CheckRequest) =>
      toCheckResponse(standIn.checkConfig(request.getUrn(), fromStruct(request.getNews()))),
    ),
    diffConfig: answer(async () =>
      new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_UNKNOWN),
    ),
    configure: answer(async (standIn, request: proto.ConfigureRequest) => {
      await standIn.configure(fromStruct(request.getArgs()));
      // Like the official plugins it accepts no secrets: the engine marks what the program marked.
      return new proto.ConfigureResponse().setSupportspreview(true);
    }),
    check: answer(async (standIn, request: proto.CheckRequest) =>
      toCheckResponse(
        standIn.check(request.getUrn(), fromStruct(request.getNews()), fromStruct(request.getOlds())),
      ),
    ),
    diff: answer(async (standIn, request: proto.DiffRequest) => {
      const olds = fromStruct(request.getOlds());
      const news = keepIgnored(olds, fromStruct(request.getNews()), request.getIgnorechangesList());
      return toDiffResponse(definition.bridge, await standIn.diff(request.getUrn(), olds, news));
    }),
    create: answer(async (standIn, request: proto.CreateRequest) => {
      const news = fromStruct(request.getProperties());
      const { id, outputs } = await standIn.create(request.getUrn(), news, request.getPreview());
      return new proto.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    read: answer(async (standIn, request: proto.ReadRequest) => {
      const [state, inputs] = [fromStruct(request.getProperties()), fromStruct(request.getInputs())];
      const found = await standIn.read(request.getUrn(), request.getId(), state, inputs);
      if (!found) return new proto.ReadResponse();
      return new proto.ReadResponse()
        .setId(found.id)
        .setProperties(toStruct(found.outputs))
        .setInputs(toStruct(found.inputs));
    }),
    update: answer(async (standIn, request: proto.UpdateRequest) => {
      const olds = fromStruct(request.getOlds());
      const news = keepIgnored(olds, fromStruct(request.getNews()), request.getIgnorechangesList());
      const outputs = await standIn.update(
        request.getUrn(),
        request.getId(),
        olds,
        news,
        request.getPreview(),
      );
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: answer(async (standIn, request: proto.DeleteRequest) => {
      await standIn.delete(request.getUrn(), request.getId(), fromStruct(request.getProperties()));
      return new Empty();
    }),
    invoke: answer(async (standIn, request: proto.InvokeRequest) => {
      const { outputs, failures } = await standIn.invoke(request.getTok(), fromStruct(request.getArgs()));
      return new proto.InvokeResponse()
        .setReturn(toStruct(outputs))
        .setFailuresList(toCheckFailures(failures));
    }),
  };
}

function toUnaryHandler<Request, Response>(run: (peer: string, request: Request) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    run(call.getPeer(), call.request).then(
      (response) => callback(null, response),
      (error) =>
        callback(
          { code: status.UNKNOWN, details: error.message, metadata: createErrorMetadata(error) },
          null,
        ),
    );
  };
}

/** Creates the metadata with which the engine keeps an unfinished resource in the state. */
function createErrorMetadata(error: Error): Metadata {
  const metadata = new Metadata();
  if (error instanceof UnfinishedResource) {
    const initFailure = new proto.ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(toStruct(error.outputs))
      .setReasonsList([error.message]);
    const packed = new Any();
    packed.pack(initFailure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const bare = new Status().setCode(status.UNKNOWN).setMessage(error.message).setDetailsList([packed]);
    metadata.add("grpc-status-details-bin", Buffer.from(bare.serializeBinary()));
  }
  return metadata;
}

function toCheckResponse({ inputs, failures }: CheckedInputs): proto.CheckResponse {
  return new proto.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(toCheckFailures(failures));
}

/** Converts failures. The bridges leave the property empty and put it into the reason, or the CLI would print it twice. */
function toCheckFailures(reasons: string[]): proto.CheckFailure[] {
  return reasons.map((reason) => new proto.CheckFailure().setReason(reason));
}

const KINDS = {
  add: [proto.PropertyDiff.Kind.ADD, proto.PropertyDiff.Kind.ADD_REPLACE],
  delete: [proto.PropertyDiff.Kind.DELETE, proto.PropertyDiff.Kind.DELETE_REPLACE],
  update: [proto.PropertyDiff.Kind.UPDATE, proto.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

/** Converts changes to a response. The framework's bridge has no paths, so the engine compares the inputs itself. */
function toDiffResponse(bridge: Bridge, changes: PropertyDiffs): proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse()
    .setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(listTopLevelNames(changes, () => true))
    .setReplacesList(listTopLevelNames(changes, (change) => change.replace))
    .setHasdetaileddiff(bridge === "sdk");
  for (const [path, { kind, replace }] of bridge === "sdk" ? changes : []) {
    response.getDetaileddiffMap().set(path, new proto.PropertyDiff().setKind(KINDS[kind][replace ? 1 : 0]));
  }
  return response;
}

function listTopLevelNames(changes: PropertyDiffs, include: (change: PropertyDiff) => boolean): string[] {
  const paths = [...changes]
    .filter(([, change]) => include(change))
    .map(([path]) => path.split(/[.[]/)[0] ?? path);
  return [...new Set(paths)];
}

function fromStruct(request: Struct | undefined): Properties {
  return request?.toJavaScript() ?? {};
}

function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}
