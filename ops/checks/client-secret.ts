import type { Check } from "./check";
import { existing } from "./reading";

const DAY = 24 * 60 * 60 * 1000;
const UP = "Run `pulumi up`: it makes another one, and hands it to Cloudflare once Entra accepts it.";
const ROTATE = "Run `npx entra-access rotate`: docs/rotation.md says what it does.";

/** Of the secret, not of the application or the tenant: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const REFUSED = ["AADSTS7000215", "AADSTS7000222"];
/** Blocked by Conditional Access, which comes after the secret. */
const ACCEPTED = ["AADSTS53003"];

export const CLIENT_SECRET_CHECKS: readonly Check[] = [
  {
    id: "client-secret",
    subject: "client secret, its end",
    looksAt: "Graph: GET /applications/{id}, passwordCredentials",
    advice: UP,
    async look(reading) {
      const { passwordCredentials } = await existing(reading.application(), "app registration");
      // What the outputs say will do where the state cannot be read.
      const given = await reading.secret().catch(() => undefined);
      const keyId = given?.keyId ?? reading.asked.keyId;
      const days = reading.demands.secretDays ?? 0;
      const wanted = `key ${keyId}, good for ${days > 0 ? `${days} days` : "now"}`;
      const key = passwordCredentials?.find((credential) => credential.keyId === keyId);
      if (!key) return { found: "the application has no such key", wanted, peopleSee: "AADSTS7000215" };
      const left = (Date.parse(String(key.endDateTime)) - reading.now.getTime()) / DAY;
      const found = `key ${keyId}, ends ${key.endDateTime}, ${daysLeft(left)}`;
      return {
        found,
        wanted,
        holds: left > days,
        ...(left > 0 ? { advice: ROTATE } : { peopleSee: "AADSTS7000222" }),
        details: { keyId, expires: String(key.endDateTime), daysLeft: Math.floor(left) },
      };
    },
  },
  {
    id: "client-secret-live",
    subject: "client secret, at the token endpoint",
    looksAt: "sign-in: POST /{tenant}/oauth2/v2.0/token with the secret that the state says Cloudflare has",
    peopleSee: "AADSTS7000215",
    advice: ROTATE,
    async look({ sight, asked, secret }) {
      const [entra, { value }] = [await sight.entra(), await secret()];
      const proof = { client_id: asked.clientId, client_secret: value };
      const refusal = await entra.signIn(asked.tenantId, proof).then(
        () => undefined,
        (error: Error) => error,
      );
      const code = refusal && /AADSTS\d+/.exec(refusal.message)?.[0];
      if (refusal && !REFUSED.includes(code ?? "") && !ACCEPTED.includes(code ?? "")) throw refusal;
      const refused = refusal && REFUSED.includes(code ?? "");
      return { found: refused ? refusal.message : "accepted", wanted: "accepted", peopleSee: code };
    },
  },
];

function daysLeft(days: number): string {
  if (days <= 0) return "expired";
  return days < 1 ? "less than a day left" : `${Math.floor(days)} days left`;
}
