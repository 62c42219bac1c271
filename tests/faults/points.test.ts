import { formatPoint, isWrite, OPERATIONS, POINT_EFFECTS, type PointRequest, planRounds } from "./points";

const request = (method: string, index: number): PointRequest => ({
  service: "graph",
  method,
  path: `/v1.0/${index}`,
  occurrence: 1,
});
const requests = (writes: number, reads: number) => [
  ...Array.from({ length: reads }, (_, index) => request("GET", index)),
  ...Array.from({ length: writes }, (_, index) => request("POST", index)),
];

test("breaks every request once in every way, writes first, with all operations and effects in each round", () => {
  const all = new Map(OPERATIONS.map((operation) => [operation, requests(6, 12)]));
  const rounds = planRounds(all);
  const points = rounds.flat();
  expect(new Set(points.map(formatPoint)).size).toBe(OPERATIONS.length * 18 * 6);
  expect(points).toHaveLength(OPERATIONS.length * 18 * 6);
  expect(points.slice(0, OPERATIONS.length * 6 * 6).every((point) => isWrite(point.request))).toBe(true);
  for (const round of rounds)
    expect(new Set(round.map(({ operation, effect }) => `${operation} ${effect}`)).size).toBe(
      OPERATIONS.length * Object.keys(POINT_EFFECTS).length,
    );
});

test("tries operations with few requests in full, and skips those without any", () => {
  const all = new Map([
    ["up", requests(3, 8)],
    ["destroy", requests(1, 0)],
  ] as const);
  expect(new Set(planRounds(all).flat().map(formatPoint)).size).toBe((3 + 8 + 1) * 6);
});
