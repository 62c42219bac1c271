import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { dependencies, devDependencies } from "../../package.json";
import { FOLDER } from "./workflow";

const { safeLoad } = require("js-yaml") as { safeLoad(text: string): unknown };

interface Update {
  "package-ecosystem": string;
  directory: string;
  schedule: { interval: string };
  ignore?: { "dependency-name": string }[];
  groups?: Record<string, { patterns?: string[] }>;
}

const { updates } = safeLoad(readFileSync(join(FOLDER, "dependabot.yml"), "utf8")) as { updates: Update[] };
const root = resolve(FOLDER, "..");
const MANIFESTS: Record<string, string> = {
  npm: "package-lock.json",
  gomod: "go.mod",
  "github-actions": ".github/workflows",
};

test.each(updates)("updates $package-ecosystem in $directory every week", (update) => {
  expect(update.schedule.interval).toBe("weekly");
  const manifest = MANIFESTS[update["package-ecosystem"]] ?? "";
  expect(existsSync(join(root, update.directory, manifest))).toBe(true);
});

test("names only packages that there are", () => {
  const known = { ...dependencies, ...devDependencies };
  const names = updates.flatMap(({ ignore = [], groups = {} }) => [
    ...ignore.map((one) => one["dependency-name"]),
    ...Object.values(groups).flatMap(({ patterns = [] }) => patterns),
  ]);
  expect(names).toContain("@pulumi/pulumi");
  expect(names.filter((name) => !(name in known))).toEqual([]);
});
