import type {
  AccessReport,
  ReportedAccess,
  ReportedApplication,
  ReportedOpening,
  ReportedPerson,
} from "./report";

/** One person's access to one application. */
export interface AccessRow {
  readonly application: ReportedApplication;
  readonly person: ReportedPerson;
  readonly access: ReportedAccess;
}

/** Lists a row per person and application, by name. */
export function listRows({
  people,
  applications,
}: Pick<AccessReport, "people" | "applications">): AccessRow[] {
  const byId = indexPeople({ people });
  return applications.flatMap((application) => listApplicationRows(application, byId));
}

export const indexPeople = ({ people }: Pick<AccessReport, "people">): ReadonlyMap<string, ReportedPerson> =>
  new Map(people.map((person) => [person.id, person]));

export function listApplicationRows(
  application: ReportedApplication,
  people: ReadonlyMap<string, ReportedPerson>,
): AccessRow[] {
  return application.access
    .flatMap((access) =>
      access.people.flatMap((id): AccessRow[] => {
        const person = people.get(id);
        return person ? [{ application, person, access }] : [];
      }),
    )
    .sort((one, other) => compare(one.person.name, other.person.name));
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

export const formatPerson = ({ name, address }: ReportedPerson) => `${name} <${address}>`;

export const formatApplication = ({ name, address }: Pick<ReportedApplication, "name" | "address">) =>
  address === "" || address === name ? name : `${name} (${address})`;

export const formatAccount = ({ account, disabled }: ReportedPerson) =>
  disabled ? `${account}, disabled` : account;

/** Describes why, with the chain of nested groups: `Entra group "Employees" > "Engineering" since ... by ...`. */
export function formatReason(
  { policy, because, chains, since }: Omit<ReportedAccess, "people">,
  personId: string,
): string {
  const inner = (chains?.[personId] ?? []).map((name) => ` > "${name}"`).join("");
  const member = since?.[personId];
  const from = !member
    ? ""
    : "before" in member
      ? `, since before ${member.before.slice(0, 10)}`
      : `, since ${member.at.slice(0, 10)} by ${member.by}`;
  return `policy "${policy}", ${because}${inner}${from}`;
}

export function formatOpening({ who, policy, because, condition }: ReportedOpening): string {
  return `${who}: policy "${policy}", ${because}${condition === undefined ? "" : ` if ${condition}`}`;
}

/** Counts people in words: `12 people, of whom 2 only under a condition; 1 guest`. */
export function formatCounts({
  people,
  conditional,
  guests,
  disabled,
}: ReportedApplication["counts"]): string {
  const parts = [
    `${people} ${people === 1 ? "person" : "people"}`,
    ...(conditional > 0 ? [`of whom ${conditional} only under a condition`] : []),
  ];
  const marks = [
    ...(guests > 0 ? [`${guests} ${guests === 1 ? "guest" : "guests"}`] : []),
    ...(disabled > 0 ? [`${disabled} with a disabled account`] : []),
  ];
  return [parts.join(", "), ...marks].join("; ");
}

/** Formats the numbers of an application for a table; none is an empty cell. */
export const formatCountCells = ({ people, conditional, guests, disabled }: ReportedApplication["counts"]) =>
  [people, conditional, guests, disabled].map((count) => String(count || ""));

/** Describes what stands out: anybody without a sign-in, everyone who signs in. */
export function listRemarks({ anybody, everyone, openings }: ReportedApplication): string[] {
  return [
    ...(anybody ? ["open to anybody"] : []),
    ...(openings.some(({ kind, open }) => kind === "bypass" && !open) ? ["bypass"] : []),
    ...(everyone ? ["everyone"] : []),
  ];
}

type ReportSource = Pick<AccessReport, "madeAt" | "rules" | "stacks" | "unchecked">;

/** Describes when and from what a report was made, and what is missing. */
export function describeSource({ madeAt, rules, stacks, unchecked = [] }: ReportSource): string {
  const source = rules === "enforced" ? "the rules that the accounts enforce" : "the settings of the stacks";
  const missing = unchecked.map((text) => ` Not checked: ${text}.`).join("");
  return `Made at ${madeAt} from ${source}; stacks ${stacks.join(", ")}.${missing}`;
}
