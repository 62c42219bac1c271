/** Serves the policy pack in the folder that is the last argument. The pack prints its port, and ends with the engine. */
const { resolve } = require("node:path");

// An engine that is killed, as by a second Ctrl-C, does not end it.
const engine = process.ppid;
setInterval(() => process.ppid === engine || process.exit(), 1000).unref();

require("../../../register.cjs");
require(resolve(process.argv.at(-1)));
