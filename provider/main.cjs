// The entry point of the component provider.
require("../ops/register.cjs");
require("./index.ts");
