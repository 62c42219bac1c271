import { Seal } from "../../../twin/access/seal";
import type { Store } from "../../../twin/store/store";

let now = 0;
const store = { now: () => new Date(now) } as Store;
const seal = new Seal(store);

test("opens sealed values unchanged until they expire", () => {
  now = 1000;
  const text = seal.close("state", { a: ["b"] }, 10);
  expect(seal.open("state", text)).toEqual({ a: ["b"] });
  now = 10_999;
  expect(seal.open("state", text)).toBeDefined();
  now = 11_000;
  expect(seal.open("state", text)).toBeUndefined();
});

test.each([
  ["another kind", () => seal.open("handoff", seal.close("state", 1, 10))],
  ["another twin", () => new Seal(store).open("state", seal.close("state", 1, 10))],
  ["another value", () => seal.open("state", seal.close("state", 1, 10).replace(/\..*/, ".e30"))],
  ["nothing", () => seal.open("state", undefined)],
])("it does not open as %s", (_what, open) => {
  expect(open()).toBeUndefined();
});
