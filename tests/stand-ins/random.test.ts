import { StandIn } from "../../stand-ins/bridge/stand-in";
import { UNKNOWN } from "../../stand-ins/bridge/values";
import { createRandomPackage } from "../../stand-ins/random/package";
import { urn } from "./stand-in-fixture";

const STRING = urn("random:index/randomString:RandomString");
const UUID = urn("random:index/randomUuid:RandomUuid");
const standIn = new StandIn(createRandomPackage());
beforeAll(() => standIn.configure({}));

test("creates a string with the configured length and characters, which is also its id", async () => {
  const inputs = { length: 40, special: false, upper: false };
  const { id, outputs } = await standIn.create(STRING, inputs, false);
  expect(id).toMatch(/^[a-z0-9]{40}$/);
  expect(outputs).toMatchObject({
    id,
    result: id,
    length: 40,
    lower: true,
    numeric: true,
    number: true,
    minUpper: 0,
  });
  expect((await standIn.diff(STRING, outputs, inputs)).size).toBe(0);
  expect((await standIn.create(STRING, inputs, false)).id).not.toBe(id);
});

test("uses the allowed characters alone, and shows `numeric` under its former name as well", async () => {
  const inputs = { length: 20, upper: false, lower: false, numeric: false };
  expect((await standIn.create(STRING, inputs, false)).outputs).toMatchObject({
    result: expect.stringMatching(/^[^A-Za-z0-9]{20}$/),
    numeric: false,
    number: false,
  });
});

test("creates no value at preview", async () => {
  expect((await standIn.create(STRING, { length: 5 }, true)).outputs).toMatchObject({
    length: 5,
    result: UNKNOWN,
  });
});

test("replaces for every change, except of empty keepers", async () => {
  const { id, outputs } = await standIn.create(UUID, {}, false);
  expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const replaced = await standIn.diff(UUID, outputs, { keepers: { generation: "2" } });
  expect([...replaced.values()]).toEqual([{ kind: "add", replace: true }]);
  const quiet = await standIn.diff(UUID, outputs, { keepers: {} });
  expect([...quiet.values()]).toEqual([{ kind: "add", replace: false }]);
  expect(await standIn.update(UUID, id, outputs, { keepers: {} }, false)).toMatchObject({
    result: id,
    keepers: {},
  });
});

test("is imported by its value, and refuses an invalid GUID", async () => {
  const guid = "28642005-1072-e046-54d4-acf827c96035";
  expect((await standIn.read(UUID, guid.toUpperCase(), {}, {}))?.id).toBe(guid);
  expect((await standIn.read(STRING, "abc!", {}, {}))?.outputs).toMatchObject({
    result: "abc!",
    length: 4,
    special: true,
  });
  await expect(standIn.read(UUID, "zzz", {}, {})).rejects.toThrow("Import Random UUID Error");
});

test("changes nothing at refresh", async () => {
  const { id, outputs } = await standIn.create(STRING, { length: 5, keepers: { a: "1" } }, false);
  const read = await standIn.read(STRING, id, outputs, { length: 5, keepers: { a: "1" } });
  expect(read?.outputs).toEqual(outputs);
  expect(read?.inputs).toEqual({ length: 5, keepers: { a: "1" } });
});
