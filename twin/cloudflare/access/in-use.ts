import type { AccessRules, Account } from "../../store/account";
import { conflict } from "../errors";

/** What applications, policies and groups refer to. */
type Referred = "group" | "identity_provider" | "policy" | "service_token";

/**
 * Refuses to delete what something else refers to. Of policies Cloudflare documents it:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/policy-management/#delete-a-policy
 *
 * @throws CloudflareError 409
 */
export function refuseInUse(account: Account, what: Referred, id: string): void {
  const groups = [...account.accessGroups.values()];
  const policies = [...account.accessPolicies.values()];
  const applications = [...account.accessApplications.values()];
  const users: { name: string }[] =
    what === "policy"
      ? applications.filter((application) => application.policies.some((policy) => policy.id === id))
      : [...groups, ...policies].filter((holder) => referred(holder, what).includes(id));
  if (what === "identity_provider") {
    users.push(...applications.filter(({ allowedIdps }) => allowedIdps.includes(id)));
  }
  const [user] = users;
  if (user) throw conflict(`${what.replace("_", " ")} is used by ${user.name}`);
}

/** Ids of the groups, identity providers or service tokens that the rules name. */
export function referred({ include, exclude, require }: AccessRules, what: Referred): string[] {
  return [...include, ...exclude, ...require].flatMap((rule) =>
    Object.entries(rule).flatMap(([type, settings]) => {
      if (what === "service_token") return texts(settings.token_id);
      const own = type === (what === "group" ? "group" : "login_method") ? settings.id : undefined;
      return texts(what === "group" ? own : (own ?? settings.identity_provider_id));
    }),
  );
}

const texts = (value: unknown) => (typeof value === "string" ? [value] : []);
