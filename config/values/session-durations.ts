/** The session durations of policies. Access takes that of the policy before that of the application. */
import type { AccessRulesConfig, PolicyConfig } from "../access/rules";
import { parseDuration } from "./fields";

/** Cloudflare's default for an application. */
const DEFAULT_SESSION_DURATION = "24h";

/**
 * Gives every policy a session duration: its own, or that of the applications that use it. Where these differ, the
 * shortest stays under the policy's name, and each other one makes another policy, `<name>@<duration>`. (The cloudflare
 * provider sends "24h" for a policy without a session duration, so the application's would never count.)
 */
export function resolveSessionDurations(rules: AccessRulesConfig): Record<string, PolicyConfig> {
  const resolved = Object.entries(rules.policies).flatMap(([name, policy]) => {
    const [shortest, ...others] = listSessionDurations(rules, name);
    const { displayName = name } = policy;
    return [
      [name, { ...policy, sessionDuration: shortest }] as const,
      ...others.map((sessionDuration) => {
        const settings = { ...policy, sessionDuration, displayName: `${displayName} (${sessionDuration})` };
        return [`${name}@${sessionDuration}`, settings] as const;
      }),
    ];
  });
  return Object.fromEntries(resolved);
}

/** Returns the name, among the resolved policies, of a policy for an application with this session duration. */
export function getPolicyFor(
  rules: AccessRulesConfig,
  name: string,
  sessionDuration = DEFAULT_SESSION_DURATION,
): string {
  const [, ...others] = listSessionDurations(rules, name);
  const same = others.find((other) => parseDuration(other) === parseDuration(sessionDuration));
  return same === undefined ? name : `${name}@${same}`;
}

/** Lists the session durations that a policy needs, the shortest first. */
function listSessionDurations(rules: AccessRulesConfig, name: string): string[] {
  const own = rules.policies[name]?.sessionDuration;
  if (own !== undefined) return [own];
  const { deviceEnrolment } = rules;
  const users = [...Object.values(rules.applications), ...(deviceEnrolment ? [deviceEnrolment] : [])];
  const durations = users
    .filter(({ policies }) => policies.includes(name))
    .map(({ sessionDuration = DEFAULT_SESSION_DURATION }) => sessionDuration);
  return selectDistinctDurations(durations.length > 0 ? durations : [DEFAULT_SESSION_DURATION]);
}

/** Selects each duration once, in its shortest notation ("24h", not "24h0m0s"), and sorts them, the shortest first. */
export function selectDistinctDurations(durations: readonly string[]): string[] {
  const sorted = durations.toSorted((one, other) => other.length - one.length || (one < other ? 1 : -1));
  const byLength = new Map(sorted.map((duration) => [parseDuration(duration), duration]));
  return [...byLength].sort(([one], [other]) => one - other).map(([, duration]) => duration);
}
