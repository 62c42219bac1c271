import type { EnforcementLevel, ResourceValidationPolicy, Severity } from "@pulumi/policy";
import { runtime } from "@pulumi/pulumi";

/** A resource as the engine shows it to a policy, before it is created or changed. */
export interface CheckedResource {
  /** Pulumi type, e.g. "azuread:index/application:Application". */
  readonly type: string;
  /** Name in the program. */
  readonly name: string;
  /** The inputs. In a preview, one that is not known yet throws when it is read, and the rule is not judged. */
  readonly props: Readonly<Record<string, unknown>>;
  /** True if the resource is protected against deletion. */
  readonly protect: boolean;
}

type SettingSchema = NonNullable<ResourceValidationPolicy["configSchema"]>["properties"][string];

/** What must never be deployed. A rule looks at one resource, so that it speaks before anything is created. */
export interface Rule<Settings extends object = object> {
  /** Stable across releases: the configuration of the pack names it. */
  readonly name: string;
  /** What must hold, as a sentence. */
  readonly description: string;
  /** What happens where it does not hold. */
  readonly reason: string;
  readonly severity: Severity;
  /** Default: "mandatory", which stops the deployment. */
  readonly level?: EnforcementLevel;
  /** Pulumi types that the rule judges. */
  readonly types: readonly string[];
  /** JSON schema and default of each setting. */
  readonly settings?: Readonly<Record<keyof Settings & string, SettingSchema>>;
  /** Calls `report` with what is wrong: "x must ...; found ...". @param config the config of the stack, as text by full key */
  check(
    resource: CheckedResource,
    report: (problem: string) => void,
    settings: Settings,
    now: Date,
    config: Readonly<Record<string, string>>,
  ): void;
}

/** Lets one resource break one rule until a date, and says who answers for it. Every rule has a list of them. */
export interface RuleException {
  /** Name of the resource in the program. */
  resource: string;
  /** The person who answers for it. */
  person: string;
  /** The last day, e.g. "2027-03-31". */
  until: string;
}

const EXCEPTIONS_SCHEMA: SettingSchema = {
  type: "array",
  default: [],
  items: {
    type: "object",
    required: ["resource", "person", "until"],
    additionalProperties: false,
    properties: {
      resource: { type: "string", minLength: 1 },
      person: { type: "string", minLength: 1 },
      until: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
    },
  },
};

const DAY = 24 * 3600 * 1000;

/** Turns a rule into a policy of Pulumi. @param now the clock @param readConfig reads the stack's config; tests replace both */
export function toPolicy<Settings extends object>(
  rule: Rule<Settings>,
  now = () => new Date(),
  readConfig: () => Readonly<Record<string, string>> = runtime.allConfig,
): ResourceValidationPolicy {
  return {
    name: rule.name,
    description: `${rule.description} ${rule.reason}`,
    enforcementLevel: rule.level ?? "mandatory",
    severity: rule.severity,
    configSchema: { properties: { exceptions: EXCEPTIONS_SCHEMA, ...rule.settings } },
    validateResource({ type, name, props, opts, getConfig }, reportViolation) {
      if (!rule.types.includes(type)) return;
      const { exceptions = [], ...settings } = getConfig<Settings & { exceptions?: RuleException[] }>();
      const exception = exceptions.find(({ resource }) => resource === name);
      const ended = exception && now().getTime() >= Date.parse(exception.until) + DAY;
      if (exception && !ended) return;
      const note = ended ? ` (the exception of ${exception.person} ended on ${exception.until})` : "";
      const resource = { type, name, props, protect: opts.protect };
      const report = (problem: string) => reportViolation(`${problem}${note}`);
      rule.check(resource, report, settings as Settings, now(), readConfig());
    },
  };
}

/** Narrows the type of a rule's settings, and forgets it, so that rules fit into one list. */
export function defineRule<Settings extends object>(rule: Rule<Settings>): Rule {
  return rule as Rule;
}

/** Returns a nested value of a resource, e.g. read(props, "web", "redirectUris"); undefined where a part is missing. */
export function read(value: unknown, ...path: string[]): unknown {
  let part = value;
  for (const key of path) part = (part as Record<string, unknown> | null | undefined)?.[key];
  return part;
}

/** Returns a value; undefined if it is not known yet, in which case the update judges it again, before it creates anything. */
export function readKnown(value: unknown, key: string): unknown {
  try {
    return read(value, key);
  } catch (error) {
    if ((error as Error).constructor.name !== "UnknownValueError") throw error;
    return undefined;
  }
}

/** Returns a nested list; empty if it is missing. */
export function readList(value: unknown, ...path: string[]): unknown[] {
  const list = read(value, ...path);
  return Array.isArray(list) ? [...list] : [];
}
