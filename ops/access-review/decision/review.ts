import { Channel, type Obstacle, type Population } from "./channel";
import { type Decision, decideAfterSignIn, decideWithoutSignIn, type RuleContext } from "./decide";
import { all, any, createCondition, type Formula, settle } from "./formula";
import type { AccessRule, Application, IdentityProvider } from "./model";
import { collectPeople, createMerge, type Outcome, type OutcomePeople } from "./outcomes";
import { listPersonRules, readRule, type Visitor } from "./selectors";
import { describeRule } from "./words";

/** A way in for others than people of the population. */
export interface Opening {
  readonly kind: "bypass" | "service auth" | "identity provider";
  readonly admitted: Formula;
  readonly policy: string;
  readonly because: string;
  /** Set where the kind is "identity provider". */
  readonly provider?: IdentityProvider;
}

export interface ApplicationReview {
  readonly application: Application;
  /** True where anybody gets in without a sign-in and no condition must be met. */
  readonly anybody: boolean;
  /** True if a rule admits every person who signs in, possibly under a condition such as a country. */
  readonly everyone: boolean;
  readonly openings: readonly Opening[];
  /** Whoever is in none is refused. */
  readonly outcomes: readonly OutcomePeople[];
}

/** An account's rules with the ways in which the people of the population can sign in. */
export class AccountReview {
  private readonly channels = new Map<string, Channel | undefined>();
  /** By position: 0 for a refusal, else the number of the outcome. Used again for each decision, because it is large. */
  private readonly chosen: Uint32Array;

  constructor(
    readonly context: RuleContext,
    readonly population: Population,
  ) {
    this.chosen = new Uint32Array(population.people.length);
    for (const provider of context.rules.providers.values())
      this.channels.set(provider.id, Channel.create(provider, population));
  }

  /** Lists the ways to sign in to an application. */
  listChannels(application: Application): Channel[] {
    return this.listProviders(application).flatMap(({ id }) => this.channels.get(id) ?? []);
  }

  private listProviders({ allowedProviders }: Application): IdentityProvider[] {
    const providers = [...this.context.rules.providers.values()];
    return providers.filter(({ id }) => allowedProviders.length === 0 || allowedProviders.includes(id));
  }

  reviewApplication(application: Application): ApplicationReview {
    const openings = this.listOpenings(application);
    return {
      application,
      anybody: openings.some(({ kind, admitted }) => kind === "bypass" && admitted === true),
      everyone: this.listProviders(application).some((provider) =>
        this.admitsEveryone(application, provider),
      ),
      openings,
      outcomes: this.decideEverybody(application),
    };
  }

  /** Decides for all people at once: alike people, whom the same rules match, are decided once. */
  decideEverybody(application: Application): OutcomePeople[] {
    const personRules = listPersonRules(this.context.rules, application);
    const outcomes: Outcome[] = [];
    const { chosen } = this;
    chosen.fill(0);
    for (const channel of this.listChannels(application)) {
      const merge = createMerge(outcomes);
      this.decideChannel(application, channel, personRules, (position, outcome) => {
        chosen[position] = merge(chosen[position] ?? 0, outcome);
      });
    }
    return collectPeople(outcomes, chosen);
  }

  /** Decides for somebody whom no rule about people matches. */
  private admitsEveryone(application: Application, { id, type }: IdentityProvider): boolean {
    const { steps } = decideAfterSignIn(this.context, application, {
      providerId: id,
      reportsMethods: type !== "onetimepin",
      matches: () => false,
    });
    return steps.some(
      ({ policy, matches, rule }) =>
        policy.decision !== "deny" && matches !== false && rule !== undefined && "everyone" in rule,
    );
  }

  private decideChannel(
    application: Application,
    channel: Channel,
    personRules: readonly AccessRule[],
    assign: (position: number, outcome: Outcome) => void,
  ): void {
    const decided = new Map<string, Outcome | undefined>();
    const assignBy = (position: number, matched: string) => {
      const obstacle = channel.findObstacle(position);
      const key = `${matched}${obstacle?.text ?? ""}`;
      if (!decided.has(key)) decided.set(key, this.decidePerson(application, channel, position, obstacle));
      const outcome = decided.get(key);
      if (outcome) assign(position, outcome);
    };
    const matchedRules = new Map<number, string>();
    personRules.forEach((rule, index) => {
      const { certain, possible } = channel.findMatching(rule);
      for (const position of certain)
        matchedRules.set(position, `${matchedRules.get(position) ?? ""}${index} `);
      for (const position of possible)
        matchedRules.set(position, `${matchedRules.get(position) ?? ""}${index}? `);
    });
    const other = decideAfterSignIn(this.context, application, {
      providerId: channel.provider.id,
      reportsMethods: channel.reportsMethods,
      matches: () => channel.hasUnknownAddresses && createCondition("person", ""),
    });
    if (other.admitted === false) for (const [position, matched] of matchedRules) assignBy(position, matched);
    else
      for (let [position, end] = channel.range; position < end; position++)
        assignBy(position, matchedRules.get(position) ?? "");
  }

