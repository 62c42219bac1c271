/** Checks of groups and policies: mistakes that would open a door, or settings without the effect they promise. */

import type { AccessCheck } from "./name-checks";
import type { AccessConfig } from "./schema";

type RuleKind = "people" | "places" | "services";
const KIND_OF_RULE: Record<string, RuleKind> = {
  entraGroups: "people",
  emails: "people",
  emailDomains: "people",
  countries: "places",
  ipRanges: "places",
  serviceTokens: "services",
};

/** Collects the kinds of the rules that a group includes, also through other groups. */
function collectKinds(groups: AccessConfig["groups"], name: string): Set<RuleKind> {
  const include = groups[name]?.include ?? {};
  const own = Object.keys(include).flatMap((rule) => KIND_OF_RULE[rule] ?? []);
  return new Set([...own, ...(include.groups ?? []).flatMap((inner) => [...collectKinds(groups, inner)])]);
}

const refuseMixedGroup: AccessCheck = ({ groups }, refuse) => {
  const advice =
    "Matching one rule is enough. Put countries and ipRanges under require, and service tokens into a group of their own.";
  for (const name of Object.keys(groups))
    if (collectKinds(groups, name).size > 1)
      refuse(
        ["groups", name, "include"],
        "must have rules of one kind only: people, places or services",
        advice,
      );
};

/** Refuses several values of a kind of which a request has only one, since Access requires all of them. */
const refuseImpossibleRequire: AccessCheck = ({ groups }, refuse) => {
  const advice = "All values are required. Put several into the include of a group, and require that group.";
  for (const [name, { require = {} }] of Object.entries(groups))
    for (const rule of ["emails", "emailDomains", "countries", "ipRanges", "serviceTokens"] as const)
      if ((require[rule]?.length ?? 0) > 1)
        refuse(["groups", name, "require", rule], "must have one value", advice);
};

const PUBLIC_EMAIL_DOMAINS = new Set(
  "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com gmx.de gmx.net web.de proton.me protonmail.com mail.com yandex.com qq.com 163.com".split(
    " ",
  ),
);
const refusePublicEmailDomain: AccessCheck = ({ groups }, refuse) => {
  for (const [name, { include }] of Object.entries(groups))
    for (const [index, domain] of (include.emailDomains ?? []).entries())
      if (PUBLIC_EMAIL_DOMAINS.has(domain.toLowerCase())) {
        const path = ["groups", name, "include", "emailDomains", index];
        refuse(path, "must be a domain of your own", "Anybody can get an address there.");
      }
};

const refuseEmptyPolicy: AccessCheck = ({ policies }, refuse) => {
  for (const [name, { include, everyone }] of Object.entries(policies))
    if (include.length === 0 && !everyone)
      refuse(["policies", name, "include"], "must name at least one group, unless everyone is true");
};

/** The kinds of groups that a policy of a decision may include. */
const INCLUDABLE_KINDS: Record<string, RuleKind[]> = {
  allow: ["people"],
  deny: ["people", "places"],
  bypass: ["places"],
  service_auth: ["services"],
};
const refuseWrongKind: AccessCheck = ({ groups, policies }, refuse) => {
  for (const [name, { decision, include }] of Object.entries(policies)) {
    const kinds = INCLUDABLE_KINDS[decision] ?? [];
    for (const [index, group] of include.entries())
      if (![...collectKinds(groups, group)].every((kind) => kinds.includes(kind)))
        refuse(
          ["policies", name, "include", index],
          `must be a group of ${kinds.join(" or ")} with decision "${decision}"`,
        );
  }
};

const OPEN_DOORS: Record<string, string> = {
  bypass: "Everybody who matches is admitted without a sign-in, and nothing is logged.",
  everyone: "Everybody who can sign in matches.",
};
/** Refuses open doors that are not acknowledged, and acknowledgements without one. */
const refuseUnacknowledged: AccessCheck = ({ policies }, refuse) => {
  for (const [name, { decision, everyone, acknowledge }] of Object.entries(policies)) {
    const open = [...(decision === "bypass" ? ["bypass"] : []), ...(everyone ? ["everyone"] : [])];
    const path = ["policies", name, "acknowledge"];
    for (const door of open)
      if (!(acknowledge as string[]).includes(door)) refuse(path, `must contain "${door}"`, OPEN_DOORS[door]);
    for (const door of acknowledge)
      if (!open.includes(door)) refuse(path, `must not contain "${door}", which the policy does not need`);
  }
};

const refuseIneffectiveSettings: AccessCheck = ({ policies }, refuse) => {
  for (const [name, policy] of Object.entries(policies)) {
    const { decision, everyone } = policy;
    if (decision !== "allow")
      for (const setting of ["mfa", "authenticationContext", "justification", "approval"] as const)
        if (policy[setting])
          refuse(
            ["policies", name, setting],
            `must not be set with decision "${decision}", only with "allow"`,
          );
    if (everyone && !["allow", "bypass"].includes(decision)) {
      const path = ["policies", name, "everyone"];
      refuse(path, `must be false with decision "${decision}", unlike with "allow" and "bypass"`);
    }
  }
};

const refuseImpossibleApproval: AccessCheck = ({ policies }, refuse) => {
  for (const [name, { approval }] of Object.entries(policies))
    if (approval && approval.needed > approval.approvers.length)
      refuse(
        ["policies", name, "approval", "needed"],
        `must be at most ${approval.approvers.length}, the number of approvers`,
      );
};

export const policyChecks: readonly AccessCheck[] = [
  refuseMixedGroup,
  refuseImpossibleRequire,
  refusePublicEmailDomain,
  refuseEmptyPolicy,
  refuseWrongKind,
  refuseUnacknowledged,
  refuseIneffectiveSettings,
  refuseImpossibleApproval,
];
