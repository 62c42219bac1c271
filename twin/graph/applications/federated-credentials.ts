import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { AppRegistration, FederatedCredential } from "../../store/entra/tenant";
import {
  type BodyRules,
  findApplication,
  findChangeableApplication,
  type GraphCall,
  type GraphOperation,
  readBody,
  type WireObject,
} from "../call";
import { badRequest, duplicateObject, notFound } from "../errors";
import { formatCollection, formatEntity } from "../query";

/** https://learn.microsoft.com/graph/api/application-post-federatedidentitycredentials */
const newCredential = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/),
  issuer: z.url({ protocol: /^https$/ }),
  subject: z.string().min(1).max(600),
  audiences: z.array(z.string().min(1).max(600)).length(1),
  description: z.string().max(600).nullable().optional(),
});

const changedCredential = newCredential.omit({ name: true }).partial();

const rules: BodyRules = {
  type: "FederatedIdentityCredential",
  readOnly: ["id"],
  notServed: ["@odata.type", "claimsMatchingExpression"],
};

const MOST = 20;

export const federatedCredentialOperations: GraphOperation[] = [
  {
    call: "GET /applications/{id}/federatedIdentityCredentials",
    handle(call) {
      const application = findApplication(call);
      const credentials = application.federatedCredentials.map(toWire);
      return formatCollection(call, formatType(application), credentials);
    },
  },
  { call: "POST /applications/{id}/federatedIdentityCredentials", handle: createCredential },
  {
    call: "GET /applications/{id}/federatedIdentityCredentials/{credentialId}",
    handle(call) {
      const application = findApplication(call);
      return formatEntity(call, formatType(application), toWire(findCredential(call, application)));
    },
  },
  { call: "PATCH /applications/{id}/federatedIdentityCredentials/{credentialId}", handle: changeCredential },
  {
    call: "DELETE /applications/{id}/federatedIdentityCredentials/{credentialId}",
    handle(call) {
      const application = findChangeableApplication(call);
      const deleted = findCredential(call, application);
      application.federatedCredentials = application.federatedCredentials.filter((one) => one !== deleted);
      return null;
    },
  },
];

async function createCredential(call: GraphCall) {
  const application = findChangeableApplication(call);
  const body = await readBody(call, newCredential, rules);
  const existing = application.federatedCredentials;
  if (existing.some(({ name }) => name === body.name))
    throw duplicateObject(`FederatedIdentityCredential with name ${body.name} already exists.`);
  refuseSameSubject(existing, body);
  if (existing.length >= MOST)
    throw badRequest(`The number of federated identity credentials exceeds the limit of ${MOST}.`);
  const stored: FederatedCredential = {
    ...body,
    id: randomUUID(),
    description: body.description ?? null,
  };
  application.federatedCredentials.push(stored);
  return formatEntity(call, formatType(application), toWire(stored));
}

/** The name can't change: https://learn.microsoft.com/graph/api/federatedidentitycredential-update */
async function changeCredential(call: GraphCall) {
  const application = findChangeableApplication(call);
  const credential = findCredential(call, application);
  const body = await readBody(call, changedCredential, { ...rules, readOnly: ["id", "name"] });
  const changed = { ...credential, ...(body as Partial<FederatedCredential>) };
  refuseSameSubject(
    application.federatedCredentials.filter((one) => one !== credential),
    changed,
  );
  Object.assign(credential, changed);
  return null;
}

function refuseSameSubject(
  others: readonly FederatedCredential[],
  { issuer, subject }: Pick<FederatedCredential, "issuer" | "subject">,
): void {
  if (others.some((one) => one.issuer === issuer && one.subject === subject))
    throw duplicateObject(
      "FederatedIdentityCredential with issuer and subject already exists on the application.",
    );
}

const formatType = ({ id }: AppRegistration) => `applications('${id}')/federatedIdentityCredentials`;

/** Finds the credential of the path, by id or name. */
function findCredential(call: GraphCall, { federatedCredentials }: AppRegistration): FederatedCredential {
  const id = call.c.req.param("credentialId") ?? "";
  const found = federatedCredentials.find((one) => one.id === id || one.name === id);
  if (!found) throw notFound(id);
  return found;
}

const toWire = (credential: FederatedCredential): WireObject => ({ ...credential });
