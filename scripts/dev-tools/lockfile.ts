import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The part of package-lock.json that is repaired. */
export interface Lockfile {
  readonly packages: Record<string, LockedPackage>;
}

export interface LockedPackage {
  /** The package's own name; absent unless it is installed under another one. */
  name?: string;
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  [other: string]: unknown;
}

const FILE = resolve(__dirname, "../../package-lock.json");

/**
 * Repairs package-lock.json after `npm install`: npm drops packages of other platforms, leaves out hashes of those that it does
 * not install, and writes the address of the registry. @returns what was done
 */
export function repairLockfile(): string {
  const lock = JSON.parse(readFileSync(FILE, "utf8")) as Lockfile;
  const parents = listIncompleteParents(lock);
  const fresh = Object.keys(parents).length > 0 ? lockAlone(parents) : { packages: {} };
  const repaired = mergeLockfiles(lock, fresh);
  writeFileSync(FILE, `${JSON.stringify(repaired, undefined, 2)}\n`);
  const left = Object.keys(listIncompleteParents(repaired));
  if (left.length > 0) throw new Error(`incomplete in the registry: ${left.join(", ")}`);
  return `complete, ${Object.keys(repaired.packages).length - 1} packages`;
}

/** Lists packages with optional packages that are missing or have no hash: the version to install by name. */
export function listIncompleteParents({ packages }: Lockfile): Record<string, string> {
  const isIncomplete = (name: string) => {
    const found = packages[`node_modules/${name}`];
    return found?.integrity === undefined || found.license === undefined;
  };
  const parents = Object.entries(packages).filter(
    ([path, { optionalDependencies = {} }]) =>
      path.startsWith("node_modules/") && Object.keys(optionalDependencies).some(isIncomplete),
  );
  return Object.fromEntries(
    parents.map(([path, { name, version = "" }]) => [
      path.slice(path.lastIndexOf("node_modules/") + 13),
      name ? `npm:${name}@${version}` : version, // installed under another name
    ]),
  );
}

/** Locks a few packages in an empty folder, where npm lists the optional packages of all platforms. */
function lockAlone(dependencies: Record<string, string>): Lockfile {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-lock-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    const args = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    return JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as Lockfile;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Completes a lockfile with the optional packages, hashes and licenses of another one, and drops addresses. */
export function mergeLockfiles(lock: Lockfile, fresh: Lockfile): Lockfile {
  const packages = { ...lock.packages };
  for (const [path, parent] of Object.entries(lock.packages))
    for (const name of Object.keys(parent.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      const known = fresh.packages[key];
      if (!path || packages[key] || !known) continue;
      packages[key] = { ...known, ...(parent.dev ? { dev: true } : {}), optional: true };
    }
  const entries = Object.entries(packages).map(([path, { resolved: _, ...locked }]) => {
    const known = fresh.packages[path];
    if (!known || known.version !== locked.version) return [path, locked] as const;
    const { version, integrity = known.integrity, ...others } = locked;
    const license = locked.license === undefined ? { license: known.license } : {};
    return [path, { version, integrity, ...license, ...others }] as const;
  });
  // npm sorts by path, the project itself first.
  return { ...lock, packages: Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, "en"))) };
}
