/**
 * Puts the stand-ins where the engine looks for plugins. The programs are compiled once per version of their sources,
 * because a plugin's start is part of every preview: compiled, it takes a third of the time that ts-node needs.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { transformSync } from "@swc/core";

/** The plugins that are stood in for, at the versions of the SDKs in package.json. */
const PLUGINS = { azuread: "6.9.1", cloudflare: "6.22.1", random: "4.21.2" };

const SOURCES = __dirname;
const PACKAGES = join(dirname(dirname(SOURCES)), "node_modules");

/**
 * Writes `plugins/resource-<name>-v<version>/pulumi-resource-<name>` under `pulumiHome` (PULUMI_HOME) for each stand-in.
 * Safe to repeat, and to run from several processes at once; what is there and current is left alone.
 */
export function installStandIns(pulumiHome: string): void {
  const sources = sourceFiles(SOURCES).filter((file) => file !== __filename);
  const version = createHash("sha256");
  for (const file of sources) version.update(file).update(readFileSync(file));
  const programs = join(pulumiHome, "stand-ins", version.digest("hex").slice(0, 16));
  for (const file of sources) {
    const target = join(programs, relative(SOURCES, file).replace(/\.ts$/, ".js"));
    if (!existsSync(target)) writeWhole(target, compiled(file));
  }
  for (const [name, release] of Object.entries(PLUGINS)) {
    const program = join(programs, name, "main.js");
    const wrapper = join(pulumiHome, "plugins", `resource-${name}-v${release}`, `pulumi-resource-${name}`);
    // The engine passes its address as an argument that the stand-ins have no use for.
    const script = `#!/bin/sh\nNODE_PATH=${quoted(PACKAGES)} exec ${quoted(process.execPath)} ${quoted(program)} "$@"\n`;
    if (!existsSync(wrapper) || readFileSync(wrapper, "utf8") !== script) writeWhole(wrapper, script, 0o755);
  }
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourceFiles(path);
      return entry.name.endsWith(".ts") ? [path] : [];
    })
    .sort();
}

function compiled(file: string): string {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    filename: file,
    swcrc: false,
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
    sourceMaps: "inline",
  });
  return code;
}

/** Appears complete or not at all: an engine may be starting the plugin meanwhile. */
function writeWhole(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
