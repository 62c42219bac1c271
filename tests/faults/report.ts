import { nameOf, OPERATIONS, type Point } from "./points";
import type { Outcome } from "./trial";

export interface Tried {
  readonly point: Point;
  readonly outcome: Outcome;
}

export interface Report {
  readonly tried: readonly Tried[];
  /** How many points there are. */
  readonly of: number;
  readonly version: string;
  readonly date: Date;
}

/** The page docs/faults.md. */
export function describeReport({ tried, of, version, date }: Report): string {
  const rows = OPERATIONS.map(
    (operation) => [operation, tried.filter(({ point }) => point.operation === operation)] as const,
  ).filter(([, of]) => of.length > 0);
  const bad = tried.filter(({ outcome }) => outcome.problems.length > 0);
  return `# What was broken on purpose, and what came of it

Written by \`npm run test:faults\`: version ${version}, ${date.toISOString().slice(0, 10)}, real engine and stand-in plugins on the twin.
At each HTTP request of an \`up\`, a rotation and a \`destroy\` one thing goes wrong once: 429, 500, the connection breaks before
or after the request took effect, the answer never comes, or the engine is killed. Then \`npx entra-access up\` runs.

Converged: it ended well, there is one application, credential, consent and identity provider, and Entra accepts the secret
that Cloudflare holds. Not reached: the run asked in another order, and the request did not come.

| | points tried | not reached | operation survived by itself | converged | left over or failed |
|---|---|---|---|---|---|
${[...rows, ["all", tried] as const].map(([name, group]) => row(name, group)).join("\n")}

${tried.length} of ${of} points.${tried.length < of ? " The run was cut short or told to do a part." : ""}
${bad.length > 0 ? `\n${bad.map(({ point, outcome }) => `- ${nameOf(point)}: ${outcome.problems.join("; ")}`).join("\n")}\n` : ""}`;
}

function row(name: string, group: readonly Tried[]): string {
  const count = (holds: (outcome: Outcome) => boolean) =>
    group.filter(({ outcome }) => holds(outcome)).length;
  const cells = [
    group.length,
    count(({ struck }) => !struck),
    count(({ survived }) => survived),
    count(({ problems }) => problems.length === 0),
    count(({ problems }) => problems.length > 0),
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}
