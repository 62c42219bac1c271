/** Runs a program whose engine is out of reach, as the Automation API does, and prints what the engine would be told. */
import { RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { watch } from "../../ops/stacks/stuck";
import "../../ops/stacks/lost-engine";

type Told = (error: Error | undefined, response: RunResponse | undefined) => void;
// Not in the SDK's types.
const { LanguageServer } = require("@pulumi/pulumi/automation/server") as {
  LanguageServer: new (program: () => Promise<object>) => { run(call: object, told: Told): void };
};

const request = new RunRequest();
request.setParallel(1);
// Nobody answers there.
request.setMonitorAddress("127.0.0.1:1");
watch();
new LanguageServer(async () => ({})).run({ request }, (error, response) => {
  console.log(error?.message || response?.getError() || "success");
  process.exit();
});
