/** Mistakes in groups and policies that would open a door, or not do what they say. */
import type { AccessConfig } from "./access";
import type { Check } from "./access-names";

type Kind = "people" | "places" | "services";
const KINDS: Record<string, Kind> = {
  entraGroups: "people",
  emails: "people",
  emailDomains: "people",
  countries: "places",
  ipRanges: "places",
  serviceTokens: "services",
};

/** What the included rules of a group are about, also through groups in it. */
function kindsOf(groups: AccessConfig["groups"], name: string): Set<Kind> {
  const include = groups[name]?.include ?? {};
  const own = Object.keys(include).flatMap((about) => KINDS[about] ?? []);
  return new Set([...own, ...(include.groups ?? []).flatMap((one) => [...kindsOf(groups, one)])]);
}

/** Whoever is in the country, or in the office's network, would be let in beside the people who were meant. */
const mixedGroup: Check = ({ groups }) =>
  Object.keys(groups)
    .filter((name) => kindsOf(groups, name).size > 1)
    .map((name) => ({
      path: ["groups", name, "include"],
      want: "one sort of rules: meeting one is enough, so put countries and ipRanges under require, and service tokens into a group of their own",
    }));

/** Nobody is in two countries, and Access asks for all. */
const impossibleRequire: Check = ({ groups }) =>
  Object.entries(groups).flatMap(([name, { require = {} }]) =>
    (["emails", "emailDomains", "countries", "ipRanges", "serviceTokens"] as const)
      .filter((about) => (require[about]?.length ?? 0) > 1)
      .map((about) => ({
        path: ["groups", name, "require", about],
        want: "one of them, because all are required: put several into a group's include and require that group",
      })),
  );

/** Anybody can have an address there. */
const PUBLIC_MAIL = new Set(
  "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com gmx.de gmx.net web.de proton.me protonmail.com mail.com yandex.com qq.com 163.com".split(
    " ",
  ),
);
const publicMail: Check = ({ groups }) =>
  Object.entries(groups).flatMap(([name, { include }]) =>
    (include.emailDomains ?? []).flatMap((domain, index) =>
      PUBLIC_MAIL.has(domain.toLowerCase())
        ? [
            {
              path: ["groups", name, "include", "emailDomains", index],
              want: "a domain of your own: anybody can have an address there",
            },
          ]
        : [],
    ),
  );

/** Which groups a policy of a decision may include. */
const INCLUDES: Record<string, Kind[]> = {
  allow: ["people"],
  deny: ["people", "places"],
  bypass: ["places"],
  service_auth: ["services"],
};
const wrongSort: Check = ({ groups, policies }) =>
  Object.entries(policies).flatMap(([name, { decision, include }]) =>
    include.flatMap((group, index) =>
      [...kindsOf(groups, group)].every((kind) => INCLUDES[decision]?.includes(kind))
        ? []
        : [
            {
              path: ["policies", name, "include", index],
              want: `a group of ${INCLUDES[decision]?.join(" or ")}, because the decision is ${decision}`,
            },
          ],
    ),
  );

const emptyPolicy: Check = ({ policies }) =>
  Object.entries(policies).flatMap(([name, { include, everyone }]) =>
    include.length > 0 || everyone
      ? []
      : [{ path: ["policies", name, "include"], want: "at least one group, or everyone: true" }],
  );

/** Open doors that may be meant have to be said twice. */
const unacknowledged: Check = ({ policies }) =>
  Object.entries(policies).flatMap(([name, { decision, everyone, acknowledge }]) => {
    const open = [...(decision === "bypass" ? ["bypass"] : []), ...(everyone ? ["everyone"] : [])];
    const path = ["policies", name, "acknowledge"];
    const missing = open.filter((door) => !(acknowledge as string[]).includes(door));
    const idle = acknowledge.filter((door) => !open.includes(door));
    return [
      ...missing.map((door) => ({ path, want: `"${door}" in it: ${DOORS[door]}` })),
      ...idle.map((door) => ({ path, want: `it without "${door}", which the policy does not need` })),
    ];
  });
const DOORS: Record<string, string> = {
  bypass: "whoever matches gets in without signing in, and nothing is logged",
  everyone: "whoever signs in matches",
};

/** What Access does not do in a policy of this decision. */
const idleSettings: Check = ({ policies }) =>
  Object.entries(policies).flatMap(([name, policy]) => {
    const wrong = (setting: string, want: string) => ({ path: ["policies", name, setting], want });
    const { decision } = policy;
    const asks = (["mfa", "authenticationContext", "justification", "approval"] as const).filter(
      (setting) => policy[setting],
    );
    return [
      ...(decision === "allow"
        ? []
        : asks.map((setting) => wrong(setting, `nothing: only allow asks, and the decision is ${decision}`))),
      ...(policy.everyone && !["allow", "bypass"].includes(decision)
        ? [wrong("everyone", `false: the decision is ${decision}`)]
        : []),
    ];
  });

export const policyChecks: readonly Check[] = [
  mixedGroup,
  impossibleRequire,
  publicMail,
  emptyPolicy,
  wrongSort,
  unacknowledged,
  idleSettings,
];
