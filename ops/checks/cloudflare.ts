import { isDeepStrictEqual } from "node:util";
import { DAY_MS } from "../days";
import { type Check, RESTORE } from "./check";
import { requireExisting, type VerifyContext } from "./context";
import type { ExpectedSignIn } from "./expected-sign-in";

/** The number of newest log entries to search. */
const LOG_ENTRIES = 200;

const provider = (context: VerifyContext) => requireExisting(context.identityProvider(), "identity provider");

export const CLOUDFLARE_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "identity-provider",
    subject: "identity provider",
    source: "Cloudflare: GET access/identity_providers/{id}, type",
    symptom: "the login page does not offer Entra ID",
    advice: `${RESTORE} The new identity provider gets another id, so run it before anyone changes the rules that name the old one.`,
    async run({ identityProvider }) {
      return { actual: (await identityProvider())?.type ?? "none", expected: "azureAD" };
    },
  },
  createConfigCheck("client-id", "client_id", "AADSTS700016", ({ clientId }) => clientId),
  createConfigCheck(
    "directory-id",
    "directory_id",
    "AADSTS90002 or AADSTS700016",
    ({ tenantId }) => tenantId,
  ),
  createConfigCheck("groups", "support_groups", "rules about groups admit nobody", (e) => e.supportGroups),
  createConfigCheck("pkce", "pkce_enabled", undefined, ({ pkceEnabled }) => pkceEnabled),
  {
    id: "identity-provider-settings",
    subject: "other settings of the identity provider",
    source: "Cloudflare: GET access/identity_providers/{id}, name, config, scim_config",
    advice: RESTORE,
    async run(context) {
      const { name, config, scim_config } = await provider(context);
      const values: Record<string, unknown> = { name, ...config, ...scim_config };
      const all = Object.entries(context.expected.identityProvider);
      const differing = all.filter(
        ([name, expected]) => !isDeepStrictEqual(orUndefined(values[name]), orUndefined(expected)),
      );
      if (differing.length === 0) return { actual: "as configured", expected: "as configured" };
      const describe = (settings: Readonly<Record<string, unknown>>) =>
        differing
          .map(([name]) => `${name} ${JSON.stringify(orUndefined(settings[name]) ?? "unset")}`)
          .join(", ");
      return { actual: describe(values), expected: describe(context.expected.identityProvider) };
    },
  },
  {
    id: "sign-in",
    subject: "last sign-in",
    source: `Cloudflare: GET access/logs/access_requests, the newest ${LOG_ENTRIES} entries`,
    advice:
      "Open the test link and sign in: only a real sign-in proves that Cloudflare has the right client secret.",
    async run(context) {
      const days = context.requirements.signInDays;
      const expected = days === undefined ? "any" : `one within ${days} days`;
      const { zeroTrust } = await context.clouds.cloudflare();
      const entries = await zeroTrust.access.logs.accessRequests
        .list({
          account_id: context.expected.accountId,
          direction: "desc",
          limit: LOG_ENTRIES,
          per_page: LOG_ENTRIES,
        })
        .catch((error: { status?: number }) => {
          // The permission to read the log is only needed if a sign-in is required.
          if (error.status !== 403 || days !== undefined) throw error;
        });
      if (!entries) {
        const actual = 'unknown: the token needs "Access: Audit Logs Read" to read the log';
        return { actual, expected, passed: "open" };
      }
      const last = entries.find(
        (entry) => entry.action === "login" && entry.allowed && entry.connection === "azureAD",
      );
      if (!last) return { actual: "none", expected, passed: days === undefined ? "open" : false };
      const at = Date.parse(String(last.created_at));
      const isRecent = days === undefined || context.now.getTime() - at <= days * DAY_MS;
      const details = { at: String(last.created_at), by: String(last.user_email) };
      return { actual: `${details.at}, ${details.by}`, expected, passed: isRecent, details };
    },
  },
];

/** Creates the check of one field of the identity provider's `config`. */
function createConfigCheck(
  id: string,
  field: string,
  symptom: string | undefined,
  getExpected: (expected: ExpectedSignIn) => unknown,
): Check<VerifyContext> {
  return {
    id,
    subject: `identity provider, ${field}`,
    source: `Cloudflare: GET access/identity_providers/{id}, config.${field}`,
    ...(symptom ? { symptom } : {}),
    advice: RESTORE,
    async run(context) {
      const { config } = await provider(context);
      return { actual: String(config[field] ?? "unset"), expected: String(getExpected(context.expected)) };
    },
  };
}

/** Maps Cloudflare's several notations of an unset value to undefined. */
function orUndefined(value: unknown): unknown {
  return value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
