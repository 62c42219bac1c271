// Loaded first by every process of ours that runs TypeScript.
//
// The Pulumi SDK loads the TypeScript compiler and npm's Arborist as it starts, although it uses them only for functions
// that are serialized, as in dynamic providers. Two thirds of the time that loading the SDK takes are theirs, so that
// here they are loaded when they are first used.
const Module = require("node:module");
const { dirname, sep } = require("node:path");

const SDK = dirname(require.resolve("@pulumi/pulumi/package.json")) + sep;
const LATE = ["typescript", "@npmcli/arborist"];
const load = Module._load;

Module._load = function (request, parent, ...rest) {
  if (!LATE.includes(request) || !parent?.filename.startsWith(SDK))
    return load.call(this, request, parent, ...rest);
  const get = (_target, name) => {
    const real = load.call(this, request, parent, ...rest);
    return name === "default" ? real : real[name];
  };
  // As an ES module, because all properties of any other would be copied, which loads it.
  return new Proxy({ __esModule: true }, { get: (target, name) => target[name] ?? get(target, name) });
};

require("ts-node/register");
