import type { Population } from "../decision/channel";
import { describeConditions, describeResult } from "../decision/decide";
import { type Grant, GrantList } from "../decision/grants";
import { findChain } from "../decision/members";
import type { Application, Person } from "../decision/model";
import type { Outcome } from "../decision/outcomes";
import type { AccountReview, ApplicationReview, Opening } from "../decision/review";
import type { FindSince, MemberSince } from "../sources/memberships";
import { joinGrants, type ReportedGrant } from "./grants";

/** The people who can reach applications, as plain data; docs/commands/access.md documents it. */
export interface AccessReport {
  readonly schema: "entra-access/access/1";
  /** RFC 3339. */
  readonly madeAt: string;
  readonly rules: "enforced" | "declared";
  readonly stacks: readonly string[];
  /** All people that the report mentions. */
  readonly people: readonly ReportedPerson[];
  /** Those that most people can reach come first. */
  readonly applications: readonly ReportedApplication[];
  /** Unused ones first, then those by which most people get in. */
  readonly grants: readonly ReportedGrant[];
  /** Parts that could not be read, with the permission that is missing; absent if there are none. */
  readonly unchecked?: readonly string[];
}

export interface ReportedPerson {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  /** The mail address, else the sign-in name. */
  readonly address: string;
  readonly account: "member" | "guest";
  readonly disabled: boolean;
}

export interface ReportedApplication {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly accountId: string;
  /** True where anybody gets in without a sign-in and no condition must be met. */
  readonly anybody: boolean;
  /** True if a rule admits every person who signs in, possibly under a condition such as a country. */
  readonly everyone: boolean;
  readonly counts: {
    readonly people: number;
    readonly conditional: number;
    readonly guests: number;
    readonly disabled: number;
  };
  readonly openings: readonly ReportedOpening[];
  readonly access: readonly ReportedAccess[];
}

export interface ReportedOpening {
  readonly kind: Opening["kind"];
  readonly who: string;
  /** True where anybody gets in and no condition must be met. */
  readonly open: boolean;
  readonly policy: string;
  readonly because: string;
  readonly condition?: string;
}

/** The access of people who get in alike. */
export interface ReportedAccess {
  readonly result: "allowed" | "conditional";
  /** True if a rule admits every person who signs in, possibly under a condition such as a country. */
  readonly everyone: boolean;
  readonly identityProvider: string;
  readonly policy: string;
  readonly because: string;
  readonly condition?: string;
  /** Ids. */
  readonly people: readonly string[];
  /** By id, where asked for: the nested groups that make somebody a member, the outermost first. */
  readonly chains?: Readonly<Record<string, readonly string[]>>;
  /** By id, where asked for: since when the group has somebody. */
  readonly since?: Readonly<Record<string, MemberSince>>;
}

type Memberships = ReadonlyMap<string, FindSince> | undefined;

export function createReport(
  reviews: readonly AccountReview[],
  {
    stacks,
    rules,
    madeAt,
    isReported = () => true,
    withChains = false,
    memberships,
    unchecked = [],
  }: Pick<AccessReport, "stacks" | "rules" | "madeAt" | "unchecked"> & {
    /** Selects applications; default: all. */
    readonly isReported?: (application: Application) => boolean;
    readonly withChains?: boolean;
    /** Since when groups have their members, by tenant; requires chains. */
    readonly memberships?: Memberships;
  },
): AccessReport {
  const mentioned = new Map<string, ReportedPerson>();
  const grants: [application: string, Grant][] = [];
  const applications = reviews.flatMap((review) => {
    const list = new GrantList(review);
    return review.context.rules.applications.filter(isReported).map((application) => {
      const reviewed = review.reviewApplication(application);
      for (const grant of list.list(reviewed)) grants.push([application.name, grant]);
      return createApplication(review, reviewed, mentioned, { withChains, memberships });
    });
  });
  return {
    schema: "entra-access/access/1",
    madeAt,
    rules,
    stacks,
    people: [...mentioned.values()],
    applications: applications.sort(
      (one, other) => other.counts.people - one.counts.people || (one.name < other.name ? -1 : 1),
    ),
    grants: joinGrants(grants),
    ...(unchecked.length > 0 && { unchecked }),
  };
}

function createApplication(
  review: AccountReview,
  { application, anybody, everyone, openings, outcomes }: ApplicationReview,
  mentioned: Map<string, ReportedPerson>,
  { withChains, memberships }: { withChains: boolean; memberships: Memberships },
): ReportedApplication {
  const { population, context } = review;
  const counts = { people: 0, conditional: 0, guests: 0, disabled: 0 };
  const access = outcomes.map(({ outcome, people: positions }): ReportedAccess => {
    const people = [...positions].map((position) => {
      const person = population.people[position] as Person;
      if (!mentioned.has(person.id)) mentioned.set(person.id, describePerson(person));
      counts.people++;
      if (outcome.admitted !== true) counts.conditional++;
      if (person.isGuest) counts.guests++;
      if (!person.isEnabled) counts.disabled++;
      return person.id;
    });
    return {
      ...describeOutcome(outcome, everyone),
      people,
      ...(withChains && collectChains(population, outcome, positions, memberships)),
    };
  });
  const { id, name, address } = application;
  const { accountId } = context.rules;
  const about = { id, name, address, accountId, anybody, everyone, counts };
  return { ...about, openings: openings.map(describeOpening), access };
}

export function describePerson({
  id,
  tenantId,
  name,
  mail,
  signInName,
  isGuest,
  isEnabled,
}: Person): ReportedPerson {
  const account = isGuest ? "guest" : "member";
  return { id, tenantId, name, address: mail ?? signInName, account, disabled: !isEnabled };
}

function describeOutcome(outcome: Outcome, everyone: boolean): Omit<ReportedAccess, "people"> {
  const { admitted, provider, policy, because, rule } = outcome;
  const condition = describeConditions(admitted);
  return {
    result: describeResult(admitted) === "allowed" ? "allowed" : "conditional",
    everyone: everyone && rule !== undefined && "everyone" in rule,
    identityProvider: provider.name,
    policy,
    because,
    ...(condition !== undefined && { condition }),
  };
}

export function describeOpening({ kind, admitted, policy, because, provider }: Opening): ReportedOpening {
  const condition = describeConditions(admitted);
  const who = {
    bypass: "anybody, without a sign-in",
    "service auth": "programs, without a sign-in",
    "identity provider": `people of identity provider "${provider?.name}"`,
  }[kind];
  return {
    kind,
    who,
    open: admitted === true,
    policy,
    because,
    ...(condition !== undefined && { condition }),
  };
}

/** Finds the groups inside the group of the rule that make people members, and since when; direct members have none. */
function collectChains(
  { directories }: Population,
  { rule, provider }: Outcome,
  positions: Int32Array,
  memberships: Memberships,
): Pick<ReportedAccess, "chains" | "since"> {
  const source = directories.find(({ directory }) => directory.tenantId === provider.tenantId);
  if (!rule?.azureAD || !source) return { chains: {} };
  const { directory, start } = source;
  const findSince = memberships?.get(directory.tenantId);
  const groupId = String(rule.azureAD.id).toLowerCase();
  const chains: Record<string, string[]> = {};
  const since: Record<string, MemberSince> = {};
  for (const position of positions) {
    const chain = findChain(directory, groupId, position - start);
    const person = directory.people[position - start];
    if (!chain || !person) continue;
    if (chain.length > 1) chains[person.id] = chain.slice(1).map(({ id, name }) => name ?? id);
    if (findSince) since[person.id] = findSince(chain, person.id);
  }
  return { chains, ...(findSince && { since }) };
}
