/** A language host that runs TypeScript programs with `ops/register.cjs`. It stands in for Pulumi's own in tests. */
require("../../ops/register.cjs");
const { join } = require("node:path");
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { LanguageServer } = require("@pulumi/pulumi/automation/server");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");

class LanguageHost extends LanguageServer {
  constructor() {
    super(() => require(join(this.folder, "index"))());
  }

  run(call, callback) {
    this.folder = call.request.getInfo().getProgramDirectory();
    super.run(call, callback);
  }
}

const server = new Server();
server.addService(LanguageRuntimeService, new LanguageHost());
// The engine reads the port, and ends this process.
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => console.log(port));
