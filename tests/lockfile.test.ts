import lock from "../package-lock.json";

interface Package {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}
const packages: Record<string, Package> = lock.packages;

/** Where Node.js would find a dependency of a package: the nearest node_modules up the tree. */
function installed(of: string, name: string): Package | undefined {
  const own = packages[`${of ? `${of}/` : ""}node_modules/${name}`];
  if (own || !of) return own;
  return installed(of.slice(0, Math.max(of.lastIndexOf("/node_modules/"), 0)), name);
}

test("the lockfile has the optional packages of every platform: without them `npm ci` fails", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !installed(path, name)),
  );
  expect(missing).toEqual([]);
});

test("the lockfile names no registry, so that any serves it", () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved)).toEqual([]);
});
