import type { Channel } from "./channel";
import type { AccessRule, Policy } from "./model";
import type { OutcomePeople } from "./outcomes";
import type { AccountReview, ApplicationReview } from "./review";
import { PERSON_RULES, readRule } from "./selectors";
import { describeRule } from "./words";

/** A rule by which an allowing policy lets people in to an application. */
export interface Grant {
  readonly policy: string;
  /** In words: `Access group "finance": Entra group "Finance"`. */
  readonly because: string;
  /** Number of people whom the rule matches. */
  readonly members: number;
  /** Number of members whose account is disabled. */
  readonly disabled: number;
  /** Number of members who can reach the application through the policy. */
  readonly people: number;
}

/** Lists the grants of one application after another, with marks by position of a person that are used again. */
export class GrantList {
  private readonly reached: Uint8Array;
  private readonly admitted: Uint8Array;
  private readonly members: Uint8Array;

  constructor(private readonly review: AccountReview) {
    const { length } = review.population.people;
    this.reached = new Uint8Array(length);
    this.admitted = new Uint8Array(length);
    this.members = new Uint8Array(length);
  }

  list({ application, outcomes }: ApplicationReview): Grant[] {
    const { reached, admitted, members } = this;
    const { people } = this.review.population;
    const channels = this.review.listChannels(application);
    markPeople(reached, outcomes);
    return application.policies.flatMap((policy) => {
      if (policy.decision !== "allow") return [];
      const isAlone = application.policies.length === 1;
      markPeople(
        admitted,
        isAlone ? outcomes : this.review.decideEverybody({ ...application, policies: [policy] }),
      );
      return this.listIncludedRules(policy).map(([rule, because]): Grant => {
        markMembers(members, rule, channels);
        const grant = { policy: policy.name, because, members: 0, disabled: 0, people: 0 };
        members.forEach((isMember, position) => {
          if (!isMember) return;
          grant.members++;
          if (people[position]?.isEnabled === false) grant.disabled++;
          if (admitted[position] && reached[position]) grant.people++;
        });
        return grant;
      });
    });
  }

  /** Lists the rules about people that a policy includes, also within Access groups, with words for each. */
  private listIncludedRules({ include }: Policy): [rule: AccessRule, because: string][] {
    const { rules, names } = this.review.context;
    const follow = (list: readonly AccessRule[], before: string, within: readonly string[]) =>
      list.flatMap((rule): [AccessRule, string][] => {
        const [type, { id }] = readRule(rule);
        const because = `${before}${describeRule(rule, rules, names)}`;
        if (type === "everyone" || PERSON_RULES.has(type)) return [[rule, because]];
        const group = type === "group" ? rules.groups.get(String(id)) : undefined;
        if (!group || within.includes(group.id)) return [];
        return follow(group.include, `${because}: `, [...within, group.id]);
      });
    return follow(include, "", []);
  }
}

function markPeople(marked: Uint8Array, outcomes: readonly OutcomePeople[]): void {
  marked.fill(0);
  for (const { people } of outcomes) for (const position of people) marked[position] = 1;
}

function markMembers(marked: Uint8Array, rule: AccessRule, channels: readonly Channel[]): void {
  marked.fill(0);
  const [type, { identity_provider_id: providerId }] = readRule(rule);
  for (const channel of channels) {
    if (type === "everyone") marked.fill(1, ...channel.range);
    else if (providerId === undefined || providerId === channel.provider.id) {
      const { certain, possible } = channel.findMatching(rule);
      for (const positions of [certain, possible]) for (const position of positions) marked[position] = 1;
    }
  }
}
