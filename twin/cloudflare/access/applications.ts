import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { AccessApplication, Account } from "../../store/account";
import { checkedBody, isObject } from "../body";
import { type Call, jsonBody } from "../call";
import { CloudflareError, conflict, invalidRequest, notServed } from "../errors";
import { type ApplicationBody, applicationBody, OTHER_TYPES, settingsOf } from "./application-body";
import { operationsOf, type Settings } from "./collection";
import { policyWire } from "./policies";

const READ_ONLY = { "": ["id", "uid", "aud", "domain_type", "created_at", "updated_at"] };

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export const applicationOperations = operationsOf<AccessApplication>({
  path: "/access/apps",
  permission: "applications",
  query: ["aud", "name", "domain", "exact"],
  of: (account) => account.accessApplications,
  name: "application",
  async read(call, stored): Promise<Settings<AccessApplication>> {
    const sent = await jsonBody(call);
    refuseForms(call, sent);
    const echo = stored && { shown: wire(call.account, stored), readOnly: READ_ONLY };
    const body = checkedBody(call, applicationBody, sent, echo);
    const tags = body.tags ?? [];
    if (!tags.every((tag) => call.account.accessTags.has(tag))) throw invalidRequest("tags: tag not found");
    return {
      name: body.name,
      aud: stored?.aud ?? randomBytes(32).toString("hex"),
      ...hosts(call.account, body, stored?.id),
      ...identity(call.account, body),
      sessionDuration: body.session_duration ?? "24h",
      // Without policies PUT leaves them, as terraform-provider-cloudflare notes where it sends an empty list instead.
      policies: body.policies ? policies(call, body.policies) : (stored?.policies ?? []),
      tags,
      settings: settingsOf(body),
    };
  },
  wire,
  listed,
});

/** What else than the whole name or domain would be found is not documented. */
function listed({ c }: Call, application: AccessApplication): boolean {
  const { aud = application.aud, name, domain, exact } = c.req.query();
  if ((name ?? domain) !== undefined && exact !== "true") {
    throw notServed(c.req.method, c.req.path, "name and domain without exact=true");
  }
  const wanted = { aud, name: name ?? application.name, domain: domain ?? application.domain };
  return (["aud", "name", "domain"] as const).every((one) => application[one] === wanted[one]);
}

/** Forms of an application that Access has and the twin has not. @throws CloudflareError 501 */
function refuseForms(call: Call, sent: unknown): void {
  if (!isObject(sent)) return;
  const refuse = (what: string) => notServed(call.c.req.method, call.c.req.path, what);
  if (OTHER_TYPES.includes(String(sent.type))) throw refuse(`application type ${sent.type}`);
  for (const one of Array.isArray(sent.destinations) ? sent.destinations : []) {
    if (isObject(one) && one.type !== undefined && one.type !== "public") {
      throw refuse(`destination type ${one.type}`);
    }
  }
}

/** What is protected, which no other application may protect. */
function hosts(account: Account, body: ApplicationBody, id?: string) {
  const uris = body.destinations?.map(({ uri }) => uri) ?? body.self_hosted_domains ?? [];
  const domain = body.domain ?? uris[0];
  if (domain === undefined) throw invalidRequest("domain: required");
  if (uris.length === 0) uris.push(domain);
  if (!uris.includes(domain)) throw invalidRequest("domain not included in destinations");
  for (const other of account.accessApplications.values()) {
    if (other.id === id) continue;
    if (other.domain === domain)
      throw new CloudflareError(409, 11010, "access.api.error.application_already_exists");
    if (other.uris.some((uri) => uris.includes(uri))) {
      throw conflict("destination belongs to another application");
    }
  }
  return { domain, uris };
}

function identity(account: Account, body: ApplicationBody) {
  const allowedIdps = body.allowed_idps ?? [];
  if (!allowedIdps.every((id) => account.identityProviders.has(id))) {
    throw invalidRequest("allowed_idps: identity provider not found");
  }
  const autoRedirectToIdentity = body.auto_redirect_to_identity ?? false;
  if (autoRedirectToIdentity && allowedIdps.length !== 1) {
    throw invalidRequest("auto_redirect_to_identity requires a single identity provider in allowed_idps");
  }
  return { allowedIdps, autoRedirectToIdentity };
}

function policies(call: Call, sent: NonNullable<ApplicationBody["policies"]>): AccessApplication["policies"] {
  const list = sent.map((one, index) => {
    const link = typeof one === "string" ? { id: one } : one;
    const { id, precedence, ...more } = link as { id?: string; precedence?: number | null };
    if (id === undefined)
      throw notServed(call.c.req.method, call.c.req.path, "policies of the application's own");
    const policy = call.account.accessPolicies.get(id);
    if (!policy) throw invalidRequest("policies: policy not found");
    const shown = policyWire(call.account, policy);
    // An answer shows them whole, and may be sent back.
    const changed = Object.entries(more).find(([name, value]) => !isDeepStrictEqual(value, shown[name]));
    if (changed) throw notServed(call.c.req.method, call.c.req.path, `policies.${index}.${changed[0]}`);
    return { id, precedence: precedence ?? index + 1 };
  });
  if (new Set(list.map(({ precedence }) => precedence)).size < list.length) {
    throw invalidRequest("policy precedences must be unique");
  }
  return list.sort((one, other) => one.precedence - other.precedence);
}

function wire(account: Account, application: AccessApplication): Record<string, unknown> {
  const { id, name, aud, domain, uris } = application;
  return {
    id,
    uid: id,
    type: "self_hosted",
    name,
    aud,
    domain,
    domain_type: "public",
    self_hosted_domains: uris,
    destinations: uris.map((uri) => ({ type: "public", uri })),
    allowed_idps: application.allowedIdps,
    auto_redirect_to_identity: application.autoRedirectToIdentity,
    session_duration: application.sessionDuration,
    tags: application.tags,
    ...application.settings,
    policies: application.policies.flatMap(({ id, precedence }) => {
      const policy = account.accessPolicies.get(id);
      return policy ? [{ ...policyWire(account, policy), precedence }] : [];
    }),
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  };
}
