import type { Clouds } from "./clouds";

/** A rule in Cloudflare's API: `{ "azureAD": { "id": ..., "identity_provider_id": ... } }`. */
export type ApiRule = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ApiRuleSet {
  readonly id: string;
  readonly name: string;
  readonly include?: readonly ApiRule[];
  readonly require?: readonly ApiRule[];
  readonly exclude?: readonly ApiRule[];
}

export interface ApiPolicy extends ApiRuleSet {
  readonly decision: string;
  /** Absent: that of each application. */
  readonly session_duration?: string;
  readonly purpose_justification_required?: boolean;
  readonly purpose_justification_prompt?: string;
  readonly approval_required?: boolean;
  readonly approval_groups?: readonly { email_addresses?: string[]; approvals_needed: number }[];
}

export interface ApiApplication {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly domain?: string;
  readonly destinations?: readonly { type?: string; uri?: string }[];
  /** A policy that is not `reusable` belongs to the application alone, and is not in the list of policies. */
  readonly policies?: readonly { id: string; precedence?: number; name?: string; reusable?: boolean }[];
  readonly allowed_idps?: readonly string[];
  readonly auto_redirect_to_identity?: boolean;
  readonly session_duration?: string;
  readonly app_launcher_visible?: boolean;
  readonly http_only_cookie_attribute?: boolean;
  readonly enable_binding_cookie?: boolean;
  readonly path_cookie_attribute?: boolean;
  readonly same_site_cookie_attribute?: string;
  readonly cors_headers?: Readonly<Record<string, unknown>>;
  readonly logo_url?: string;
  readonly tags?: readonly string[];
}

export interface AccountAccess {
  readonly groups: readonly ApiRuleSet[];
  readonly policies: readonly ApiPolicy[];
  readonly applications: readonly ApiApplication[];
  /** Kinds that could not be read, with the reason. */
  readonly unreadable: readonly string[];
}

/** Reads the objects of an account that decide who gets in. A setting that the API shows as null is absent. */
export async function readAccountAccess({
  cloudflare,
  accountId: account_id,
}: Pick<Clouds, "cloudflare" | "accountId">): Promise<AccountAccess> {
  const { access } = cloudflare.zeroTrust;
  const unreadable: string[] = [];
  const listAll = async <T>(kind: string, list: () => AsyncIterable<unknown>): Promise<T[]> => {
    const all: T[] = [];
    try {
      for await (const one of list()) all.push(withoutNulls(one as object) as T);
    } catch (error) {
      if ((error as { status?: number }).status !== 403) throw error;
      unreadable.push(`${kind}: the API token lacks the permission to read them`);
    }
    return all;
  };
  return {
    groups: await listAll<ApiRuleSet>("Access groups", () => access.groups.list({ account_id })),
    policies: await listAll<ApiPolicy>("Access policies", () => access.policies.list({ account_id })),
    applications: await listAll<ApiApplication>("Access applications", () =>
      access.applications.list({ account_id }),
    ),
    unreadable,
  };
}

/** Removes the settings of an object, and of its groups of settings, that Cloudflare shows as null. */
export function withoutNulls(one: object): object {
  const shown = Object.entries(one).filter(([, value]) => value !== null);
  return Object.fromEntries(
    shown.map(([name, value]) => [name, value?.constructor === Object ? withoutNulls(value) : value]),
  );
}
