/**
 * A program that cannot reach the engine has failed. The SDK (3.232.0, automation/server.js) takes an error of gRPC for the
 * engine's own end and reports success; when a busy machine is the cause, the engine hears of a program that wants
 * nothing, and `up` deletes everything that is not protected. So no error counts as one of gRPC here.
 */
import errors = require("@pulumi/pulumi/errors");

errors.isGrpcError = () => false;
