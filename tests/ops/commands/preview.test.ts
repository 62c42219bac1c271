import { main } from "../../../ops/cli";
import { previewFleet } from "../../../ops/preview/fleet";
import type { ApplicationChange, PeopleResult } from "../../../ops/preview/people";

jest.mock("../../../ops/preview/fleet");
jest.mock("../../../ops/tools/engine", () => ({
  ...jest.requireActual("../../../ops/tools/engine"),
  ensureEngine: async () => ({}),
}));

const wiki: ApplicationChange = {
  name: "wiki",
  change: "changed",
  gain: 12,
  gainingGuests: 2,
  lose: 3,
  losingGuests: 0,
  otherConditions: 0,
  opens: [],
  closes: [],
  everyone: false,
  anybody: false,
};
const changed: PeopleResult = { applications: [wiki], notes: [], people: 200 };
const unknown: PeopleResult = { unknown: "the sign-in must have User.Read.All" };

let out: string;
let err: string;
beforeEach(() => {
  out = err = "";
  jest.spyOn(console, "log").mockImplementation((text) => {
    out += `${text}\n`;
  });
  jest.spyOn(console, "error").mockImplementation((text) => {
    err += `${text}\n`;
  });
});
afterEach(() => jest.restoreAllMocks());

/** Runs the command on a stack without changes of resources, in which access changes like this. */
async function preview(people: PeopleResult | undefined, ...options: string[]): Promise<number> {
  const result = { stack: "payments", changes: [], warnings: [], ...(people && { people }) };
  jest.mocked(previewFleet).mockResolvedValue([result]);
  return main(["preview", "payments", ...options]);
}

test.each([
  [12, 0, ""],
  ["6%", 0, ""],
  [11, 2, "payments: wiki: must let at most 11 people gain access; found 12 (--max-gain 11)\n"],
  [
    "5.9%",
    2,
    "payments: wiki: must let at most 11 people gain access; found 12 (--max-gain 5.9% of 200 people)\n",
  ],
])("--max-gain %s returns %i where 12 of 200 people gain access", async (max, code, text) => {
  expect(await preview(changed, "--max-gain", String(max))).toBe(code);
  expect(jest.mocked(previewFleet)).toHaveBeenLastCalledWith(expect.objectContaining({ people: "counts" }));
  const mark = code === 0 ? "" : " ! more than --max-gain";
  expect(out).toContain(`    wiki: 12 people gain (2 guests), 3 people lose ! guests${mark}\n`);
  expect(err).toBe(text);
});

test("--max-gain returns 2 for an application that opens to anybody, however few people gain access", async () => {
  const open = { ...changed, applications: [{ ...wiki, gain: 0, anybody: true }] };
  expect(await preview(open, "--max-gain", "100%")).toBe(2);
});

test("--max-gain returns 1 where it is unknown who gains access, and --people alone 0", async () => {
  expect(await preview(unknown, "--max-gain", "5%")).toBe(1);
  expect(await preview(unknown, "--people")).toBe(0);
  expect(out).toContain("    unknown: the sign-in must have User.Read.All\n");
});

test("asks for no people unless an option needs them", async () => {
  expect(await preview(undefined)).toBe(0);
  expect(jest.mocked(previewFleet)).toHaveBeenLastCalledWith(expect.objectContaining({ people: undefined }));
});
