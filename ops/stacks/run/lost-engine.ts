import { isGrpcError } from "@pulumi/pulumi/errors";
import type { RunResponse } from "@pulumi/pulumi/proto/language_pb";

type ResponseCallback = (error: Error | undefined, response: RunResponse | undefined) => void;

/** The SDK's gRPC server that runs an inline program. */
export interface ProgramServer {
  program: () => unknown;
  run(call: object, respond: ResponseCallback): unknown;
}

/**
 * Makes a run fail whose program did not complete. The SDK (3.232.0, automation/server.js) treats a gRPC error as the end
 * of the engine and reports success. On a busy machine the engine may still be running: it then sees a program without
 * resources, and `up` deletes everything that is not protected. Observed once in 528 runs at a load of ten.
 */
export function failUnlessCompleted(prototype: ProgramServer): void {
  const { run } = prototype;
  prototype.run = function (this: ProgramServer, call, respond) {
    const { program } = this;
    let isCompleted = false;
    this.program = async () => {
      const outputs = await program();
      isCompleted = true;
      return outputs;
    };
    return run.call(this, call, (error, response) => {
      if (response && !isCompleted && !response.getError())
        response.setError("the program lost the connection to the engine before it completed");
      respond(error, response);
    });
  };
}

/**
 * Ignores a call to the engine that fails because the run has failed. The SDK expects several such calls only until the
 * first of them has ended the program; a later one would end this process, for example while `up` still cleans up.
 */
export function ignoreLostCall(error: unknown): void {
  if (error instanceof Error && isGrpcError(error)) return;
  // A listener turns off what Node.js does without one.
  if (process.listenerCount(REJECTION) === 1) throw error;
}

const REJECTION = "unhandledRejection";
process.on(REJECTION, ignoreLostCall);

let isGuarding = false;

/**
 * Prepares the SDK, which it loads, for all runs of this process. A run whose program did not complete fails. Each run
 * connects to its own engine: connections of a process are shared by address, those to engines that have ended too, and a
 * new engine on the same port would be unavailable until the old connection tries again (seen with @grpc/grpc-js 1.14).
 * Debug messages, which nobody reads, are not sent: they are half of a program's calls to the engine, and contain secrets.
 */
export function guardPrograms(): void {
  if (isGuarding) return;
  isGuarding = true;
  // Not in the SDK's types.
  const { LanguageServer } = require("@pulumi/pulumi/automation/server") as {
    LanguageServer: { prototype: ProgramServer };
  };
  failUnlessCompleted(LanguageServer.prototype);
  const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings") as { grpcClientOptions: object };
  Object.assign(grpcClientOptions, { "grpc.use_local_subchannel_pool": 1 });
  const log = require("@pulumi/pulumi/log") as { debug: () => Promise<void> };
  log.debug = async () => {};
}
