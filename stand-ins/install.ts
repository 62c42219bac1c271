/**
 * Installs the stand-ins in the engine's plugin folder. The programs are compiled once per version of their sources,
 * because every preview starts them: compiled, they start in a third of the time that ts-node needs.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { transformSync } from "@swc/core";
import { dependencies } from "../package.json";

/** The substituted plugins, at the versions of the SDKs. */
export const PLUGINS: Readonly<Record<string, string>> = {
  azuread: dependencies["@pulumi/azuread"],
  cloudflare: dependencies["@pulumi/cloudflare"],
  random: dependencies["@pulumi/random"],
};

/** Returns the path of a plugin's program in a Pulumi home. */
export function getPluginPath(pulumiHome: string, name: string): string {
  return join(pulumiHome, "plugins", `resource-${name}-v${PLUGINS[name]}`, `pulumi-resource-${name}`);
}

const SOURCES = __dirname;
const PACKAGES = join(dirname(SOURCES), "node_modules");

/** Installs a plugin of the user's Pulumi home in another one. */
export function installFromHome(pulumiHome: string, userHome: string, name: string): void {
  // The engine does not look for plugins behind symbolic links, so a program leads to it.
  const script = `#!/bin/sh\nexec ${quote(getPluginPath(userHome, name))} "$@"\n`;
  writeAtomically(getPluginPath(pulumiHome, name), script, 0o755);
}

/**
 * Writes `plugins/resource-<name>-v<version>/pulumi-resource-<name>` under `pulumiHome` (PULUMI_HOME) for each stand-in.
 * Safe to repeat and to run from several processes at once; current files are left alone.
 *
 * @param names of the plugins; default: all
 */
export function installStandIns(pulumiHome: string, names: readonly string[] = Object.keys(PLUGINS)): void {
  const sources = sourceFiles(SOURCES).filter((file) => file !== __filename);
  const version = createHash("sha256");
  for (const file of sources) version.update(file).update(readFileSync(file));
  const programs = join(pulumiHome, "stand-ins", version.digest("hex").slice(0, 16));
  for (const file of sources) {
    const target = join(programs, relative(SOURCES, file).replace(/\.ts$/, ".js"));
    if (!existsSync(target)) writeAtomically(target, compile(file));
  }
  for (const name of names) {
    const program = join(programs, name, "main.js");
    const wrapper = getPluginPath(pulumiHome, name);
    // The engine passes its address as an argument, which the stand-ins ignore.
    const script = `#!/bin/sh\nNODE_PATH=${quote(PACKAGES)} exec ${quote(process.execPath)} ${quote(program)} "$@"\n`;
    if (!existsSync(wrapper) || readFileSync(wrapper, "utf8") !== script)
      writeAtomically(wrapper, script, 0o755);
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

function compile(file: string): string {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    filename: file,
    swcrc: false,
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
    sourceMaps: "inline",
  });
  return code;
}

/** Writes a file atomically, since an engine may start the plugin at the same time. */
export function writeAtomically(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}

/** Quotes a path for a shell. */
export function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
