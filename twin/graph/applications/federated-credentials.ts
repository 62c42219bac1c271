import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { AppRegistration, FederatedCredential } from "../../store/entra/tenant";
import {
  type BodyRules,
  type GraphCall,
  type GraphOperation,
  readBody,
  requireOwner,
  type WireObject,
} from "../call";
import { badRequest, duplicateObject, notFound } from "../errors";
import { findByPath, formatCollection, formatEntity } from "../query";

/** https://learn.microsoft.com/graph/api/application-post-federatedidentitycredentials */
const newCredential = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/),
  issuer: z.url({ protocol: /^https$/ }),
  subject: z.string().min(1).max(600),
  audiences: z.array(z.string().min(1).max(600)).length(1),
  description: z.string().max(600).nullable().optional(),
});

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
      const { id, federatedCredentials } = findApplication(call);
      const type = `applications('${id}')/federatedIdentityCredentials`;
      return { status: 200, body: formatCollection(call, type, federatedCredentials.map(toWire)) };
    },
  },
  { call: "POST /applications/{id}/federatedIdentityCredentials", handle: createCredential },
  {
    call: "DELETE /applications/{id}/federatedIdentityCredentials/{credentialId}",
    handle(call) {
      const application = findChangeableApplication(call);
      const id = call.c.req.param("credentialId") ?? "";
      const left = application.federatedCredentials.filter((one) => one.id !== id && one.name !== id);
      if (left.length === application.federatedCredentials.length) throw notFound(id);
      application.federatedCredentials = left;
      return { status: 204 };
    },
  },
];

async function createCredential(call: GraphCall) {
  const application = findChangeableApplication(call);
  const body = await readBody(call, newCredential, rules);
  const existing = application.federatedCredentials;
  if (existing.some(({ name }) => name === body.name))
    throw duplicateObject(`FederatedIdentityCredential with name ${body.name} already exists.`);
  if (existing.some(({ issuer, subject }) => issuer === body.issuer && subject === body.subject))
    throw duplicateObject(
      "FederatedIdentityCredential with issuer and subject already exists on the application.",
    );
  if (existing.length >= MOST)
    throw badRequest(`The number of federated identity credentials exceeds the limit of ${MOST}.`);
  const stored: FederatedCredential = {
    ...body,
    id: randomUUID(),
    description: body.description ?? null,
  };
  application.federatedCredentials.push(stored);
  const type = `applications('${application.id}')/federatedIdentityCredentials`;
  return { status: 201 as const, body: formatEntity(call, type, toWire(stored)) };
}

const toWire = (credential: FederatedCredential): WireObject => ({ ...credential });

function findApplication(call: GraphCall): AppRegistration {
  return findByPath(call, call.tenant.applications, notFound);
}

function findChangeableApplication(call: GraphCall): AppRegistration {
  const application = findApplication(call);
  requireOwner(call, application);
  return application;
}
