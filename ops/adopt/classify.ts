import { getResourceKey } from "../recovery/tenant-state";
import type { PropertyChange, ResourceChange } from "../stacks/changes";
import type { AdoptionBlocker } from "./settings";

const CREDENTIAL = "entra-credential";
const [, application] = getResourceKey("application");
const [, servicePrincipal] = getResourceKey("servicePrincipal");
const [, consent] = getResourceKey("consent");
const [, identityProvider] = getResourceKey("identityProvider");

/** What adopting may change, by resource: none of it touches a sign-in. */
const ACCEPTED: readonly (readonly [name: string, path: RegExp])[] = [
  [application, /^(tags|owners)\b/],
  [servicePrincipal, /^owners\b/],
];
/** What is always there, and said in words: a note of the provider's own, and the new secret, which is proven first. */
const EXPECTED: typeof ACCEPTED = [
  [application, /^preventDuplicateNames$/],
  [identityProvider, /^config\.clientSecret$/],
];

/** What to do about what cannot be declared, by property. */
const ADVICE: readonly (readonly [path: RegExp, advice: string])[] = [
  [
    /^web\.redirectUris/,
    "Remove the others in Entra, or give what uses them an application of its own. That of the team has to be there.",
  ],
  [
    /^(singlePageApplication|publicClient)\b/,
    "Remove its redirect URIs in Entra, or give what uses them an application of its own.",
  ],
  [/^web\.implicitGrant/, "Turn implicit grant off in Entra (Authentication), if nothing else uses it."],
  [/^signInAudience/, 'Make it "Accounts in this organizational directory only" in Entra.'],
  [/^appRoleAssignmentRequired/, "Turn it off in Entra; access.assignedOnly declares it afterwards."],
  [/^accountEnabled/, "Enable the service principal in Entra: nobody can sign in as it is."],
];
const OTHERWISE = "No setting declares this. Change it by hand if nothing needs it, then run this again.";

/** Sorts what an `up` would change into what is said before the question, and what is no take-over any more. */
export function classifyChanges(changes: readonly ResourceChange[]): {
  accepted: string[];
  refused: AdoptionBlocker[];
} {
  const accepted: string[] = [];
  const refused: AdoptionBlocker[] = [];
  const holds = (rules: typeof ACCEPTED, name: string, path: string) =>
    rules.some(([resource, may]) => resource === name && may.test(path));
  for (const { op, name, properties } of changes) {
    if (op === "import" || (op === "create" && name === CREDENTIAL)) continue;
    // settings.ts compares it as a whole.
    if (name === consent) continue;
    const refuse = (
      what: string,
      { from = "unset", to = "unset" }: Partial<PropertyChange>,
      advice: string,
    ) => refused.push({ what: `${name}${what && ` ${what}`}`, found: from, wanted: to, advice });
    if (op !== "update") refuse("", { from: "none", to: `${op}d` }, "Adopt first, with no setting for it.");
    else if (properties.length === 0) refuse("", {}, OTHERWISE);
    for (const change of properties) {
      const { path, from, to } = change;
      if (isUnsetOrOff(change) || holds(EXPECTED, name, path)) continue;
      if (holds(ACCEPTED, name, path))
        accepted.push(`${name} ${path}: ${from ?? "unset"} -> ${to ?? "unset"}`);
      else refuse(path, change, ADVICE.find(([of]) => of.test(path))?.[1] ?? OTHERWISE);
    }
  }
  return { accepted, refused };
}

/** Cloudflare writes that something is off in several ways. */
export function isUnsetOrOff({ from, to }: PropertyChange): boolean {
  return (from === undefined || from === "null") && (to === "false" || to === '"no_action"');
}
