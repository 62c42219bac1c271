import type { RunResponse } from "@pulumi/pulumi/proto/language_pb";

type Told = (error: Error | undefined, response: RunResponse | undefined) => void;

/** What the SDK runs an inline program by. */
export interface ProgramServer {
  program: () => unknown;
  run(call: object, told: Told): unknown;
}

/**
 * A program that did not run to its end has failed. The SDK (3.232.0, automation/server.js) takes an error of gRPC for the
 * engine's own end and reports success; where a busy machine is the cause, the engine hears of a program that wants
 * nothing, and `up` deletes everything that is not protected. Seen once in 528 runs at a load of ten.
 */
export function failUnlessCompleted(prototype: ProgramServer): void {
  const { run } = prototype;
  prototype.run = function (this: ProgramServer, call, told) {
    const { program } = this;
    let isAtItsEnd = false;
    this.program = async () => {
      const outputs = await program();
      isAtItsEnd = true;
      return outputs;
    };
    return run.call(this, call, (error, response) => {
      if (response && !isAtItsEnd && !response.getError())
        response.setError("the program lost the engine before it was at its end");
      told(error, response);
    });
  };
}

// Not in the SDK's types.
const { LanguageServer } = require("@pulumi/pulumi/automation/server") as {
  LanguageServer: { prototype: ProgramServer };
};
failUnlessCompleted(LanguageServer.prototype);
