import { RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { failUnlessCompleted, type ProgramServer } from "../../../ops/stacks/lost-engine";

/** Runs a program on a server that reports success whatever comes of it. @returns the error that the engine is told */
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

test("a program that loses the engine is reported as failed, not as one that wants nothing", async () => {
  expect(await told(() => Promise.reject(new Error("14 UNAVAILABLE")))).toBe(
    "the program lost the connection to the engine before it completed",
  );
  expect(await told(async () => ({}))).toBe("");
});