  private decidePerson(
    application: Application,
    channel: Channel,
    position: number,
    obstacle: Obstacle | undefined,
  ): Outcome | undefined {
    if (obstacle?.signsIn === false) return undefined;
    const { admitted, by } = decideAfterSignIn(
      this.context,
      application,
      this.createVisitor(channel, position),
    );
    const conditions = all([obstacle?.signsIn ?? true, admitted]);
    if (conditions === false || !by) return undefined;
    const { policy, because, rule } = by;
    return { admitted: conditions, provider: channel.provider, policy: policy.name, because, rule };
  }

  /** Creates the visitor for a person who signs in through a channel. */
  createVisitor(channel: Channel, position: number): Visitor {
    const { rules, names } = this.context;
    return {
      providerId: channel.provider.id,
      reportsMethods: channel.reportsMethods,
      matches: (rule) => {
        const [type, { email, domain }] = readRule(rule);
        const isOpen = type !== "azureAD" && channel.hasUnknownAddresses;
        const { certain, possible } = isOpen ? EVERYBODY_POSSIBLY : channel.findMatching(rule);
        if (includes(certain, position)) return true;
        if (!isOpen && !includes(possible, position)) return false;
        const text = `signed in with ${describeRule(rule, rules, names)}`;
        return createCondition("person", text, String(email ?? domain));
      },
    };
  }

  /** Lists the ways in without a sign-in, and those of identity providers whose people are not known. */
  private listOpenings(application: Application): Opening[] {
    const { rules, names } = this.context;
    const early = decideWithoutSignIn(this.context, application).steps.flatMap(
      ({ policy, matches, because }): Opening[] =>
        matches === false
          ? []
          : [
              {
                kind: policy.decision === "bypass" ? "bypass" : "service auth",
                admitted: matches,
                policy: policy.name,
                because,
              },
            ],
    );
    const strangers = this.listProviders(application).flatMap((provider): Opening[] => {
      if (this.channels.get(provider.id)?.directory) return [];
      const { admitted, by } = decideAfterSignIn(this.context, application, {
        providerId: provider.id,
        reportsMethods: provider.type !== "onetimepin",
        matches: (rule) => {
          const [, { email, domain, id }] = readRule(rule);
          const value = String(email ?? domain ?? id);
          return createCondition("person", `with ${describeRule(rule, rules, names)}`, value);
        },
      });
      if (admitted === false || !by) return [];
      return [{ kind: "identity provider", admitted, policy: by.policy.name, because: by.because, provider }];
    });
    return [...early, ...strangers];
  }

  /** Decides for one person policy by policy, for each way to sign in. */
  explain(application: Application, position: number): Explanation {
    const ways = this.listChannels(application).flatMap((channel): ExplainedWay[] => {
      const [start, end] = channel.range;
      if (position < start || position >= end) return [];
      const decision = decideAfterSignIn(this.context, application, this.createVisitor(channel, position));
      const obstacle = channel.findObstacle(position);
      return [
        { channel, obstacle, ...decision, admitted: all([obstacle?.signsIn ?? true, decision.admitted]) },
      ];
    });
    return {
      admitted: settle(any(ways.map(({ admitted }) => admitted))),
      ways,
      withoutSignIn: decideWithoutSignIn(this.context, application),
    };
  }
}

const EVERYBODY_POSSIBLY = { certain: new Int32Array(), possible: new Int32Array() };

export interface ExplainedWay extends Decision {
  readonly channel: Channel;
  readonly obstacle: Obstacle | undefined;
}

export interface Explanation {
  readonly admitted: Formula;
  readonly ways: readonly ExplainedWay[];
  readonly withoutSignIn: Decision;
}

/** Searches a list of ascending numbers. */
function includes(ascending: Int32Array, wanted: number): boolean {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === wanted;
}
