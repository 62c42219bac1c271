import { UsageError } from "../errors";
import type { CommandOption } from "../options";
import type { PeopleChange } from "./people";

/** The most people who may gain access to an application: a number, or a share of those whose access was compared. */
export type MaxGain = { readonly people: number } | { readonly percent: number };

export const MAX_GAIN_OPTION: CommandOption<MaxGain | undefined> = {
  kind: "value",
  placeholder: "<n>|<n>%",
  description:
    "fails if more than n people, or n % of all, gain access to an application, or if anybody does",
  parse(given, name) {
    if (given === undefined) return undefined;
    const [, number, percent] = /^(?:(0|[1-9]\d{0,8})|(\d{1,3}(?:\.\d{1,3})?)%)$/.exec(String(given)) ?? [];
    if (number !== undefined) return { people: Number(number) };
    if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
    throw new UsageError(`--${name} must be a number of people, or a share such as 5%; found "${given}"`);
  },
};

/** Marks the applications that more people gain than allowed, or that open to anybody. */
export function markExcessiveGains(change: PeopleChange, max: MaxGain): PeopleChange {
  const most = countMost(change, max);
  const applications = change.applications.map((one) =>
    one.anybody || one.gain > most ? { ...one, excessive: true } : one,
  );
  return { ...change, applications };
}

/** Describes the applications that are marked. */
export function describeExcessiveGains(change: PeopleChange, max: MaxGain): string[] {
  const most = countMost(change, max);
  const rule =
    "people" in max ? `--max-gain ${most}` : `--max-gain ${max.percent}% of ${change.people} people`;
  return change.applications.flatMap(({ name, gain, anybody, excessive }) => {
    if (!excessive) return [];
    return anybody
      ? [`${name}: must not admit anybody without a sign-in; found a bypass without a condition (${rule})`]
      : [`${name}: must let at most ${most} people gain access; found ${gain} (${rule})`];
  });
}

const countMost = ({ people }: PeopleChange, max: MaxGain) =>
  "people" in max ? max.people : Math.floor((people * max.percent) / 100);
