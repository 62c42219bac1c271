import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findPostgresql } from "../../../scripts/dev-tools/postgresql";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postgresql-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  return dirname(file);
}

const find = () => findPostgresql({ PATH: join(folder, "path") }, join(folder, "debian"));

test("finds Debian's newest server, not a client alone", () => {
  program("debian", "16", "bin", "psql");
  expect(find()).toBeUndefined();
  const nine = program("debian", "9", "bin", "initdb");
  expect(find()).toBe(nine);
  const fifteen = program("debian", "15", "bin", "initdb");
  expect(find()).toBe(fifteen);
});

test("finds the server on PATH elsewhere", () => {
  expect(find()).toBeUndefined();
  const folderOnPath = program("path", "initdb");
  expect(find()).toBe(folderOnPath);
});
