import { formatPoint, isWrite, OPERATIONS, POINT_EFFECTS, type Point, type PointEffect } from "./points";
import type { Outcome } from "./trial";

export interface TriedPoint {
  readonly point: Point;
  readonly outcome: Outcome;
}

export interface FaultReport {
  readonly tried: readonly TriedPoint[];
  /** All points. */
  readonly all: readonly Point[];
  readonly leaks: { readonly secrets: number; readonly places: readonly string[] };
  readonly version: string;
  readonly date: Date;
}

/** Writes the page docs/faults.md. */
export function describeFaultReport({ tried, all, leaks, version, date }: FaultReport): string {
  const groups = OPERATIONS.flatMap((operation) =>
    (Object.keys(POINT_EFFECTS) as PointEffect[]).map((effect) => {
      const here = (point: Point) => point.operation === operation && point.effect === effect;
      return row(
        `${operation} | ${effect}`,
        tried.filter(({ point }) => here(point)),
        all.filter(here),
      );
    }),
  );
  const bad = tried.filter(({ outcome }) => outcome.problems.length > 0);
  return `# Faults on purpose, and their outcome

Written by \`npm run test:faults\`: version ${version}, ${date.toISOString().slice(0, 10)}, real engine and stand-in plugins on the twin.
The stack has every type of resource: two tenants with assigned groups, an Entra group of its own, Access groups, policies and
applications, private ranges and host names, the enrollment of devices, one-time PINs, Conditional Access, and managed provisioning. One
fault is injected at each HTTP request of the first \`up\`, an update of every type, a rotation and a \`destroy\`: 429, 500, a connection
that breaks before or after the request took effect, an answer that never comes, or a killed engine. Then \`npx entra-access up\` runs.

Converged: the \`up\` succeeded, nothing exists that the state does not have, there is one client secret for each tenant, Entra accepts the
secrets that Cloudflare holds, and a preview finds no changes. Left behind: something exists that the state does not have. Not reached:
the run made its requests in another order, and this one did not occur. Survived: the run itself succeeded despite the fault.

| operation | fault | points | tried | not reached | survived | converged | left behind | failed otherwise |
|---|---|---|---|---|---|---|---|---|
${[...groups, row("all |", tried, all)].join("\n")}

${describeCoverage(tried, all)}
${describeLeaks(leaks)}${bad.length > 0 ? `\n${bad.map(({ point, outcome }) => `- ${formatPoint(point)}: ${outcome.problems.join("; ")}`).join("\n")}\n` : ""}`;
}

/** Says what was found; nothing for a run that tried no point. */
function describeLeaks({ secrets, places }: FaultReport["leaks"]): string {
  if (secrets === 0) return "";
  const found =
    places.length === 0 ? `None of ${secrets} secrets` : `Some of ${secrets} secrets (${places.join(", ")})`;
  return `${found} was found in clear text, base64 or URL-encoded in state, history, output, errors or the log of requests in the
last part of the run.
`;
}

function describeCoverage(tried: readonly TriedPoint[], all: readonly Point[]): string {
  if (tried.length >= all.length) return "Every point was tried.";
  const known = new Set(tried.map(({ point }) => formatPoint(point)));
  const writes = (points: readonly Point[]) => points.filter(({ request }) => isWrite(request)).length;
  const missing = all.filter((point) => !known.has(formatPoint(point)));
  const where =
    writes(missing) === 0
      ? `all at requests that read or sign in; the ${writes(all)} at requests that write were tried.`
      : `${writes(missing)} of them at the ${writes(all)} points of requests that write; the others are at requests that read or sign in.`;
  return `**Not tried: ${missing.length} of ${all.length} points**, ${where}`;
}

const LEFT_BEHIND = /^left behind: /;

function row(name: string, tried: readonly TriedPoint[], all: readonly Point[]): string {
  const count = (holds: (outcome: Outcome) => boolean) =>
    tried.filter(({ outcome }) => holds(outcome)).length;
  const isLeftBehind = ({ problems }: Outcome) => problems.some((problem) => LEFT_BEHIND.test(problem));
  const cells = [
    all.length,
    tried.length,
    count(({ struck }) => !struck),
    count(({ survived }) => survived),
    count(({ problems }) => problems.length === 0),
    count(isLeftBehind),
    count((outcome) => outcome.problems.length > 0 && !isLeftBehind(outcome)),
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}
