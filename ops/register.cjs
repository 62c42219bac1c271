// Loaded first by every process of ours that runs TypeScript: what it loads is compiled once, and less is loaded.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join, sep } = require("node:path");
const { pathToFileURL } = require("node:url");

const ROOT = join(__dirname, "..") + sep;
const COMPILED = join(ROOT, "node_modules/.cache/entra-access");
/** The parameters of a CommonJS module. */
const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];
/** By source: the file with its source map, or the map once it is read. */
const sourceMaps = new Map();
const SWC = {
  swcrc: false,
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
  // ES modules are loaded as such. A package is loaded at the first use of what is imported from it: most commands, and
  // the help of all, need few of them.
  module: { type: "commonjs", ignoreDynamic: true, lazy: true },
  sourceMaps: true,
};
const SDK = dirname(require.resolve("@pulumi/pulumi/package.json")) + sep;
const PROMISES = join(SDK, "runtime/debuggable.js");
const VERSION = require("@swc/core/package.json").version + JSON.stringify(SWC);

Module._extensions[".ts"] = (module, filename) => module._compile(compiled(filename), filename);

/** The JavaScript of a file, from the run before if its content is the same. Types are checked by `npm run types`. */
function compiled(filename) {
  const [source, name] = [readFileSync(filename, "utf8"), basename(filename)];
  const hash = createHash("sha256").update(VERSION).update(name).update(source).digest("hex");
  const path = join(COMPILED, `${hash.slice(0, 32)}.js`);
  sourceMaps.set(filename, `${path}.map`);
  try {
    return readFileSync(path, "utf8");
  } catch {
    const { code, map } = require("@swc/core").transformSync(source, {
      ...SWC,
      filename,
      sourceFileName: filename,
    });
    // Debuggers find the map there.
    const whole = `${code}//# sourceMappingURL=${pathToFileURL(path)}.map\n`;
    keep(`${path}.map`, map);
    keep(path, whole);
    return whole;
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

// Stack traces name the lines of our sources. Node.js would read the source maps of all packages as well.
Error.prepareStackTrace = (error, frames) =>
  isUnused(frames)
    ? ""
    : [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${describeFrame(frame)}`)].join(
        "\n",
      );

/** True for the trace that the SDK takes of each promise, a tenth of a preview's time, and never prints without the variable. */
const isUnused = ([frame]) => frame?.getFileName() === PROMISES && !process.env.PULUMI_DEBUG_PROMISE_LEAKS;

function describeFrame(frame) {
  const file = frame.getFileName();
  const map = readSourceMap(file);
  if (!map) return String(frame);
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const { originalLine = line - 1, originalColumn = column - 1 } = map.findEntry(line - 1, column - 1);
  return String(frame).replace(
    `${file}:${line}:${column}`,
    () => `${file}:${originalLine + 1}:${originalColumn + 1}`,
  );
}

function readSourceMap(file) {
  const map = sourceMaps.get(file);
  if (typeof map !== "string") return map;
  try {
    sourceMaps.set(file, new Module.SourceMap(JSON.parse(readFileSync(map, "utf8"))));
  } catch {
    sourceMaps.delete(file);
  }
  return sourceMaps.get(file);
}

// V8's code of all modules is kept as well. Node.js 22 and later do that themselves.
if (Module.enableCompileCache) Module.enableCompileCache(join(COMPILED, "v8"));
else keepCode(join(COMPILED, "v8"));

function keepCode(folder) {
  const cache = new (require("./start/code-cache.cjs"))(folder);
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, filename, ...rest) {
    const run = () => compile.call(this, source, filename, ...rest);
    // Those of temporary folders are of no use later; a script that imports on demand makes Node.js 20 print a warning.
    if (!filename.startsWith(ROOT) || /\bimport\s*[(/]/.test(source)) return run();
    let script;
    try {
      script = cache.compile(source, PARAMETERS, filename);
    } catch {
      // An ES module, a first line for the shell, or an error, which Node.js explains better.
      return run();
    }
    const load = (name) => this.require(name);
    load.resolve = (name, options) => Module._resolveFilename(name, this, false, options);
    load.resolve.paths = (name) => Module._resolveLookupPaths(name, this);
    Object.assign(load, { main: process.mainModule, extensions: Module._extensions, cache: Module._cache });
    const body = script.runInThisContext();
    return body.call(this.exports, this.exports, load, this, filename, dirname(filename));
  };
  process.on("exit", () => cache.keep());
}

// The Pulumi SDK loads the TypeScript compiler and npm's Arborist as it starts, although it uses them only for functions
// that are serialized, as in dynamic providers, with two more packages. Two thirds of the time that loading the SDK takes
// are theirs: here they are loaded when they are first used.
const LATE = ["typescript", "@npmcli/arborist", "normalize-package-data", "fdir"];

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
