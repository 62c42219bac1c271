import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { renderCsv } from "../ops/access-review/report/csv";
import { createReport } from "../ops/access-review/report/report";
import {
  createReviews,
  openDirectories,
  readAllEnforcedRules,
  readDirectories,
} from "../ops/access-review/sources/account-reviews";
import { buildProviderEnvironment } from "../ops/stacks/environment";
import { contoso } from "../twin/index";
import { formatMegabytes, writeMeasurements } from "./measurements";
import type { ReviewSize } from "./review-seed";
import type { ReviewTwinInfo } from "./review-twin";

const SIZE: ReviewSize = { people: 100_000, groups: 2_000, applications: 500 };

/** Measures the review of everybody, and writes a section of docs/measurements.md. */
export async function measureAccessReview(): Promise<void> {
  const twin = fork(join(__dirname, "review-twin.ts"), Object.values(SIZE).map(String), {
    execArgv: ["-r", "./ops/register.cjs"],
  });
  console.error("starting the twin");
  const [info] = (await once(twin, "message")) as [ReviewTwinInfo];
  const { appId: clientId, secret: clientSecret } = contoso.auditor;
  const reader = {
    tenantId: contoso.tenantId,
    clientId,
    clientSecret,
    apiToken: contoso.tokens.auditor.value,
  };
  const settings = { config: {}, env: buildProviderEnvironment(info as never, reader) };
  const stacks = [{ name: "contoso", accountId: contoso.accountId, settings }];
  const times: [what: string, cpu: number, seconds: number][] = [];
  const measure = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
    const [began, before] = [performance.now(), process.cpuUsage()];
    console.error(what);
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    times.push([what, (user + system) / 1e6, (performance.now() - began) / 1000]);
    return result;
  };
  const [rules, directories] = await measure("reading rules and names", () =>
    Promise.all([readAllEnforcedRules(stacks), openDirectories(stacks)]),
  );
  const read = await measure("reading people and groups", () => readDirectories(directories, rules));
  const report = await measure("deciding for everybody", () =>
    createReport(createReviews(rules, read).reviews, {
      stacks: ["contoso"],
      rules: "enforced",
      madeAt: new Date().toISOString(),
    }),
  );
  const json = await measure("writing JSON", () => JSON.stringify(report).length);
  const csv = await measure("writing CSV", () => {
    let length = 0;
    for (const part of renderCsv(report)) length += part.length;
    return length;
  });
  twin.disconnect();
  const grants = report.applications.reduce((sum, { counts }) => sum + counts.people, 0);
  const cpu = times.reduce((sum, [, seconds]) => sum + seconds, 0);
  writeMeasurements("Access review", [
    "| | CPU | time |",
    "|---|---|---|",
    ...times.map(([what, own, all]) => `| ${what} | ${own.toFixed(1)} s | ${all.toFixed(1)} s |`),
    `| all of it | ${cpu.toFixed(1)} s | |`,
    "",
    `Largest memory: ${formatMegabytes(process.resourceUsage().maxRSS * 1024)}. The report has ${grants.toLocaleString("en")} grants, ` +
      `${formatMegabytes(json)} of JSON and ${formatMegabytes(csv)} of CSV.`,
  ]);
}
