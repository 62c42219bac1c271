import { defineRule, type Rule, read, readList } from "../rule";

const GROUP = "azuread:index/group:Group";
const CONDITIONAL_ACCESS = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";

export const directoryRules: readonly Rule[] = [
  {
    name: "no-self-service-groups",
    description: "A group must not be a public Microsoft 365 group, nor get mail.",
    reason: "Anybody can join a public one, and owners of a mailing list add members without a review.",
    severity: "high",
    types: [GROUP],
    check({ props }, report) {
      const isMicrosoft365 = readList(props, "types").includes("Unified");
      // Entra's default for Microsoft 365 groups is "Public".
      if (isMicrosoft365 && !["Private", "Hiddenmembership"].includes(String(read(props, "visibility"))))
        report(
          `visibility must be "Private" where types contain "Unified"; found "${read(props, "visibility") ?? "Public"}"`,
        );
      else if (!isMicrosoft365 && read(props, "mailEnabled") === true)
        report("mailEnabled must be false; found true");
    },
  },
  defineRule<{ until: Record<string, string> }>({
    name: "report-only-ends",
    description: "A Conditional Access policy must leave report-only by a date.",
    reason: "A policy in report-only protects nobody, and looks as if it did.",
    severity: "medium",
    types: [CONDITIONAL_ACCESS],
    settings: {
      until: {
        type: "object",
        default: {},
        additionalProperties: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
      },
    },
    check({ name, props }, report, { until }, now, config) {
      if (read(props, "state") !== "enabledForReportingButNotEnforced") return;
      const date = Object.hasOwn(until, name) ? until[name] : findDecideBy(config, name);
      if (!date)
        report(
          `state must not be report-only without decideBy in the settings, or a date in report-only-ends.until["${name}"]`,
        );
      else if (now.getTime() >= Date.parse(date) + 24 * 3600 * 1000)
        report(`state must be "enabled" or "disabled" after ${date}; found report-only`);
    },
  }),
];

interface ConditionalAccessSettings {
  readonly policies?: Readonly<Record<string, { readonly decideBy?: string }>>;
}

/** Finds the date in the settings `conditionalAccess` of the stack, or of one of its further tenants. */
function findDecideBy(config: Readonly<Record<string, string>>, resource: string): string | undefined {
  const parse = (name: string): unknown => {
    const [, text = "{}"] = Object.entries(config).find(([key]) => key.endsWith(`:${name}`)) ?? [];
    try {
      return JSON.parse(text);
    } catch {
      // The program reports what is wrong with its settings.
      return {};
    }
  };
  const { identityProviders = {} } = parse("access") as {
    identityProviders?: Readonly<Record<string, { conditionalAccess?: ConditionalAccessSettings }>>;
  };
  const own = parse("conditionalAccess") as ConditionalAccessSettings;
  const further = Object.entries(identityProviders).map(
    ([name, one]) => [name, one.conditionalAccess] as const,
  );
  for (const [signIn, settings] of [["entra", own] as const, ...further])
    for (const [name, { decideBy }] of Object.entries(settings?.policies ?? {}))
      if (resource === `${signIn}-conditional-access-${name}`) return decideBy;
  return undefined;
}
