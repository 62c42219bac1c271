/** A part of a run, in milliseconds of one clock. */
export interface Span {
  readonly name: string;
  readonly began: number;
  readonly ended: number;
  /** True for a resource, whose plugin may wait; the engine and the program compute. */
  readonly isResource?: boolean;
}

/** A gap between requests this long is waiting. */
const WAITING_MS = 300;
/** Events of the engine arrive a little later than what they tell. */
const TOLERANCE_MS = 20;

/**
 * Draws the parts of a run as a chart of Mermaid, with the critical path marked, and lists the waiting in it.
 *
 * @param requests the times at which requests were answered
 */
export function drawTimeline(spans: readonly Span[], requests: readonly number[]): string[] {
  const start = Math.min(...spans.map(({ began }) => began));
  const path = findCriticalPath(spans);
  const bars = spans.map((span) => {
    const mark = path.includes(span) ? "crit, " : "";
    return `  ${span.name} :${mark}${Math.round(span.began - start)}, ${Math.round(span.ended - start)}`;
  });
  const chart = ["```mermaid", "gantt", "  dateFormat x", "  axisFormat %S s", ...bars, "```"].join("\n");
  const rows = path.map((span) => {
    const waiting = findWaiting(span, requests);
    return `| ${span.name} | ${formatSeconds(span.ended - span.began)} | ${waiting > 0 ? formatSeconds(waiting) : ""} |`;
  });
  const total = formatSeconds(Math.max(...spans.map(({ ended }) => ended)) - start);
  const head = ["| On the critical path | s | of which waiting |", "|---|---|---|"];
  return [chart, [...head, ...rows, `| all | ${total} | |`].join("\n")];
}

/** Finds the chain that decides how long a run takes: before each part, the one that ended last before it began. */
export function findCriticalPath(spans: readonly Span[]): Span[] {
  const latest = (candidates: readonly Span[]) =>
    candidates.reduce<Span | undefined>(
      (last, span) => (last && last.ended >= span.ended ? last : span),
      undefined,
    );
  const path: Span[] = [];
  let next = latest(spans);
  while (next) {
    const { began } = next;
    path.unshift(next);
    next = latest(spans.filter((span) => !path.includes(span) && span.ended <= began + TOLERANCE_MS));
  }
  return path;
}

/** Adds up the gaps between requests: a plugin that waits asks nothing. */
function findWaiting({ began, ended, isResource }: Span, requests: readonly number[]): number {
  if (!isResource) return 0;
  const inside = requests.filter((time) => time > began && time < ended);
  const gaps = [...inside, ended].map((time, i) => time - (inside[i - 1] ?? began));
  return gaps.filter((gap) => gap >= WAITING_MS).reduce((sum, gap) => sum + gap, 0);
}

/** Counts the requests by service. */
export function summarizeRequests(
  requests: readonly { readonly service: string; readonly method: string }[],
): string {
  const counts = new Map<string, number>();
  for (const { service, method } of requests) {
    const kind = `${service} ${method}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const list = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  return `${requests.length} requests: ${list}.`;
}

const formatSeconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
