import type { Check } from "../checks/check";
import { requireExisting } from "../checks/context";
import { auditLogs } from "../clients/audit-logs";
import { claimsOf } from "../clients/claims";
import { grantAtCloudflare, grantAtGraph } from "./grants";
import type { Surroundings } from "./surroundings";

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
export const RIGHTS_CHECKS: readonly Check<Surroundings>[] = [
  {
    id: "entra-sign-in",
    subject: "sign-in to Microsoft Entra ID",
    source: "the token that the azuread provider would get",
    advice: "Check tenantId, azuread:tenantId and the ARM_* variables, or az login --tenant <id>.",
    async run(at) {
      const tenantId = await at.setting("tenantId");
      const expected = `signed in to tenant ${tenantId}`;
      const token = await at.graphToken().catch(onlyRefusals);
      if (typeof token !== "string") return { actual: token.refused, expected };
      const { tid, appid, upn } = claimsOf(token);
      return {
        actual: `${upn ?? `application ${appid}`} in tenant ${tid}`,
        expected,
        passed: tid === tenantId,
      };
    },
  },
  {
    id: "graph-rights",
    subject: "rights of the deployer on Microsoft Graph",
    source: "roles of that token; for people wids, their directory roles",
    advice: "Grant what is missing, then sign in anew.",
    async run(at) {
      const { roles = [], wids = [], scp, appid = "" } = claimsOf(await at.graphToken());
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
      return { ...told(missing), advice: grantAtGraph(appid, missing, await at.environment()) };
    },
  },
  {
    id: "cloudflare-token",
    subject: "Cloudflare API token",
    source: "Cloudflare: GET tokens/verify of the account, or of the user whose token it is",
    advice: "Make another one, or check CLOUDFLARE_API_TOKEN, cloudflare:apiToken and accountId.",
    async run(at) {
      const actual = await tokenOf(at);
      if (!actual) return { actual: "Cloudflare knows no such token", expected: "active" };
      const until = actual.expires_on ? ` until ${actual.expires_on}` : "";
      return { actual: `${actual.status}${until}`, expected: "active", passed: actual.status === "active" };
    },
  },
  {
    id: "cloudflare-rights",
    subject: "rights of the deployer at Cloudflare",
    source: "Cloudflare: the token's own policies, or else GET access/organizations",
    advice: "Add what is missing to the token, for this account.",
    async run(at) {
      const { id } = await requireExisting(tokenOf(at), "Cloudflare API token");
      const account_id = await at.setting("accountId");
      const client = await at.cloudflare();
      const token = await client.accounts.tokens.get(String(id), { account_id }).catch(onlyForbidden);
      const names = token?.policies?.flatMap(({ effect, permission_groups }) =>
        effect === "allow" ? permission_groups.map(({ name }) => name) : [],
      );
      const needed = neededAtCloudflare(await at.setting("access"));
      const advice = grantAtCloudflare(account_id);
      if (names) return { ...told(needed.filter((name) => !names.includes(name))), advice };
      const readable = await client.zeroTrust.organizations.list({ account_id }).catch(onlyForbidden);
      if (!readable) return { ...told(needed), advice };
      return {
        actual: "it may read; whether it may write is told to no token without the right to read tokens",
        expected: "all",
        passed: "open",
        advice: `Look in the dashboard whether it has ${needed.map((name) => `"${name}"`).join(" and ")}.`,
      };
    },
  },
  {
    id: "audit-logs",
    subject: "audit logs, from which drift tells who changed something",
    source: "roles of the token for Graph; Cloudflare: GET logs/audit",
    advice: "Nothing else needs them. Grant what is missing where drift is to say since when and by whom.",
    async run(at) {
      const { roles = [], scp } = claimsOf(await at.graphToken());
      const accountId = await at.setting("accountId");
      const now = Date.now();
      const log = auditLogs(await at.cloudflare(), {
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
      return missing.length === 0 ? told(missing) : { ...told(missing), passed: "open" };
    },
  },
  {
    id: "team",
    subject: "Zero Trust organization",
    source: "Cloudflare: GET access/organizations, auth_domain",
    advice: "Correct teamName or accountId. An account without one: turn on Zero Trust in the dashboard.",
    async run(at) {
      const account_id = await at.setting("accountId");
      const { auth_domain } = await (await at.cloudflare()).zeroTrust.organizations.list({ account_id });
      return {
        actual: String(auth_domain),
        expected: `${await at.setting("teamName")}.cloudflareaccess.com`,
      };
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
  return { actual: missing.length === 0 ? "all" : `all but ${missing.join(", ")}`, expected: "all" };
}

/** Tokens belong to an account or to a user, and each kind is known at its own address. */
async function tokenOf(at: Surroundings) {
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
