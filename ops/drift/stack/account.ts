import type { Deployment } from "@pulumi/pulumi/automation";
import type { Clouds } from "../../clients/clouds";
import { type AccountDrift, type Gap, resultOf, type Unowned } from "../report";
import { gapOf } from "./audit";

/** What one stack's process saw of its Cloudflare account. */
export interface AccountSight {
  readonly accountId: string;
  /** Ids of everything of Cloudflare's in the stack's state. */
  readonly owned: readonly string[];
  /** Absent where nobody looked, because the stack could not be. */
  readonly found?: { readonly things: readonly Unowned[]; readonly gaps: readonly Gap[] };
}

export function ownedIn({ deployment }: Deployment): string[] {
  const resources = (deployment.resources ?? []) as { type: string; id?: string }[];
  return resources.flatMap(({ type, id }) =>
    type.startsWith("cloudflare:") && id ? [id.split("/").at(-1) ?? id] : [],
  );
}

const ORGANIZATION = "Access: Organizations, Identity Providers, and Groups Read";

/** Everything of an account that may let people in. */
export async function thingsOf({
  cloudflare,
  accountId,
}: Clouds): Promise<NonNullable<AccountSight["found"]>> {
  const { access, identityProviders } = cloudflare.zeroTrust;
  const at = { account_id: accountId };
  const kinds = [
    [
      "identity provider",
      "identity providers of the account",
      () => identityProviders.list(at),
      ORGANIZATION,
    ],
    ["access group", "groups of the account", () => access.groups.list(at), ORGANIZATION],
    [
      "access policy",
      "policies of the account",
      () => access.policies.list(at),
      "Access: Apps and Policies Read",
    ],
  ] as const;
  const things: Unowned[] = [];
  const gaps: Gap[] = [];
  for (const [kind, what, list, right] of kinds) {
    try {
      for await (const { id, name } of list()) things.push({ kind, id: String(id), name: String(name) });
    } catch (error) {
      gaps.push(gapOf(what, error, right));
    }
  }
  return { things, gaps };
}

/**
 * What no stack owns, account by account.
 *
 * @param sights of every stack of the project in these accounts
 * @param unread accounts of stacks whose state could not be read: what they own is not known
 */
export function accountsOf(
  sights: readonly AccountSight[],
  { unread, accepted }: { unread: ReadonlySet<string>; accepted: ReadonlySet<string> },
): AccountDrift[] {
  const ids = [...new Set(sights.map(({ accountId }) => accountId))];
  return ids.flatMap((accountId): AccountDrift[] => {
    const here = sights.filter((sight) => sight.accountId === accountId);
    const found = here.find((sight) => sight.found)?.found;
    if (!found) return [];
    if (unread.has(accountId)) {
      const cause = "the state of another stack of this account could not be read";
      const gaps = [{ what: "what no stack owns", cause }];
      return [{ accountId, result: "could not tell", unowned: [], gaps }];
    }
    const owned = new Set([...accepted, ...here.flatMap((sight) => sight.owned)]);
    const unowned = found.things.filter(({ id }) => !owned.has(id));
    return [{ accountId, unowned, gaps: found.gaps, result: resultOf({ unowned, gaps: found.gaps }) }];
  });
}
