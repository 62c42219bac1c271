/** Serves the policy pack in the folder that is the last argument. The pack prints its port, and ends with the engine. */
const { resolve } = require("node:path");

require("../../../register.cjs");
require(resolve(process.argv.at(-1)));
