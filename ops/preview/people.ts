import {
  escapeHtml,
  escapeMarkdown,
  formatMarkdownFold,
  replaceControlCharacters,
} from "../terminal/untrusted-text";

/** The detail in which a preview or a drift report says who gains and who loses access. */
export type PeopleDetail = "counts" | "names";

/** The people who gain and lose access to a stack's applications by an update, or by changes behind Pulumi's back. */
export interface PeopleChange {
  /** Only those that change, in the order of their names. */
  readonly applications: readonly ApplicationChange[];
  /** Entra groups that an update creates or renames, and those that are not found or were renamed. */
  readonly notes: readonly string[];
  /** Number of people whose access was compared. */
  readonly people: number;
}

/** The change, or the reason why it is unknown. */
export type PeopleResult = PeopleChange | { readonly unknown: string };

export interface ApplicationChange {
  readonly name: string;
  readonly change: "created" | "deleted" | "changed";
  readonly gain: number;
  readonly gainingGuests: number;
  readonly lose: number;
  readonly losingGuests: number;
  /** People who keep access under other conditions. */
  readonly otherConditions: number;
  /** New ways in for others: `anybody, without a sign-in: ...`. */
  readonly opens: readonly string[];
  readonly closes: readonly string[];
  /** True where everyone of a tenant gets in and did not before. */
  readonly everyone: boolean;
  /** True where anybody gets in without a sign-in and did not before. */
  readonly anybody: boolean;
  /** True where more people gain access than `--max-gain` allows, or anybody does; absent otherwise. */
  readonly excessive?: boolean;
  /** Names; present with `--names`. */
  readonly gaining?: readonly string[];
  readonly losing?: readonly string[];
}

/** Names shown per application. */
const MOST_NAMES = 50;

/** Describes the change of one application: `wiki: 12 people gain (2 guests), 3 lose`. */
export function describeApplicationChange(one: ApplicationChange): string {
  const count = (people: number, verb: string, guests: number) =>
    people === 0
      ? []
      : [
          `${people} ${people === 1 ? "person" : "people"} ${verb}${people === 1 ? "s" : ""}` +
            (guests > 0 ? ` (${guests} ${guests === 1 ? "guest" : "guests"})` : ""),
        ];
  const parts = [
    ...count(one.gain, "gain", one.gainingGuests),
    ...count(one.lose, "lose", one.losingGuests),
    ...(one.otherConditions > 0 ? [`${one.otherConditions} under other conditions`] : []),
  ];
  const marks = [
    ...(one.anybody ? ["! OPEN TO ANYBODY"] : []),
    ...(one.everyone ? ["! everyone"] : []),
    ...(one.gainingGuests > 0 ? ["! guests"] : []),
    ...(one.excessive ? ["! more than --max-gain"] : []),
  ];
  const change = one.change === "changed" ? "" : ` (${one.change})`;
  return `${one.name}${change}: ${[parts.join(", ") || "nobody gains or loses", ...marks].join(" ")}`;
}

export function describePeopleChange(change: PeopleResult): string[] {
  if ("unknown" in change) return [replaceControlCharacters(`unknown: ${change.unknown}`)];
  if (change.applications.length + change.notes.length === 0) return ["nobody gains or loses access"];
  const lines = change.applications.flatMap((one) => [
    describeApplicationChange(one),
    ...[...listOpenings(one), ...listNames(one)].map((line) => `  ${line}`),
  ]);
  return [...lines, ...change.notes].map(replaceControlCharacters);
}

/** Renders the change for a pull request: numbers in the open, names in a fold. */
export function renderPeopleMarkdown(change: PeopleResult): string[] {
  if ("unknown" in change) return [`Unknown: ${escapeMarkdown(change.unknown)}`];
  if (change.applications.length + change.notes.length === 0) return ["Nobody gains or loses access."];
  const lines = change.applications.flatMap((one) => [
    `- ${escapeMarkdown(describeApplicationChange(one))}`,
    ...listOpenings(one).map((text) => `  - ${escapeMarkdown(text)}`),
  ]);
  const folds = change.applications.flatMap((one) => {
    const names = listNames(one).map((name) => `- ${escapeMarkdown(name)}`);
    return names.length === 0 ? [] : formatMarkdownFold(`<code>${escapeHtml(one.name)}</code>: names`, names);
  });
  return [...lines, ...change.notes.map((note) => `- ${escapeMarkdown(note)}`), ...folds];
}

function listOpenings({ opens, closes }: ApplicationChange): string[] {
  return [...opens.map((text) => `opens to ${text}`), ...closes.map((text) => `closes to ${text}`)];
}

function listNames({ gaining = [], losing = [] }: ApplicationChange): string[] {
  const list = (mark: string, names: readonly string[]) => [
    ...names.slice(0, MOST_NAMES).map((name) => `${mark} ${name}`),
    ...(names.length > MOST_NAMES ? [`${mark} and ${names.length - MOST_NAMES} more`] : []),
  ];
  return [...list("gains:", gaining), ...list("loses:", losing)];
}
