import { getResourceKey } from "../recovery/tenant-state";
import type { PropertyChange, ResourceChange } from "../stacks/run/changes";
import type { AdoptionBlocker } from "./settings";

const CLIENT_SECRET = "entra-credential";
const [, application] = getResourceKey("application");
const [, servicePrincipal] = getResourceKey("servicePrincipal");
const [, consent] = getResourceKey("consent");
const [, identityProvider] = getResourceKey("identityProvider");

/** Properties that adoption may change, by resource; none of them affects sign-in. */
const ALLOWED: readonly (readonly [name: string, path: RegExp])[] = [
  [application, /^(tags|owners)\b/],
  [servicePrincipal, /^owners\b/],
];
/** Changes that are not reported: an internal property of the provider, and the new client secret. */
const IMPLIED: typeof ALLOWED = [
  [application, /^preventDuplicateNames$/],
  [identityProvider, /^config\.clientSecret$/],
];

/** Advice on properties that no setting declares. */
const ADVICE: readonly (readonly [path: RegExp, advice: string])[] = [
  [
    /^web\.redirectUris/,
    "Keep only the team's redirect URI in Entra; whatever uses the others needs an application of its own.",
  ],
  [
    /^(singlePageApplication|publicClient)\b/,
    "Remove its redirect URIs in Entra; whatever uses them needs an application of its own.",
  ],
  [/^web\.implicitGrant/, "If nothing else uses it, turn implicit grant off in Entra (Authentication)."],
  [/^signInAudience/, 'Set it to "Accounts in this organizational directory only" in Entra.'],
  [
    /^appRoleAssignmentRequired/,
    "Set access.assignedOnly to true in Pulumi.<stack>.yaml, then run this again.",
  ],
  [/^accountEnabled/, "Enable the service principal in Entra; nobody can sign in while it is disabled."],
];
const DEFAULT_ADVICE =
  "No setting declares this. If nothing needs it, change it by hand, then run this again.";

/** Sorts the changes that `up` would make into those that adoption allows and those that block it. */
export function classifyChanges(changes: readonly ResourceChange[]): {
  allowed: string[];
  blockers: AdoptionBlocker[];
} {
  const allowed: string[] = [];
  const blockers: AdoptionBlocker[] = [];
  const matches = (rules: typeof ALLOWED, name: string, path: string) =>
    rules.some(([resource, pattern]) => resource === name && pattern.test(path));
  for (const { op, name, properties } of changes) {
    if (op === "import" || (op === "create" && name === CLIENT_SECRET)) continue;
    // The group may sign in already, by another role: select.ts leaves out policies for other groups.
    if (op === "create" && name.startsWith("entra-assignment-")) {
      allowed.push(`${name}: is created, with the role application.appRoleId`);
      continue;
    }
    // settings.ts compares the consent as a whole.
    if (name === consent) continue;
    const block = (
      property: string,
      { from = "unset", to = "unset" }: Partial<PropertyChange>,
      advice: string,
    ) =>
      blockers.push({
        subject: `${name}${property && ` ${property}`}`,
        actual: from,
        expected: to,
        advice,
      });
    if (op !== "update")
      block("", { from: "none", to: `${op}d` }, "Remove the setting for it until the adoption is complete.");
    else if (properties.length === 0) block("", {}, DEFAULT_ADVICE);
    const permissions = properties.filter(({ path }) => path.startsWith(PERMISSIONS));
    const isReordered = permissions.length > 0 && isOtherOrder(permissions);
    if (isReordered) allowed.push(`${name} ${PERMISSIONS}: the same in another order`);
    for (const change of properties.filter((one) => !(isReordered && permissions.includes(one)))) {
      const { path, from, to } = change;
      if (isUnsetOrOff(change) || matches(IMPLIED, name, path)) continue;
      if (matches(ALLOWED, name, path) || isOtherCaseOfId(change))
        allowed.push(`${name} ${path}: ${from ?? "unset"} -> ${to ?? "unset"}`);
      else block(path, change, ADVICE.find(([pattern]) => pattern.test(path))?.[1] ?? DEFAULT_ADVICE);
    }
  }
  return { allowed, blockers };
}

/** The requested permissions, which the provider compares in order, although their order has no effect. */
const PERMISSIONS = "requiredResourceAccesses";

/** Returns whether changes only exchange values among themselves. */
function isOtherOrder(changes: readonly PropertyChange[]): boolean {
  const [before, after] = [changes.map(({ from }) => from), changes.map(({ to }) => to)];
  return String(before.sort()) === String(after.sort());
}

/** Returns whether a change only turns an id into lower case, in which both clouds write ids; they ignore case. */
function isOtherCaseOfId({ path, from, to }: PropertyChange): boolean {
  return /^config\.(clientId|directoryId)$/.test(path) && from?.toLowerCase() === to;
}

const UNSET_OR_OFF = new Set([undefined, "null", "false", '"no_action"']);

/** Returns whether a change is between unset and an explicit "off", which mean the same to Cloudflare. */
export function isUnsetOrOff({ from, to }: PropertyChange): boolean {
  return UNSET_OR_OFF.has(from) && UNSET_OR_OFF.has(to);
}
