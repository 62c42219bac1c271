import type { ServicePrincipal, Tenant } from "../../stored";
import type { Answer, Call } from "../call";
import { badRequest, noReference } from "../errors";
import { collection } from "../query";
import { servicePrincipalWire } from "./service-principal-wire";

/**
 * The owners that a body binds, by `owners@odata.bind`; the caller, when it binds none.
 *
 * Source: https://learn.microsoft.com/graph/permissions-reference, `Application.ReadWrite.OwnedBy`: who creates
 * an application owns it.
 *
 * @throws GraphError 400 for what is no reference, and for an object the tenant does not have
 */
export function boundOwners(call: Call, bound: string[] | undefined): string[] {
  if (!bound || bound.length === 0) return [call.caller.principal.id];
  const owners = bound.map((reference) => {
    const id = REFERENCE.exec(reference)?.[1]?.toLowerCase();
    if (!id) throw badRequest(`Invalid URL format specified in @odata.bind for owners: ${reference}.`);
    if (!call.tenant.servicePrincipals.has(id)) throw noReference(id);
    return id;
  });
  if (new Set(owners).size < owners.length) {
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'owners'.",
    );
  }
  return owners;
}

const REFERENCE = /\/(?:directoryObjects|servicePrincipals)\/([0-9a-f-]{36})$/i;

/** `GET …/owners`: the tenant of the twin has service principals only, no users. */
export function ownersAnswer(call: Call, object: { owners: string[] }): Answer {
  const principals = object.owners
    .map((id) => call.tenant.servicePrincipals.get(id))
    .filter((principal): principal is ServicePrincipal => principal !== undefined);
  return { status: 200, body: collection(call, "directoryObjects", principals.map(typed(call.tenant))) };
}

/** In a list of mixed types every object says its own. */
const typed = (tenant: Tenant) => (principal: ServicePrincipal) => ({
  "@odata.type": "#microsoft.graph.servicePrincipal",
  ...servicePrincipalWire(tenant, principal),
});
