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
    check({ name, props }, report, { until }, now) {
      if (read(props, "state") !== "enabledForReportingButNotEnforced") return;
      const date = Object.hasOwn(until, name) ? until[name] : undefined;
      if (!date) report(`state must not be report-only without a date in report-only-ends.until["${name}"]`);
      else if (now.getTime() >= Date.parse(date) + 24 * 3600 * 1000)
        report(`state must be "enabled" or "disabled" after ${date}; found report-only`);
    },
  }),
];
