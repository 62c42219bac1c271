import { type Addresses, getDomain, listAddresses } from "./addresses";
import { createCondition, type Formula } from "./formula";
import { collectMembers } from "./members";
import type { AccessRule, Directory, IdentityProvider, Person } from "./model";
import { readRule } from "./selectors";

/** The people of the reviewed tenants in one list, in which every directory has a range. */
export interface Population {
  readonly people: readonly Person[];
  /** The position of each directory's first person. */
  readonly directories: readonly { readonly directory: Directory; readonly start: number }[];
}

export function createPopulation(directories: readonly Directory[]): Population {
  let start = 0;
  const placed = directories.map((directory) => {
    const one = { directory, start };
    start += directory.people.length;
    return one;
  });
  return { people: directories.flatMap(({ people }) => people), directories: placed };
}

/** The people whom a rule matches, as positions in the population. */
export interface Matching {
  readonly certain: Int32Array;
  /** People whose address depends on a claim that could not be determined. */
  readonly possible: Int32Array;
}

/** The reason why a person cannot sign in at an identity provider, or cannot do so for certain. */
export interface Obstacle {
  /** In words that complete "the account ...". */
  readonly text: string;
  /** False: nobody with this obstacle can sign in. */
  readonly signsIn: Formula;
}

const NOBODY = new Int32Array();

/** A way to sign in for people of the population: an identity provider with the people who can use it. */
export class Channel {
  private readonly matching = new Map<string, Matching>();
  private addresses: Map<string, Matching> | undefined;
  private assigned: Uint8Array | "all" | "unknown" | undefined;

  private constructor(
    readonly provider: IdentityProvider,
    private readonly population: Population,
    /** Undefined for one-time PINs, which are mailed to anybody. */
    private readonly source: Population["directories"][number] | undefined,
  ) {}

  /** Undefined for an identity provider whose people are in no directory of the population. */
  static create(provider: IdentityProvider, population: Population): Channel | undefined {
    if (provider.type === "onetimepin") return new Channel(provider, population, undefined);
    const source =
      provider.type === "azureAD"
        ? population.directories.find(({ directory }) => directory.tenantId === provider.tenantId)
        : undefined;
    return source && new Channel(provider, population, source);
  }

  /** The range of positions of the people. */
  get range(): readonly [start: number, end: number] {
    if (!this.source) return [0, this.population.people.length];
    return [this.source.start, this.source.start + this.source.directory.people.length];
  }

  /** False for one-time PINs, of which only the address is known. */
  get reportsMethods(): boolean {
    return this.source !== undefined;
  }

  get directory(): Directory | undefined {
    return this.source?.directory;
  }

  /** Finds the people whom a rule about people matches. */
  findMatching(rule: AccessRule): Matching {
    const key = JSON.stringify(rule).toLowerCase();
    const known = this.matching.get(key);
    if (known) return known;
    const found = this.computeMatching(rule);
    this.matching.set(key, found);
    return found;
  }

  private computeMatching(rule: AccessRule): Matching {
    const [type, settings] = readRule(rule);
    if (type !== "azureAD") {
      const key = type === "email" ? settings.email : `@${settings.domain}`;
      return this.indexAddresses().get(String(key).toLowerCase()) ?? { certain: NOBODY, possible: NOBODY };
    }
    const { source, provider } = this;
    if (!source || !provider.loadsGroups) return { certain: NOBODY, possible: NOBODY };
    const members = collectMembers(source.directory, String(settings.id).toLowerCase());
    return { certain: members.map((position) => position + source.start), possible: NOBODY };
  }

  /** Indexes the people by address and by `@` with the domain. */
  private indexAddresses(): Map<string, Matching> {
    if (this.addresses) return this.addresses;
    const lists = new Map<string, { certain: number[]; possible: number[] }>();
    const [start, end] = this.range;
    for (let position = start; position < end; position++) {
      const addresses: Addresses = listAddresses(this.population.people[position] as Person, this.provider);
      if (addresses === "unknown") continue;
      for (const keys of [addresses, addresses.map((address) => `@${getDomain(address)}`)])
        for (const key of new Set(keys)) {
          const list = lists.get(key) ?? { certain: [], possible: [] };
          lists.set(key, list);
          (keys.every((other) => other === key) ? list.certain : list.possible).push(position);
        }
    }
    this.addresses = new Map(
      [...lists].map(([key, { certain, possible }]) => [
        key,
        { certain: Int32Array.from(certain), possible: Int32Array.from(possible) },
      ]),
    );
    return this.addresses;
  }

  /** True where the addresses of these people are not known at all. */
  get hasUnknownAddresses(): boolean {
    const [person] = this.population.people;
    return person !== undefined && listAddresses(person, this.provider) === "unknown";
  }

  findObstacle(position: number): Obstacle | undefined {
    const person = this.population.people[position] as Person;
    if (!this.source) return person.mail ? PIN : NO_MAIL;
    if (!person.isEnabled) return DISABLED;
    this.assigned ??= this.readAssigned(this.source);
    if (this.assigned === "all") return undefined;
    if (this.assigned === "unknown") return ASSIGNMENT_UNKNOWN;
    return this.assigned[position - this.source.start] === 1 ? undefined : UNASSIGNED;
  }

  private readAssigned({ directory }: Population["directories"][number]): Uint8Array | "all" | "unknown" {
    const assignment = directory.assignments.get(this.provider.clientId?.toLowerCase() ?? "");
    if (!assignment || assignment.required === "unknown") return "unknown";
    if (!assignment.required) return "all";
    const isAssigned = new Uint8Array(directory.people.length);
    for (const position of assignment.people) isAssigned[position] = 1;
    for (const id of assignment.groups)
      for (const position of directory.groups.get(id)?.people ?? []) isAssigned[position] = 1;
    return isAssigned;
  }
}

const DISABLED: Obstacle = { text: "is disabled", signsIn: false };
const NO_MAIL: Obstacle = { text: "has no mail address", signsIn: false };
const UNASSIGNED: Obstacle = {
  text: "is not assigned to the application in Entra, directly or as a direct member of an assigned group",
  signsIn: false,
};
const ASSIGNMENT_UNKNOWN: Obstacle = {
  text: "may not be assigned to the application in Entra",
  signsIn: createCondition("assignment", "assigned to the application in Entra, if it requires that"),
};
const PIN: Obstacle = {
  text: "needs a one-time PIN",
  signsIn: createCondition("one-time PIN", "with a one-time PIN mailed to the address"),
};
