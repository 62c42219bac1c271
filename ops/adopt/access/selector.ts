import type { ResourceKey } from "../../recovery/tenant-state";
import { NotExpressibleError } from "./rules";

/** Kinds of objects that can be imported: their name in messages, the beginning of the resource's name, and its type. */
const KINDS = {
  accessGroup: ["Access group", "access-group", "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup"],
  accessPolicy: [
    "Access policy",
    "access-policy",
    "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
  ],
  accessApplication: [
    "Access application",
    "access-application",
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  ],
  namedLocation: ["named location", "entra-location", "azuread:index/namedLocation:NamedLocation"],
  conditionalAccessPolicy: [
    "policy of Conditional Access",
    "entra-conditional-access",
    "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy",
  ],
} as const;
export type SettingKind = keyof typeof KINDS;
export type AccessKind = SettingKind | "assignment" | "permission";

export const formatResourceName = (kind: SettingKind, name: string) => `${KINDS[kind][1]}-${name}`;

export const formatKey = (kind: SettingKind, name: string): ResourceKey => [
  KINDS[kind][2],
  formatResourceName(kind, name),
];

/** An object of the clouds and the resource of the program that imports it. */
export interface AccessImport {
  readonly kind: AccessKind;
  readonly name: string;
  /** The id of the object; of an assignment, in the form that the provider imports. */
  readonly id: string;
  readonly key: ResourceKey;
}

/** An Access group that takes over rules of a policy. */
export interface CreatedGroup {
  readonly key: ResourceKey;
  /** The id of the policy. */
  readonly id: string;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Collects the objects that the settings can express, as imports, and the others with the reason. */
export class Selector {
  /** Ordered so that nothing refers to a later one. */
  readonly imports: AccessImport[] = [];
  readonly skipped: string[] = [];

  /** @param excluded ids that must not be imported, with the reason */
  constructor(private readonly excluded: ReadonlyMap<string, string>) {}

  /**
   * Selects objects of a kind.
   *
   * @param convert an object to its settings, with the names so far by id; throws NotExpressibleError
   * @returns the settings by name, and the names by id
   */
  select<T extends Named>(
    kind: SettingKind,
    all: readonly T[],
    convert: (one: T, names: ReadonlyMap<string, string>) => object,
  ) {
    const names = new Map<string, string>();
    const settings: Record<string, { displayName?: string }> = {};
    const [label] = KINDS[kind];
    for (const one of all) {
      const { id, name: displayName } = one;
      try {
        const reason = this.excluded.get(id);
        if (reason) throw new NotExpressibleError(reason);
        const converted = convert(one, names);
        const name = chooseName(displayName, new Set(names.values()));
        names.set(id, name);
        settings[name] = { ...(displayName !== name && { displayName }), ...converted };
        this.imports.push({ kind, name: displayName, id, key: formatKey(kind, name) });
      } catch (error) {
        if (!(error instanceof NotExpressibleError)) throw error;
        this.skipped.push(`${label} "${displayName}" (${id}): ${error.message}`);
      }
    }
    return { names, settings };
  }
}

/** Derives an unused name for the settings from the cloud's name, which stays as the display name. */
export function chooseName(displayName: string, used: ReadonlySet<string>): string {
  const plain = displayName.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const words = plain.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const joined = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join("");
  return addNumber(joined.replace(/^[^a-z]+/, "").slice(0, 36) || "unnamed", used, "");
}

/** Adds the lowest number from 2 with which a name is unused, or none. */
export function addNumber(name: string, used: ReadonlySet<string>, separator = " "): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}${separator}${n}`;
    if (!used.has(candidate)) return candidate;
  }
}

const lowerFirst = (word: string) =>
  /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word[0]?.toLowerCase() + word.slice(1);
const upperFirst = (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`;
