import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lockfile } from "./lockfile";

/** Renders a table of all packages with their licenses, those that are only for development marked. */
export function listLicenses(): string {
  const text = readFileSync(join(__dirname, "../../package-lock.json"), "utf8");
  return renderLicenses(JSON.parse(text) as Lockfile);
}

export function renderLicenses({ packages }: Lockfile): string {
  const rows = Object.entries(packages).flatMap(([path, { version, license = "unknown", dev }]) => {
    if (path === "") return [];
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return [`| ${name} | ${version} | ${license} | ${dev ? "development" : "operation"} |`];
  });
  return ["| Package | Version | License | For |", "|---|---|---|---|", ...new Set(rows.sort())].join("\n");
}
