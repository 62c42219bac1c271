import type { Token } from "cloudflare/resources/shared";
import type { CloudflareClient } from "../clients/cloudflare";
import { DAY_MS } from "../days";
import type { IdentityName } from "./identities";

/** A Cloudflare token of the account, as the options ask for it. */
export interface DesiredToken {
  readonly identity: IdentityName;
  readonly name: string;
  readonly permissions: readonly string[];
}

/** The change that a token needs; Cloudflare shows a value only when it is created. */
export interface TokenPlan {
  readonly desired: DesiredToken;
  readonly action: "create" | "change" | "keep";
  /** The token that is changed or kept. */
  readonly id?: string;
  readonly reason: string;
}

/** A token that ends sooner is replaced; the one before works until it ends. */
export const RENEWAL_DAYS = 30;

/** Compares tokens with those of the account. @throws the client's error where the caller may not read tokens */
export async function planTokens(
  cloudflare: CloudflareClient,
  accountId: string,
  desired: readonly DesiredToken[],
  now: Date,
): Promise<TokenPlan[]> {
  const existing: ExistingToken[] = [];
  for await (const token of cloudflare.accounts.tokens.list({ account_id: accountId })) existing.push(token);
  return desired.map((one) => planToken(one, existing, now));
}

type ExistingToken = Pick<Token, "id" | "name" | "status" | "expires_on" | "policies">;

export function planToken(desired: DesiredToken, existing: readonly ExistingToken[], now: Date): TokenPlan {
  const getEnd = ({ expires_on }: ExistingToken) =>
    expires_on ? Date.parse(expires_on) : Number.POSITIVE_INFINITY;
  const [newest] = existing
    .filter(({ name, status }) => name === desired.name && status === "active")
    .sort((a, b) => getEnd(b) - getEnd(a));
  if (!newest) return { desired, action: "create", reason: "there is none" };
  if (getEnd(newest) - now.getTime() < RENEWAL_DAYS * DAY_MS)
    return { desired, action: "create", reason: `the present one ends ${newest.expires_on}` };
  const id = String(newest.id);
  const granted = (newest.policies ?? []).flatMap(({ permission_groups }) =>
    permission_groups.map(({ name = "" }) => name),
  );
  if ([...granted].sort().join() === [...desired.permissions].sort().join())
    return { desired, action: "keep", id, reason: `valid until ${newest.expires_on ?? "it is revoked"}` };
  return { desired, action: "change", id, reason: `it has ${granted.join(", ")}` };
}

/** Creates or changes tokens. @param keep stores the value of a new one before the next is made, because it is shown once */
export async function applyTokens(
  cloudflare: CloudflareClient,
  accountId: string,
  plans: readonly TokenPlan[],
  expiresOn: Date,
  keep: (identity: IdentityName, value: string) => void,
): Promise<void> {
  const ids = new Map<string, string>();
  for await (const group of cloudflare.accounts.tokens.permissionGroups.list({ account_id: accountId }))
    ids.set(String(group.name), String(group.id));
  for (const { desired, action, id = "" } of plans) {
    if (action === "keep") continue;
    const body = {
      account_id: accountId,
      name: desired.name,
      expires_on: expiresOn.toISOString().replace(/\.\d+Z$/, "Z"),
      policies: [
        {
          effect: "allow" as const,
          resources: { [`com.cloudflare.api.account.${accountId}`]: "*" },
          permission_groups: desired.permissions.map((name) => ({ id: getGroupId(ids, name) })),
        },
      ],
      // The types ask for the policy's id, which Cloudflare gives.
    } as unknown as Parameters<CloudflareClient["accounts"]["tokens"]["create"]>[0];
    if (action === "change") await cloudflare.accounts.tokens.update(id, body);
    else {
      const { value } = await cloudflare.accounts.tokens.create(body);
      keep(desired.identity, String(value));
    }
  }
}

function getGroupId(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`Cloudflare has no permission group "${name}"`);
  return id;
}

/** Describes how a person creates the tokens in the dashboard. */
export function describeDashboardSteps(
  accountId: string,
  desired: readonly DesiredToken[],
  expiresOn: Date,
): string[] {
  const end = expiresOn.toISOString().slice(0, 10);
  return [
    `Open https://dash.cloudflare.com/${accountId}/api-tokens, and for each token: Create Token, Create Custom Token, this account only (the dashboard calls "Write" "Edit"):`,
    ...desired.map(({ name, permissions }) => `  ${name}, until ${end}: ${permissions.join("; ")}`),
  ];
}
