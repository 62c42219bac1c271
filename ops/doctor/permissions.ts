import { listNeededPermissions } from "../../config/deployer/jobs";
import { findTeamsDomain, TEAMS_DOMAINS } from "../../config/target";
import type { Check } from "../checks/check";
import { readAuditLog } from "../clients/audit-log";
import { decodeAccessToken } from "../clients/entra/access-token";
import { DAY_MS } from "../days";
import { findHint, UserError } from "../errors";
import { RENEWAL_DAYS } from "../identities/tokens";
import {
  comparePermissions,
  describeComparison,
  findFeatures,
  type PermissionComparison,
} from "../permissions/compare";
import {
  describeCloudflareGrant,
  describeCloudflareRevocation,
  describeGraphGrant,
  describeGraphRevocation,
} from "../permissions/grants";
import { compareWithJob } from "../permissions/identity";
import { DEPLOY_AS_APPLICATION } from "../permissions/refusal";
import type { DoctorContext } from "./context";

/** Checks of sign-in to both clouds and of the deployer's permissions. */
export const PERMISSION_CHECKS: readonly Check<DoctorContext>[] = [
  {
    id: "entra-sign-in",
    subject: "sign-in to Microsoft Entra ID",
    source: "the token that the azuread provider would receive",
    advice: "Check tenantId, azuread:tenantId and the ARM_* variables, or az login --tenant <id>.",
    async run(at) {
      const tenantId = await at.setting("tenantId");
      const expected = `signed in to tenant ${tenantId}`;
      const token = await at.graphToken().catch(catchRefusal);
      if (typeof token !== "string") return { actual: token.refused, expected, ...findHint(token.refused) };
      const { tid, appid, upn } = decodeAccessToken(token);
      return {
        actual: `${upn ?? `application ${appid}`} in tenant ${tid}`,
        expected,
        passed: tid === tenantId,
      };
    },
  },
  {
    id: "graph-permissions",
    subject: "permissions of the deployer on Microsoft Graph",
    source: "roles of that token; for people, its wids (directory roles)",
    advice: "Grant the missing permissions, then sign in again.",
    async run(at) {
      const token = decodeAccessToken(await at.graphToken());
      const features = await findFeatures((name) => at.setting(name));
      const compared = compareWithJob(token, at.job, features);
      const { isPerson, obstacles, missing, excess } = compared;
      if (obstacles.length > 0)
        return {
          actual: obstacles.join("; "),
          expected: "all",
          passed: false,
          advice: DEPLOY_AS_APPLICATION,
        };
      const { appid = "" } = token;
      const [grant, revocation] = isPerson
        ? [
            `Activate or assign the directory role ${missing.join(" and ")}, then sign in again.`,
            `Deactivate ${excess.join(" and ")}, then sign in again.`,
          ]
        : [describeGraphGrant(appid, missing, await at.environment()), describeGraphRevocation(appid)];
      return judgeComparison(compared, grant, revocation);
    },
  },
  {
    id: "cloudflare-token",
    subject: "Cloudflare API token",
    source: "Cloudflare: GET tokens/verify of the account or of the token's user",
    advice: "Create another token, or check CLOUDFLARE_API_TOKEN, cloudflare:apiToken and accountId.",
    async run(at) {
      const actual = await findToken(at);
      if (!actual) return { actual: UNKNOWN_TOKEN, expected: "active" };
      const { status, expires_on } = actual;
      const until = expires_on ? ` until ${expires_on}` : "";
      const outcome = { actual: `${status}${until}`, expected: "active" };
      if (status !== "active" || !expires_on) return { ...outcome, passed: status === "active" };
      const days = (Date.parse(expires_on) - (await at.now()).getTime()) / DAY_MS;
      if (days >= RENEWAL_DAYS) return { ...outcome, passed: true };
      const advice = `It ends in ${Math.floor(days)} days. Create the next one: npx entra-access bootstrap --account <id> --token-folder <folder> (docs/commands/bootstrap.md)`;
      return { ...outcome, passed: "open", advice };
    },
  },
  {
    id: "cloudflare-permissions",
    subject: "permissions of the deployer at Cloudflare",
    source: "Cloudflare: the token's policies, otherwise GET access/organizations",
    advice: "Add the missing permissions to the token, for this account.",
    async run(at) {
      const { id } = (await findToken(at)) ?? {};
      if (!id) throw new UserError(UNKNOWN_TOKEN);
      const account_id = await at.setting("accountId");
      const client = await at.cloudflare();
      const token = await client.accounts.tokens.get(id, { account_id }).catch(catchForbidden);
      const names = token?.policies?.flatMap(({ effect, permission_groups }) =>
        effect === "allow" ? permission_groups.map(({ name }) => name) : [],
      );
      const features = await findFeatures((name) => at.setting(name));
      const needed = listNeededPermissions(at.job, features).cloudflare;
      const advice = describeCloudflareGrant(account_id);
      if (names) {
        const compared = comparePermissions(
          needed,
          names.flatMap((name) => name ?? []),
        );
        return judgeComparison(compared, advice, describeCloudflareRevocation(account_id));
      }
      const readable = await client.zeroTrust.organizations.list({ account_id }).catch(catchForbidden);
      if (!readable) return { ...describeMissing(needed), advice };
      return {
        actual: "it can read; only a token that can read tokens can check whether it can write",
        expected: "all",
        passed: "open",
        advice: `Check in the dashboard that it has ${needed.map((name) => `"${name}"`).join(" and ")}.`,
      };
    },
  },
  {
    id: "audit-logs",
    subject: "audit logs, from which drift reports who made a change",
    source: "roles of the token for Graph; Cloudflare: GET logs/audit",
    advice:
      "Optional: grant the missing permissions if drift should report when and by whom something was changed.",
    async run(at) {
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
        // People need one of several directory roles instead, which are not checked.
        ...(scp !== undefined || LOG_READERS.some((name) => roles.includes(name)) ? [] : [LOG_READERS[0]]),
        ...((await log.catch(catchForbidden)) ? [] : ["Account Settings Read"]),
      ];
      return missing.length === 0
        ? describeMissing(missing)
        : { ...describeMissing(missing), passed: "open" };
    },
  },
  {
    id: "team",
    subject: "Zero Trust organization",
    source: "Cloudflare: GET access/organizations, auth_domain",
    advice:
      "Correct teamName or accountId. If the account has no organization, turn on Zero Trust in the dashboard.",
    async run(at) {
      const account_id = await at.setting("accountId");
      const names = [await at.setting("teamName"), await at.setting("nextTeamName")].filter(Boolean);
      if (names.length === 0) throw new UserError("teamName is required");
      const { auth_domain } = await (await at.cloudflare()).zeroTrust.organizations.list({ account_id });
      const teamsDomain = findTeamsDomain(auth_domain, ...names);
      const domains = names.map((name) => `${name}.${teamsDomain ?? TEAMS_DOMAINS[0]}`);
      return {
        actual: String(auth_domain),
        expected: domains.join(" or "),
        passed: teamsDomain !== undefined,
      };
    },
  },
];

