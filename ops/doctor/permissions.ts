import type { Check } from "../checks/check";
import { existing } from "../checks/reading";
import { decodeAccessToken } from "../clients/access-token";
import { readAuditLog } from "../clients/audit-log";
import type { DoctorContext } from "./context";
import { describeCloudflareGrant, describeGraphGrant } from "./grants";

/** A right the deployer needs on Microsoft Graph: any of these permissions has it, the least first. */
const GRAPH_RIGHTS = [
  ["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All", "Directory.ReadWrite.All"],
  ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
] as const;
/** Where rules of Access name groups of Entra: docs/access.md. */
const READ_GROUPS = [
  ...["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All"],
  ...["Directory.Read.All", "Directory.ReadWrite.All"],
];

/** What `assignedOnly` of those rules takes beside. */
const ASSIGN = [
  ["AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"],
  ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"],
];

/**
 * The same for people, by directory role:
 * https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";
const ROLES: readonly (readonly [name: string, ...ids: string[]])[] = [
  [
    "Application Administrator",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
    GLOBAL_ADMINISTRATOR,
  ],
  ["Privileged Role Administrator", "e8611ab8-c189-46e8-94e1-60213ab1f814", GLOBAL_ADMINISTRATOR],
];

/** Sign-in to both clouds, and what it allows. */
export const PERMISSION_CHECKS: readonly Check<DoctorContext>[] = [
  {
    id: "entra-sign-in",
    subject: "sign-in to Microsoft Entra ID",
    looksAt: "the token that the azuread provider would get",
    advice: "Check tenantId, azuread:tenantId and the ARM_* variables, or az login --tenant <id>.",
    async look(at) {
      const tenantId = await at.setting("tenantId");
      const wanted = `signed in to tenant ${tenantId}`;
      const token = await at.graphToken().catch(onlyRefusals);
      if (typeof token !== "string") return { found: token.refused, wanted };
      const { tid, appid, upn } = decodeAccessToken(token);
      return { found: `${upn ?? `application ${appid}`} in tenant ${tid}`, wanted, holds: tid === tenantId };
    },
  },
  {
    id: "graph-rights",
    subject: "rights of the deployer on Microsoft Graph",
    looksAt: "roles of that token; for people wids, their directory roles",
    advice: "Grant what is missing, then sign in anew.",
    async look(at) {
      const { roles = [], wids = [], scp, appid = "" } = decodeAccessToken(await at.graphToken());
      if (scp !== undefined) {
        const missing = ROLES.filter(([, ...ids]) => !ids.some((id) => wids.includes(id))).map(
          ([name]) => name,
        );
        const advice = `Activate or assign the directory role ${missing.join(" and ")}, then sign in anew.`;
        return { ...told(missing), advice };
      }
      const access = await at.setting("access");
      const needed: (readonly string[])[] = [
        ...GRAPH_RIGHTS,
        ...(/"entraGroups"/.test(access) ? [READ_GROUPS] : []),
        ...(/"assignedOnly":true/.test(access) ? ASSIGN : []),
      ];
      const lacking = needed.filter((any) => !any.some((name) => roles.includes(name)));
      const missing = lacking.map(([least = ""]) => least);
      return { ...told(missing), advice: describeGraphGrant(appid, missing, await at.environment()) };
    },
  },
  {
    id: "cloudflare-token",
    subject: "Cloudflare API token",
    looksAt: "Cloudflare: GET tokens/verify of the account, or of the user whose token it is",
    advice: "Make another one, or check CLOUDFLARE_API_TOKEN, cloudflare:apiToken and accountId.",
    async look(at) {
      const found = await tokenOf(at);
      if (!found) return { found: "Cloudflare knows no such token", wanted: "active" };
      const until = found.expires_on ? ` until ${found.expires_on}` : "";
      return { found: `${found.status}${until}`, wanted: "active", holds: found.status === "active" };
    },
  },
  {
    id: "cloudflare-rights",
    subject: "rights of the deployer at Cloudflare",
    looksAt: "Cloudflare: the token's own policies, or else GET access/organizations",
    advice: "Add what is missing to the token, for this account.",
    async look(at) {
      const { id } = await existing(tokenOf(at), "Cloudflare API token");
      const account_id = await at.setting("accountId");
      const client = await at.cloudflare();
      const token = await client.accounts.tokens.get(String(id), { account_id }).catch(onlyForbidden);
      const names = token?.policies?.flatMap(({ effect, permission_groups }) =>
        effect === "allow" ? permission_groups.map(({ name }) => name) : [],
      );
      const needed = neededAtCloudflare(await at.setting("access"));
      const advice = describeCloudflareGrant(account_id);
      if (names) return { ...told(needed.filter((name) => !names.includes(name))), advice };
      const readable = await client.zeroTrust.organizations.list({ account_id }).catch(onlyForbidden);
      if (!readable) return { ...told(needed), advice };
      return {
        found: "it may read; whether it may write is told to no token without the right to read tokens",
        wanted: "all",
        holds: "open",
        advice: `Look in the dashboard whether it has ${needed.map((name) => `"${name}"`).join(" and ")}.`,
      };
    },
  },
  {
    id: "audit-logs",
    subject: "audit logs, from which drift tells who changed something",
    looksAt: "roles of the token for Graph; Cloudflare: GET logs/audit",
    advice: "Nothing else needs them. Grant what is missing where drift is to say since when and by whom.",
    async look(at) {
      const { roles = [], scp } = decodeAccessToken(await at.graphToken());
      const accountId = await at.setting("accountId");
      const now = Date.now();
      const log = readAuditLog(await at.cloudflare(), {
        accountId,
        since: new Date(now - 1000),
        before: new Date(now),
        most: 1,
      });
      const missing = [
        // What people may read is up to their directory roles, of which several will do.
        ...(scp !== undefined || roles.includes("AuditLog.Read.All") ? [] : ["AuditLog.Read.All"]),
        ...((await log.catch(onlyForbidden)) ? [] : ["Account Settings Read"]),
      ];
      return missing.length === 0 ? told(missing) : { ...told(missing), holds: "open" };
    },
  },
  {
    id: "team",
    subject: "Zero Trust organization",
    looksAt: "Cloudflare: GET access/organizations, auth_domain",
    advice: "Correct teamName or accountId. An account without one: turn on Zero Trust in the dashboard.",
    async look(at) {
      const account_id = await at.setting("accountId");
      const { auth_domain } = await (await at.cloudflare()).zeroTrust.organizations.list({ account_id });
      return { found: String(auth_domain), wanted: `${await at.setting("teamName")}.cloudflareaccess.com` };
    },
  },
];

