import { DAY_MS } from "../days";
import type { Check } from "./check";
import { requireExisting, type VerifyContext } from "./context";

const UP =
  "Run `npx entra-access up`: it creates a new client secret and gives it to Cloudflare once Entra accepts it.";
const ROTATE = "Run `npx entra-access rotate`; docs/rotation.md describes it.";

/** Errors about the client secret itself: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const REFUSED = ["AADSTS7000215", "AADSTS7000222"];
/** Errors that follow a valid client secret: blocked by Conditional Access. */
const ACCEPTED = ["AADSTS53003"];

export const CLIENT_SECRET_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "client-secret",
    subject: "client secret expiry",
    source: "Graph: GET /applications/{id}, passwordCredentials",
    advice: UP,
    async run(context) {
      const { passwordCredentials } = await requireExisting(context.application(), "app registration");
      // The outputs suffice if the state cannot be decrypted.
      const deployed = await context.clientSecret().catch(() => undefined);
      const keyId = deployed?.keyId ?? context.expected.keyId;
      const days = context.requirements.secretDays ?? 0;
      const expected = `key ${keyId}, valid ${days > 0 ? `for ${days} days` : "now"}`;
      const key = passwordCredentials?.find((credential) => credential.keyId === keyId);
      if (!key) return { actual: "the application has no such key", expected, symptom: "AADSTS7000215" };
      const left = (Date.parse(String(key.endDateTime)) - context.now.getTime()) / DAY_MS;
      return {
        actual: `key ${keyId}, expires ${key.endDateTime}, ${describeDaysLeft(left)}`,
        expected,
        passed: left > days,
        ...(left > 0 ? { advice: ROTATE } : { symptom: "AADSTS7000222" }),
        details: { keyId, expires: String(key.endDateTime), daysLeft: Math.floor(left) },
      };
    },
  },
  {
    id: "client-secret-live",
    subject: "client secret at the token endpoint",
    source:
      "sign-in: POST /{tenant}/oauth2/v2.0/token with the client secret of the identity provider in the state",
    symptom: "AADSTS7000215",
    advice: ROTATE,
    async run({ clouds, expected, clientSecret }) {
      const [entra, { value }] = [await clouds.entra(), await clientSecret()];
      const proof = { client_id: expected.clientId, client_secret: value };
      const refusal = await entra.signIn(expected.tenantId, proof).then(
        () => undefined,
        (error: Error) => error,
      );
      const code = (refusal && /AADSTS\d+/.exec(refusal.message)?.[0]) ?? "";
      const refused = refusal && REFUSED.includes(code);
      if (refusal && !refused && !ACCEPTED.includes(code)) throw refusal;
      return {
        actual: refused ? refusal.message : "accepted",
        expected: "accepted",
        symptom: code || undefined,
      };
    },
  },
];

function describeDaysLeft(days: number): string {
  if (days <= 0) return "expired";
  return days < 1 ? "less than a day left" : `${Math.floor(days)} days left`;
}
