import { html } from "hono/html";
import type { Html } from "../http/page";

const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 365 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const words = new Intl.RelativeTimeFormat("en");

/** Formats a date relative to now: "in 729 days", "3 hours ago". Rounds toward now, so that remaining time is not overstated. */
export function formatRelativeTime(now: Date, moment: Date): string {
  const seconds = Math.trunc((moment.getTime() - now.getTime()) / 1000);
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= 2 * each) ?? ["second", 1];
  return words.format(Math.trunc(seconds / length), unit);
}

/** Renders a date and time in UTC, whole seconds. @param iso ISO 8601 */
export function renderMoment(iso: string): Html {
  const text = new Date(iso).toISOString();
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 19)} UTC</time>`;
}