interface Routed {
  routes?: string;
}

/** @param access the setting of that name, as JSON: who may reach what */
function neededAtCloudflare(access: string): string[] {
  const settings: Record<string, Record<string, object>> = JSON.parse(access || "{}");
  const named = (...parts: string[]) => parts.flatMap((part) => Object.values(settings[part] ?? {}));
  const closed: Routed[] = named("privateRanges", "privateHostnames");
  const makes = closed.some(({ routes }) => routes === "make");
  const networks = named("virtualNetworks").some((network) => "displayName" in network);
  return [
    "Access: Organizations, Identity Providers, and Groups Write",
    ...(named("policies", "applications").length > 0 ? ["Access: Apps and Policies Write"] : []),
    ...(makes || networks ? ["Cloudflare Tunnel Write"] : []),
    ...(closed.length > 0 ? ["Zero Trust Write"] : []),
  ];
}

function told(missing: readonly string[]) {
  return { found: missing.length === 0 ? "all" : `all but ${missing.join(", ")}`, wanted: "all" };
}

/** Tokens belong to an account or to a user, and each kind is known at its own address. */
async function tokenOf(at: DoctorContext) {
  const client = await at.cloudflare();
  const account_id = await at.setting("accountId");
  const ofAccount = await client.accounts.tokens.verify({ account_id }).catch(onlyForbidden);
  return ofAccount ?? (await client.user.tokens.verify().catch(onlyForbidden));
}

function onlyRefusals(error: Error): { refused: string } {
  if (!/AADSTS\d+/.test(error.message)) throw error;
  return { refused: error.message };
}

function onlyForbidden(error: { status?: number }): undefined {
  if (![401, 403].includes(error.status ?? 0)) throw error;
}
