import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { secretHash } from "../../store/store";
import type { Application, Password, Tenant } from "../../store/tenant";
import { type BodyRules, type Call, type Operation, readBody, requireOwner } from "../call";
import { badRequest, notFound, tooLong, typeNotAllowed } from "../errors";
import { contextOf, find } from "../query";
import { passwordCredential } from "./application-body";
import { passwordWire } from "./application-wire";

const newPassword = z.strictObject({ passwordCredential: passwordCredential.nullable() }).partial();

const removedPassword = z.strictObject({ keyId: z.guid().toLowerCase() });

export const passwordRules: BodyRules = {
  type: "PasswordCredential",
  readOnly: ["hint", "keyId", "secretText", "customKeyIdentifier"].flatMap((name) => [
    `passwordCredential.${name}`,
    `passwordCredentials.0.${name}`,
  ]),
  notJudged: [],
};

/**
 * Makes a client secret. Entra's look like `Q_e8Q~` and 34 random characters.
 *
 * @returns what is kept, and the secret, which is shown once
 * @throws GraphError 400 when it would have ended already, or before it starts, or when the tenant forbids it
 */
export function makePassword(
  now: Date,
  wanted: z.infer<typeof passwordCredential>,
  { passwordPolicy }: Tenant,
): { password: Password; secretText: string } {
  if (passwordPolicy?.forbidden) throw typeNotAllowed(passwordPolicy.id);
  const start = wanted.startDateTime ?? now.toISOString();
  const end = wanted.endDateTime ?? twoYearsAfter(start);
  if (Date.parse(end) <= now.getTime() || Date.parse(end) <= Date.parse(start)) {
    throw badRequest("Key credential end date is invalid.");
  }
  const longest = passwordPolicy?.longestDays ?? Number.POSITIVE_INFINITY;
  if (passwordPolicy && Date.parse(end) - Date.parse(start) > longest * DAY) throw tooLong(passwordPolicy.id);
  const characters = randomBytes(36).toString("base64url").slice(0, 37);
  const secretText = `${characters.slice(0, 3)}8Q~${characters.slice(3)}`;
  const password: Password = {
    keyId: randomUUID(),
    displayName: wanted.displayName ?? null,
    hint: secretText.slice(0, 3),
    startDateTime: canonical(start),
    endDateTime: canonical(end),
    createdDateTime: now.toISOString(),
    hash: secretHash(secretText),
  };
  return { password, secretText };
}

const DAY = 24 * 60 * 60 * 1000;

function twoYearsAfter(start: string): string {
  const date = new Date(start);
  date.setUTCFullYear(date.getUTCFullYear() + 2);
  return date.toISOString();
}

/** Graph keeps fractions of a second, and writes none where there are none. */
function canonical(dateTime: string): string {
  return new Date(dateTime).toISOString().replace(/\.?0*Z$/, "Z");
}

export const passwordOperations: Operation[] = [
  {
    call: "POST /applications/{id}/addPassword",
    async handle(call) {
      const application = owned(call);
      const body = await readBody(call, newPassword, passwordRules);
      const { password, secretText } = makePassword(
        call.store.now(),
        body.passwordCredential ?? {},
        call.tenant,
      );
      application.passwords.push(password);
      const context = contextOf(call, "microsoft.graph.passwordCredential");
      return { status: 200, body: { "@odata.context": context, ...passwordWire(password, secretText) } };
    },
  },
  {
    call: "POST /applications/{id}/removePassword",
    async handle(call) {
      const application = owned(call);
      const { keyId } = await readBody(call, removedPassword, passwordRules);
      const index = application.passwords.findIndex((password) => password.keyId === keyId);
      if (index < 0) throw badRequest("No password credential found with keyId.");
      application.passwords.splice(index, 1);
      return { status: 204 };
    },
  },
];

function owned(call: Call): Application {
  const application = find(call, call.tenant.applications, notFound);
  requireOwner(call, application);
  return application;
}
