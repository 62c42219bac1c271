import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listEmptyAttributes, repairEmptyAttributes } from "../../../../ops/stacks/state/empty-attributes";
import { repairAndRetry } from "../../../../ops/stacks/state/state-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cut-short-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(path: string, content: string): string {
  const full = join(folder, ".pulumi", path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, content);
  return full;
}

const ERROR = new Error("code: 255\n stderr: error: failed to load checkpoint: EOF\n err?: ");
const repair = (error = ERROR) => repairEmptyAttributes(error, { folder, project: "p" }, "dev");

test("removes only empty attributes of the stack's state and locks", () => {
  const going = [
    file("stacks/p/dev.json.attrs", ""),
    file("stacks/p/dev.json.bak.attrs", ""),
    file("locks/organization/p/dev/1.json.attrs", ""),
  ];
  const staying = [
    file("stacks/p/dev.json", ""),
    file("stacks/p/dev2.json.attrs", ""),
    file("stacks/other/dev.json.attrs", ""),
    file("locks/organization/p/dev/2.json.attrs", "{}"),
  ];
  expect(listEmptyAttributes({ folder, project: "p" }, "dev").sort()).toEqual(going.sort());
  expect(repair()).toBe(true);
  expect(going.filter(existsSync)).toEqual([]);
  expect(staying.filter(existsSync)).toEqual(staying);
});

test("removes nothing for another error and in other backends", () => {
  const path = file("stacks/p/dev.json.attrs", "");
  expect(repair(new Error("another"))).toBe(false);
  expect(repairEmptyAttributes(ERROR, undefined, "dev")).toBe(false);
  expect(existsSync(path)).toBe(true);
});

test("runs again, at most twice, what failed while another engine wrote the attributes", async () => {
  const attempts: number[] = [];
  const failing = (failures: number) => async () => {
    if (attempts.push(attempts.length) <= failures) throw ERROR;
    return "state";
  };
  const run = (failures: number) => repairAndRetry(failing(failures), { folder, project: "p" }, "dev");
  expect(await run(2)).toBe("state");
  attempts.length = 0;
  await expect(run(3)).rejects.toBe(ERROR);
  expect(attempts).toHaveLength(3);
});
