// Loaded first by every process of ours that runs TypeScript: what it loads is compiled once, and less is loaded.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join, sep } = require("node:path");

const COMPILED = join(__dirname, "../node_modules/.cache/entra-access");
const SWC = {
  swcrc: false,
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
  // ES modules are loaded as such. A package is loaded at the first use of what is imported from it: most commands, and
  // the help of all, need few of them.
  module: { type: "commonjs", ignoreDynamic: true, lazy: true },
  sourceMaps: "inline",
};
const VERSION = require("@swc/core/package.json").version + JSON.stringify(SWC);

process.setSourceMapsEnabled(true);
// Node.js 22 and later keep V8's code of all modules as well.
Module.enableCompileCache?.(join(COMPILED, "v8"));
Module._extensions[".ts"] = (module, filename) => module._compile(compiled(filename), filename);

/** The JavaScript of a file, from the run before if its content is the same. Types are checked by `npm run types`. */
function compiled(filename) {
  const [source, name] = [readFileSync(filename, "utf8"), basename(filename)];
  const hash = createHash("sha256").update(VERSION).update(name).update(source).digest("hex");
  const path = join(COMPILED, `${hash.slice(0, 32)}.js`);
  try {
    return readFileSync(path, "utf8");
  } catch {
    const { code } = require("@swc/core").transformSync(source, { ...SWC, filename, sourceFileName: name });
    keep(path, code);
    return code;
  }
}

/** Appears complete or not at all, because another process may read it; where nothing can be written, nothing is kept. */
function keep(path, code) {
  try {
    mkdirSync(COMPILED, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, code);
    renameSync(`${path}.${process.pid}`, path);
  } catch {}
}

// The Pulumi SDK loads the TypeScript compiler and npm's Arborist as it starts, although it uses them only for functions
// that are serialized, as in dynamic providers. Two thirds of the time that loading the SDK takes are theirs: here they
// are loaded when they are first used.
const SDK = dirname(require.resolve("@pulumi/pulumi/package.json")) + sep;
const LATE = ["typescript", "@npmcli/arborist"];

// Cloudflare's client loads the classes of all its products, a thousand modules, even if it is created with some of them
// (ops/clients/cloudflare.ts). It needs none of the others.
const CLOUDFLARE = require.resolve("cloudflare").replace(/index\.js$/, "client.js");

const load = Module._load;

Module._load = function (request, parent, ...rest) {
  if (parent?.filename === CLOUDFLARE && request.startsWith("./resources/")) return { __esModule: true };
  if (!LATE.includes(request) || !parent?.filename?.startsWith(SDK))
    return load.call(this, request, parent, ...rest);
  const get = (name) => {
    const real = load.call(this, request, parent, ...rest);
    return name === "default" ? real : real[name];
  };
  // As an ES module, because all properties of any other would be copied, which loads it.
  return new Proxy({ __esModule: true }, { get: (target, name) => target[name] ?? get(name) });
};
