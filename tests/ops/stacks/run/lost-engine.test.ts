import { Client, credentials, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import { RunResponse } from "@pulumi/pulumi/proto/language_pb";
import {
  failUnlessCompleted,
  guardPrograms,
  ignoreLostCall,
  type ProgramServer,
} from "../../../../ops/stacks/run/lost-engine";
import { findFreePort } from "../../../support/server";

/** Runs a program on a server that always reports success. @returns the error that the engine receives */
async function told(program: ProgramServer["program"]): Promise<string> {
  const server: ProgramServer = {
    program,
    async run(_call, tell) {
      await Promise.resolve(this.program()).catch(() => {});
      tell(undefined, new RunResponse());
    },
  };
  failUnlessCompleted(server);
  return new Promise((done) => server.run({}, (_error, response) => done(response?.getError() ?? "nothing")));
}

test("reports a program that loses the engine as failed, not as one without resources", async () => {
  expect(await told(() => Promise.reject(new Error("14 UNAVAILABLE")))).toBe(
    "the program lost the connection to the engine before it completed",
  );
  expect(await told(async () => ({}))).toBe("");
});

describe("a promise that is rejected after its run", () => {
  const unavailable = Object.assign(new Error("14 UNAVAILABLE: Connection dropped"), { code: 14 });

  it("is ignored if it is a call to the engine", () => {
    expect(process.listeners("unhandledRejection")).toContain(ignoreLostCall);
    expect(() => ignoreLostCall(unavailable)).not.toThrow();
  });

  it.each([new Error("another error"), "a text", undefined])("ends the process otherwise: %s", (error) => {
    expect(() => ignoreLostCall(error)).toThrow();
  });

  it("is left to other listeners, if there are any", () => {
    const other = () => {};
    process.on("unhandledRejection", other);
    expect(() => ignoreLostCall(new Error("another error"))).not.toThrow();
    process.off("unhandledRejection", other);
  });
});

test("an engine on the port of one that has ended is reached at once", async () => {
  guardPrograms();
  const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings");
  const address = `127.0.0.1:${await findFreePort()}`;
  const connect = () => new Client(address, credentials.createInsecure(), grpcClientOptions);
  const code = (client: Client) =>
    new Promise((done) => {
      const same = (value: Buffer) => value;
      client.makeUnaryRequest(
        "/pulumirpc.Engine/Log",
        same,
        same,
        Buffer.alloc(0),
        (error: ServiceError | null) => done(error?.code),
      );
    });
  const former = connect();
  expect(await code(former)).toBe(status.UNAVAILABLE);
  const server = new Server();
  await new Promise((done) => server.bindAsync(address, ServerCredentials.createInsecure(), done));
  const latter = connect();
  expect(await code(latter)).toBe(status.UNIMPLEMENTED);
  for (const client of [former, latter]) client.close();
  server.forceShutdown();
});
