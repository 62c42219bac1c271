const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");

const HASH_BYTES = 32;

/**
 * Modules that are compiled once: a process keeps their scripts, and the code that V8 made of them is on disk for the
 * processes that follow.
 */
module.exports = class CodeCache {
  /** By file name. */
  scripts = new Map();

  /** @param {string} folder of the code; made when it is first needed */
  constructor(folder) {
    // V8 accepts only code of its own version and flags.
    this.folder = join(folder, cachedDataVersionTag().toString(16));
  }

  /** Compiles the body of a function that imports nothing on demand. @returns a script whose value is the function */
  compile(source, parameters, filename) {
    const text = `(function (${parameters.join(",")}) {\n${source}\n})`;
    let entry = this.scripts.get(filename);
    if (entry?.text !== text) {
      entry = this.load(filename, text);
      this.scripts.set(filename, entry);
    }
    return entry.script;
  }

  load(filename, text) {
    const hash = createHash("sha256").update(text).digest();
    const path = join(this.folder, createHash("sha256").update(filename).digest("hex").slice(0, 32));
    const kept = read(path);
    const cachedData = kept?.subarray(0, HASH_BYTES).equals(hash) ? kept.subarray(HASH_BYTES) : undefined;
    const script = new Script(text, { filename, lineOffset: -1, cachedData });
    return { text, script, hash, path, isKept: script.cachedDataRejected === false };
  }

  /** Writes to disk what is not there, including functions that V8 compiled because they were called. */
  keep() {
    for (const entry of this.scripts.values()) {
      if (entry.isKept) continue;
      entry.isKept = true;
      write(entry.path, Buffer.concat([entry.hash, entry.script.createCachedData()]));
    }
  }
};

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** A file appears complete or not at all, because other processes read it; where nothing can be written, nothing is kept. */
function write(path, data) {
  try {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, data);
    renameSync(`${path}.${process.pid}`, path);
  } catch {}
}
