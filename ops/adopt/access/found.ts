import type { Clouds } from "../../clients/clouds";

/** One rule as Cloudflare's API has it: `{ "azureAD": { "id": ..., "identity_provider_id": ... } }`. */
export type Rule = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Rules {
  readonly id: string;
  readonly name: string;
  readonly include?: readonly Rule[] | null;
  readonly require?: readonly Rule[] | null;
  readonly exclude?: readonly Rule[] | null;
}

/** A reusable policy. */
export interface Policy extends Rules {
  readonly decision: string;
  readonly session_duration?: string;
  readonly purpose_justification_required?: boolean;
  readonly purpose_justification_prompt?: string;
  readonly approval_required?: boolean;
  readonly approval_groups?: readonly { email_addresses?: string[]; approvals_needed: number }[];
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly domain?: string;
  readonly destinations?: readonly { type?: string; uri?: string }[];
  readonly policies?: readonly { id: string; precedence?: number }[];
  readonly allowed_idps?: readonly string[];
  readonly auto_redirect_to_identity?: boolean;
  readonly session_duration?: string;
  readonly app_launcher_visible?: boolean;
  readonly http_only_cookie_attribute?: boolean;
  readonly enable_binding_cookie?: boolean;
  readonly path_cookie_attribute?: boolean;
  readonly same_site_cookie_attribute?: string;
  readonly cors_headers?: Readonly<Record<string, unknown>> | null;
  readonly logo_url?: string;
  readonly tags?: readonly string[];
}

/** Who may reach what, as the account has it. */
export interface AccountAccess {
  readonly groups: readonly Rules[];
  readonly policies: readonly Policy[];
  readonly applications: readonly Application[];
  /** Which of them could not be read, and why. */
  readonly gaps: readonly string[];
}

export async function accessIn({ cloudflare, accountId: account_id }: Clouds): Promise<AccountAccess> {
  const { access } = cloudflare.zeroTrust;
  const gaps: string[] = [];
  const every = async <T>(kind: string, list: () => AsyncIterable<unknown>): Promise<T[]> => {
    const all: T[] = [];
    try {
      for await (const one of list()) all.push(one as T);
    } catch (error) {
      if ((error as { status?: number }).status !== 403) throw error;
      gaps.push(`${kind}: the API token may not read them`);
    }
    return all;
  };
  return {
    groups: await every<Rules>("Access groups", () => access.groups.list({ account_id })),
    policies: await every<Policy>("Access policies", () => access.policies.list({ account_id })),
    applications: await every<Application>("Access applications", () =>
      access.applications.list({ account_id }),
    ),
    gaps,
  };
}
