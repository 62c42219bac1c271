import { isDeepStrictEqual } from "node:util";
import type { Check } from "./check";
import { existing, type Reading } from "./reading";

const DAY = 24 * 60 * 60 * 1000;
const UP = "Run `pulumi up`: it restores what the settings say.";
/** The newest entries of the log; an entry may be days old where few people sign in. */
const LOG_ENTRIES = 200;

const provider = (reading: Reading) => existing(reading.identityProvider(), "identity provider");

export const CLOUDFLARE_CHECKS: readonly Check[] = [
  {
    id: "identity-provider",
    subject: "identity provider",
    looksAt: "Cloudflare: GET access/identity_providers/{id}, type",
    peopleSee: "no sign-in with Entra ID on the login page",
    advice: `${UP} A new one has another id: run it before anybody changes the rules that name the old one.`,
    async look({ identityProvider }) {
      return { found: (await identityProvider())?.type ?? "none", wanted: "azureAD" };
    },
  },
  setting("client-id", "client id", "client_id", "AADSTS700016", ({ clientId }) => clientId),
  setting("directory-id", "directory id", "directory_id", "AADSTS90002 or AADSTS700016", (a) => a.tenantId),
  setting(
    "groups",
    "groups from Entra",
    "support_groups",
    "that rules about groups let nobody in",
    ({ supportGroups }) => supportGroups,
  ),
  setting("pkce", "PKCE", "pkce_enabled", undefined, ({ pkceEnabled }) => pkceEnabled),
  {
    id: "identity-provider-settings",
    subject: "other settings of the identity provider",
    looksAt: "Cloudflare: GET access/identity_providers/{id}, name, config, scim_config",
    advice: UP,
    async look(reading) {
      const found = await provider(reading);
      const values: Record<string, unknown> = { name: found.name, ...found.config, ...found.scim_config };
      const all = Object.entries(reading.asked.identityProvider);
      const differing = all.filter(
        ([name, wanted]) => !isDeepStrictEqual(orUnset(values[name]), orUnset(wanted)),
      );
      if (differing.length === 0) return { found: "as set", wanted: "as set" };
      const shown = (of: Readonly<Record<string, unknown>>) =>
        differing.map(([name]) => `${name} ${JSON.stringify(orUnset(of[name]) ?? "unset")}`).join(", ");
      return { found: shown(values), wanted: shown(reading.asked.identityProvider) };
    },
  },
  {
    id: "sign-in",
    subject: "last sign-in, the proof of it all",
    looksAt: `Cloudflare: GET access/logs/access_requests, the newest ${LOG_ENTRIES} entries`,
    advice:
      "Open the test link and sign in: only a real sign-in proves that Cloudflare has the right secret.",
    async look(reading) {
      const days = reading.demands.signInDays;
      const wanted = days === undefined ? "any" : `one within ${days} days`;
      const without = days === undefined ? ("open" as const) : false;
      const { zeroTrust } = await reading.sight.cloudflare();
      const entries = await zeroTrust.access.logs.accessRequests
        .list({
          account_id: reading.asked.accountId,
          direction: "desc",
          limit: LOG_ENTRIES,
          per_page: LOG_ENTRIES,
        })
        .catch((error: { status?: number }) => {
          // So that who needs no proof needs no right to read it.
          if (error.status !== 403 || days !== undefined) throw error;
        });
      if (!entries) {
        return {
          found: 'not known: the token may not read the log ("Access: Audit Logs Read")',
          wanted,
          holds: "open",
        };
      }
      const last = entries.find(
        (entry) => entry.action === "login" && entry.allowed && entry.connection === "azureAD",
      );
      if (!last) return { found: "none", wanted, holds: without };
      const at = Date.parse(String(last.created_at));
      const recent = days === undefined || reading.now.getTime() - at <= days * DAY;
      const details = { at: String(last.created_at), by: String(last.user_email) };
      return { found: `${details.at}, ${details.by}`, wanted, holds: recent, details };
    },
  },
];

/** A field of the identity provider's `config`. */
function setting(
  id: string,
  subject: string,
  field: string,
  peopleSee: string | undefined,
  wanted: (asked: Reading["asked"]) => unknown,
): Check {
  return {
    id,
    subject: `identity provider, ${subject}`,
    looksAt: `Cloudflare: GET access/identity_providers/{id}, config.${field}`,
    ...(peopleSee ? { peopleSee } : {}),
    advice: UP,
    async look(reading) {
      const { config } = await provider(reading);
      return { found: String(config[field] ?? "unset"), wanted: String(wanted(reading.asked)) };
    },
  };
}

/** Cloudflare writes what is not set in several ways. */
function orUnset(value: unknown): unknown {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
