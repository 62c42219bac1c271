import { defineRule, type Rule, read, readList } from "../rule";

const ACCESS_APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
const ACCESS_GROUP = "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup";
const ACCESS_POLICY = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";

export const accessRules: readonly Rule[] = [
  {
    name: "no-open-door",
    description: "Access must not admit everyone, nor bypass the sign-in.",
    reason: "With bypass there is no sign-in and no log; everyone stands for all who can sign in anywhere.",
    severity: "critical",
    types: [ACCESS_POLICY, ACCESS_GROUP],
    check({ type, props }, report) {
      const decision = read(props, "decision");
      if (type === ACCESS_POLICY && decision === "bypass") report('decision must not be "bypass"');
      // To deny everyone closes a door.
      if (type === ACCESS_POLICY && decision === "deny") return;
      for (const rule of readList(props, "includes")) {
        if (isRule(rule, "everyone")) report("includes must not contain everyone");
        const range = isRule(rule, "ip") ? read(rule, "ip", "ip") : undefined;
        if (/\/0+$/.test(String(range))) report(`includes must not contain the range ${range}`);
      }
    },
  },
  {
    name: "restricted-applications",
    description: "An Access application must name its identity providers and its policies.",
    reason: "Without identity providers Cloudflare offers all of the account, one-time PIN included.",
    severity: "high",
    types: [ACCESS_APPLICATION],
    check({ props }, report) {
      if (read(props, "type") === "bookmark") return; // a tile without access
      if (readList(props, "allowedIdps").length === 0)
        report("allowedIdps must name at least one identity provider");
      if (readList(props, "policies").length === 0) report("policies must name at least one policy");
    },
  },
  defineRule<{ hours: number }>({
    name: "session-length",
    description: "A session must end within a number of hours.",
    reason: "Until it ends, Access does not ask Entra whether the person may still sign in.",
    severity: "medium",
    types: [ACCESS_APPLICATION, ACCESS_POLICY],
    settings: { hours: { type: "number", exclusiveMinimum: 0, default: 24 } },
    check({ props }, report, { hours }) {
      const duration = read(props, "sessionDuration");
      if (duration === undefined || duration === null) return; // a policy takes the application's, that one 24 hours
      const found = parseHours(String(duration));
      if (found === undefined || found > hours)
        report(`sessionDuration must be at most ${hours} hours; found "${duration}"`);
    },
  }),
];

/** Tells if a rule of Cloudflare is of a kind. Its other kinds may be there as null. */
function isRule(rule: unknown, kind: string): boolean {
  const found = read(rule, kind);
  return found !== undefined && found !== null;
}

const UNIT_HOURS: Record<string, number> = {
  ns: 1 / 3.6e12,
  us: 1 / 3.6e9,
  µs: 1 / 3.6e9,
  ms: 1 / 3.6e6,
  s: 1 / 3600,
  m: 1 / 60,
  h: 1,
};

/** Parses a duration as Cloudflare writes it, e.g. "24h" or "1h30m". @returns hours; undefined if it is none */
function parseHours(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.map(([part]) => part).join("") !== text || parts.length === 0) return undefined;
  return parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (UNIT_HOURS[unit] ?? 0), 0);
}
