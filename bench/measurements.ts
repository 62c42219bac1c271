import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";

const REPORT = join(__dirname, "../docs/measurements.md");

/** Prints the lines of a table and puts them into a section of docs/measurements.md, with the machine and the day. */
export function writeMeasurements(heading: string, lines: readonly string[]): void {
  console.log(lines.join("\n"));
  const sections = readFileSync(REPORT, "utf8").split(/^(?=## )/m);
  const written = sections.map((section) =>
    section.startsWith(`## ${heading}\n`)
      ? section.replace(/Measured on.*/s, `${describeMachine()}\n\n${lines.join("\n")}\n\n`)
      : section,
  );
  writeFileSync(REPORT, `${written.join("").trimEnd()}\n`);
}

/** Names the day and the machine of a measurement, with the load of the last minute, which other programs are part of. */
export function describeMachine(): string {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(0)}`;
  return `Measured on ${day}, Node.js ${process.version}, ${machine}:`;
}

export const formatMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

export const median = (of: readonly number[]) =>
  [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
