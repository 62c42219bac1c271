import type { Account, RuleLists } from "../../store/cloudflare/account";
import { accessConflict } from "../errors";

/** The kinds of objects that applications, policies and groups refer to. */
type ReferencedKind = "group" | "identity_provider" | "policy" | "service_token";

/**
 * Refuses to delete an object that is in use. Cloudflare documents this for policies:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/policy-management/#delete-a-policy
 *
 * @throws CloudflareError 409
 */
export function refuseInUse(account: Account, kind: ReferencedKind, id: string): void {
  const groups = [...account.accessGroups.values()];
  const policies = [...account.accessPolicies.values()];
  const applications = [...account.accessApplications.values()];
  const users: { name: string }[] =
    kind === "policy"
      ? applications.filter((application) => application.policies.some((policy) => policy.id === id))
      : [...groups, ...policies].filter((holder) => listReferences(holder, kind).includes(id));
  if (kind === "identity_provider") {
    users.push(...applications.filter(({ allowedIdps }) => allowedIdps.includes(id)));
  }
  const [user] = users;
  if (user) throw accessConflict(`${kind.replace("_", " ")} is used by ${user.name}`);
}

/** Lists the ids of the groups, identity providers or service tokens in rules. */
export function listReferences({ include, exclude, require }: RuleLists, kind: ReferencedKind): string[] {
  return [...include, ...exclude, ...require].flatMap((rule) =>
    Object.entries(rule).flatMap(([type, settings]) => {
      if (kind === "service_token") return onlyStrings(settings.token_id);
      const own = type === (kind === "group" ? "group" : "login_method") ? settings.id : undefined;
      return onlyStrings(kind === "group" ? own : (own ?? settings.identity_provider_id));
    }),
  );
}

const onlyStrings = (value: unknown) => (typeof value === "string" ? [value] : []);