const UNKNOWN_TOKEN = "unknown to Cloudflare";

/** Permissions that include the audit log of the directory, the least first. */
const LOG_READERS = ["AuditLog.Read.All", "Directory.Read.All"] as const;

/**
 * Too much is no reason to fail: everything works, and only a person can tell what else the identity is for.
 *
 * @param grant advice where something is missing @param revocation advice otherwise
 */
function judgeComparison(compared: PermissionComparison, grant: string, revocation: string) {
  const { missing, excess } = compared;
  const passed = missing.length > 0 ? false : excess.length === 0 || ("open" as const);
  const advice = missing.length > 0 ? grant : revocation;
  return { actual: describeComparison(compared), expected: "all", passed, advice };
}

function describeMissing(missing: readonly string[]) {
  return { actual: describeComparison({ missing, excess: [] }), expected: "all" };
}

/** Finds the token in use; tokens of an account and of a user have different endpoints. */
async function findToken(at: DoctorContext) {
  const client = await at.cloudflare();
  const account_id = await at.setting("accountId");
  const ofAccount = await client.accounts.tokens.verify({ account_id }).catch(catchForbidden);
  return ofAccount ?? (await client.user.tokens.verify().catch(catchForbidden));
}

function catchRefusal(error: Error): { refused: string } {
  if (!/AADSTS\d+/.test(error.message)) throw error;
  return { refused: error.message };
}

function catchForbidden(error: { status?: number }): undefined {
  if (![401, 403].includes(error.status ?? 0)) throw error;
}
