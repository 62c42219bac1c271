import { listFirst } from "../../terminal/list-first";
import type { Grant } from "../decision/grants";

/** A rule by which policies let people in. */
export interface ReportedGrant extends Grant {
  /** Names of the applications for which it does so alike. */
  readonly applications: readonly string[];
}

/** Joins what is the same for several applications. */
export function joinGrants(all: readonly (readonly [application: string, Grant])[]): ReportedGrant[] {
  const joined = new Map<string, ReportedGrant>();
  for (const [application, grant] of all) {
    const key = JSON.stringify(grant);
    const { applications = [] } = joined.get(key) ?? {};
    joined.set(key, { ...grant, applications: [...applications, application] });
  }
  return [...joined.values()].sort(
    (one, other) =>
      Number(other.people === 0) - Number(one.people === 0) ||
      other.people - one.people ||
      (one.because < other.because ? -1 : 1),
  );
}

/** Grants that a table shows. */
const MOST_GRANTS = 20;
/** Names that are listed before the number of the others. */
const MOST_APPLICATIONS = 3;

/** The tables of unused and of large grants, which come before everything else. */
export interface GrantTable {
  readonly title: string;
  readonly rows: readonly (readonly [grant: string, people: string, applications: string])[];
}

export const GRANT_COLUMNS = ["grant", "people", "applications"] as const;

/** Lists the tables that are not empty. */
export function listGrantTables({ grants }: { readonly grants: readonly ReportedGrant[] }): GrantTable[] {
  const [unused, used] = [
    grants.filter(({ people }) => people === 0),
    grants.filter(({ people }) => people > 0),
  ];
  const create = (name: string, all: readonly ReportedGrant[]): GrantTable => ({
    title: all.length > MOST_GRANTS ? `${name} (${MOST_GRANTS} of ${all.length})` : name,
    rows: all
      .slice(0, MOST_GRANTS)
      .map((grant) => [
        `policy "${grant.policy}", ${grant.because}`,
        grant.people > 0 ? String(grant.people) : describeUnused(grant),
        listFirst(grant.applications, MOST_APPLICATIONS),
      ]),
  });
  return [create("Unused grants", unused), create("Largest grants", used)].filter(
    ({ rows }) => rows.length > 0,
  );
}

/** Describes why nobody gets in by a grant. */
function describeUnused({ members, disabled }: ReportedGrant): string {
  if (members === 0) return "0: no member";
  return disabled === members
    ? `0: ${members} ${members === 1 ? "member, disabled" : "members, all disabled"}`
    : `0: none of ${members} ${members === 1 ? "member" : "members"} gets in`;
}
