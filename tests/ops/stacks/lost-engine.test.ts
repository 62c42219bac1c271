import { RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { failUnlessCompleted, type ProgramServer } from "../../../ops/stacks/lost-engine";

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
