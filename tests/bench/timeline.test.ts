import { drawTimeline, findCriticalPath } from "../../bench/operations/timeline";

const application = { name: "Application", began: 1000, ended: 2000, isResource: true };
const principal = { name: "ServicePrincipal", began: 2010, ended: 2500, isResource: true };
const password = { name: "ApplicationPassword", began: 2010, ended: 6000, isResource: true };
const start = { name: "engine", began: 0, ended: 1000 };
const spans = [start, application, principal, password];

it("finds the parts that decide how long a run takes", () => {
  expect(findCriticalPath(spans)).toEqual([start, application, password]);
});

it("draws the critical path, and tells waiting from requests", () => {
  const [chart = "", table = ""] = drawTimeline(spans, [1200, 1400, 1600, 1900, 2100, 5900]);
  expect(chart).toContain("  ServicePrincipal :2010, 2500\n  ApplicationPassword :crit, 2010, 6000");
  expect(table.split("\n").slice(2)).toEqual([
    "| engine | 1.0 |  |",
    "| Application | 1.0 | 0.3 |",
    "| ApplicationPassword | 4.0 | 3.8 |",
    "| all | 6.0 | |",
  ]);
});
