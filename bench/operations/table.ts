import { median } from "../measurements";
import type { Consumption } from "./process-tree";
import type { Work } from "./scenarios";

type Sample = Consumption & { readonly graph: number; readonly cloudflare: number };
type Figures = Record<keyof typeof FIGURES, number>;

/** The medians of one work. */
export interface Measurement extends Pick<Work, "title" | "group" | "stacks" | "fleet" | "isPlain"> {
  readonly rounds: number;
  readonly figures: Figures;
  /** CPU seconds in relation to the plain work of the group. */
  readonly ratio?: number;
  readonly cpuSecondsOfRounds: readonly number[];
}

const FIGURES = {
  cpu: ({ cpuSeconds }: Sample) => cpuSeconds,
  wall: ({ wallSeconds }: Sample) => wallSeconds,
  node: ({ roles }: Sample) => roles.node,
  engine: ({ roles }: Sample) => roles.engine,
  plugins: ({ roles }: Sample) => roles.plugins,
  peakMegabytes: ({ peakMegabytes }: Sample) => peakMegabytes,
  processes: ({ processes }: Sample) => processes,
  graph: ({ graph }: Sample) => graph,
  cloudflare: ({ cloudflare }: Sample) => cloudflare,
};

export function summarize(results: ReadonlyMap<Work, readonly Sample[]>): Measurement[] {
  const read = (samples: readonly Sample[]) =>
    Object.fromEntries(
      Object.entries(FIGURES).map(([name, get]) => [name, median(samples.map(get))]),
    ) as Figures;
  const perStack = ({ stacks }: Work, { cpu }: Figures) => cpu / Math.max(1, stacks);
  return [...results].map(([work, samples]) => {
    const { title, group, stacks, fleet, isPlain = false, pulumiHome } = work;
    const figures = read(samples);
    const plain = [...results].find(([other]) => other.isPlain && other.pulumiHome === pulumiHome);
    return {
      title,
      group,
      stacks,
      isPlain,
      figures,
      rounds: samples.length,
      ...(fleet && { fleet }),
      ...(plain && { ratio: perStack(work, figures) / perStack(plain[0], read(plain[1])) }),
      cpuSecondsOfRounds: samples.map(({ cpuSeconds }) => cpuSeconds),
    };
  });
}

/** Formats measurements as a table of Markdown; CPU and requests of a fleet are those per stack. */
export function renderBenchTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ title, stacks, fleet = stacks, ratio, figures }) => {
    const per = Math.max(1, stacks);
    const { cpu, wall, peakMegabytes, processes, graph, cloudflare } = figures;
    return [
      fleet > 1 ? `${fleet} stacks: ${title}` : title,
      ratio === undefined ? "" : `${ratio.toFixed(2)}×`,
      (cpu / per).toFixed(2),
      (wall / per).toFixed(2),
      peakMegabytes.toFixed(0),
      processes.toFixed(0),
      [graph, cloudflare].map((requests) => (requests / per).toFixed(1)).join(" / "),
    ];
  });
  const head = [
    "",
    "CPU of the plain",
    "CPU s",
    "wall s",
    "peak MB",
    "processes",
    "requests to Graph / Cloudflare",
  ];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Formats what each further stack of a fleet takes, without what is once per command, as sentences of Markdown. */
export function renderGrowth(measurements: readonly Measurement[]): string {
  const fleets = measurements.filter(({ group, isPlain }) => group === "fleet" && !isPlain);
  const sentences = [...new Set(fleets.map(({ title }) => title))].map((title) => {
    const sizes = fleets.filter((fleet) => fleet.title === title);
    const steps = sizes.slice(1).map((larger, index) => {
      const smaller = sizes[index] as Measurement;
      const seconds = (larger.figures.cpu - smaller.figures.cpu) / (larger.stacks - smaller.stacks);
      return `${seconds.toFixed(2)} from ${smaller.stacks} to ${larger.stacks}`;
    });
    return steps.length > 0 ? `CPU seconds of each further stack of ${title}: ${steps.join(", ")}.\n` : "";
  });
  return sentences.join("");
}
