import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { EntraTenant, Password } from "../../store/entra/tenant";
import { hashSecret } from "../../store/secrets";
import { type BodyRules, findChangeableApplication, type GraphOperation, readBody } from "../call";
import { badRequest, lifetimeNotAllowed, typeNotAllowed } from "../errors";
import { getContextUrl } from "../query";
import { passwordCredentialSchema } from "./application-body";
import { toPasswordWire } from "./application-wire";

const newPassword = z.strictObject({ passwordCredential: passwordCredentialSchema.nullable() }).partial();

const removedPassword = z.strictObject({ keyId: z.guid().toLowerCase() });

export const passwordRules: BodyRules = {
  type: "PasswordCredential",
  readOnly: ["hint", "keyId", "secretText", "customKeyIdentifier"].flatMap((name) => [
    `passwordCredential.${name}`,
    `passwordCredentials.0.${name}`,
  ]),
  notServed: [],
};

/**
 * Creates a client secret in Entra's form, which is like `Q_e8Q~` and 34 random characters.
 *
 * @returns the stored password, and the secret, which is shown once
 * @throws GraphError 400 when it ends in the past or before it starts, or when the tenant's policy forbids it
 */
export function createPassword(
  now: Date,
  credential: z.infer<typeof passwordCredentialSchema>,
  { passwordPolicy }: EntraTenant,
): { password: Password; secretText: string } {
  if (passwordPolicy?.forbidden) throw typeNotAllowed(passwordPolicy.id);
  const start = credential.startDateTime ?? now.toISOString();
  const end = credential.endDateTime ?? addTwoYears(start);
  if (Date.parse(end) <= now.getTime() || Date.parse(end) <= Date.parse(start)) {
    throw badRequest("Key credential end date is invalid.");
  }
  const longest = passwordPolicy?.longestDays ?? Number.POSITIVE_INFINITY;
  if (passwordPolicy && Date.parse(end) - Date.parse(start) > longest * DAY)
    throw lifetimeNotAllowed(passwordPolicy.id);
  const characters = randomBytes(36).toString("base64url").slice(0, 37);
  const secretText = `${characters.slice(0, 3)}8Q~${characters.slice(3)}`;
  const password: Password = {
    keyId: randomUUID(),
    displayName: credential.displayName ?? null,
    hint: secretText.slice(0, 3),
    startDateTime: formatDateTime(start),
    endDateTime: formatDateTime(end),
    createdDateTime: now.toISOString(),
    hash: hashSecret(secretText),
  };
  return { password, secretText };
}

const DAY = 24 * 60 * 60 * 1000;

function addTwoYears(start: string): string {
  const date = new Date(start);
  date.setUTCFullYear(date.getUTCFullYear() + 2);
  return date.toISOString();
}

/** Formats a date as Graph does, with fractions of a second only if there are any. */
function formatDateTime(dateTime: string): string {
  return new Date(dateTime).toISOString().replace(/\.?0*Z$/, "Z");
}

export const passwordOperations: GraphOperation[] = [
  {
    call: "POST /applications/{id}/addPassword",
    status: 200,
    async handle(call) {
      const application = findChangeableApplication(call);
      const body = await readBody(call, newPassword, passwordRules);
      const { password, secretText } = createPassword(
        call.store.now(),
        body.passwordCredential ?? {},
        call.tenant,
      );
      application.passwords.push(password);
      const context = getContextUrl(call, "microsoft.graph.passwordCredential");
      return { "@odata.context": context, ...toPasswordWire(password, secretText) };
    },
  },
  {
    call: "POST /applications/{id}/removePassword",
    async handle(call) {
      const application = findChangeableApplication(call);
      const { keyId } = await readBody(call, removedPassword, passwordRules);
      const index = application.passwords.findIndex((password) => password.keyId === keyId);
      if (index < 0) throw badRequest("No password credential found with keyId.");
      application.passwords.splice(index, 1);
      return null;
    },
  },
];
