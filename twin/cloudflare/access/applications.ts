import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { AccessApplication, Account } from "../../store/account";
import { checkedBody, isObject } from "../body";
import { type Call, jsonBody } from "../call";
import { operationsOf, type Settings } from "../collection";
import { invalidRequest, notServed, unknown } from "../errors";
import { type ApplicationBody, applicationBody, OTHER_TYPES, settingsOf } from "./application-body";
import { protectedBy, refuseOthers } from "./destinations";
import { enrolment, enrolmentBody } from "./device-enrolment";
import { policyWire } from "./policies";
import { linkedPolicies } from "./policy-links";

const anyBody = z.discriminatedUnion("type", [applicationBody, enrolmentBody]);

const READ_ONLY = ["id", "uid", "aud", "domain_type", "created_at", "updated_at"];

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export const applicationOperations = operationsOf<AccessApplication>({
  path: "/access/apps",
  permission: "applications",
  query: ["aud", "name", "domain", "exact"],
  of: (account) => account.accessApplications,
  unknown: () => unknown("application"),
  async read(call, stored): Promise<Settings<AccessApplication>> {
    const sent = await jsonBody(call);
    refuseTypes(call, sent);
    const readOnly = { "": stored?.type === "warp" ? [...READ_ONLY, "domain"] : READ_ONLY };
    const echo = stored && { shown: wire(call.account, stored), readOnly };
    const body = checkedBody(call, anyBody, sent, echo);
    if (stored && stored.type !== body.type) {
      throw notServed(call.c.req.method, call.c.req.path, "another type of an application");
    }
    return {
      type: body.type,
      aud: stored?.aud ?? randomBytes(32).toString("hex"),
      ...(body.type === "warp" ? enrolment(call, body, stored?.id) : selfHosted(call, body, stored?.id)),
      ...identity(call.account, body),
      sessionDuration: body.session_duration ?? "24h",
      // Without policies PUT leaves them, as terraform-provider-cloudflare notes where it sends an empty list instead.
      policies: body.policies ? linkedPolicies(call, body.policies) : (stored?.policies ?? []),
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

/** Types of an application that Access has and the twin has not. @throws CloudflareError 501 */
function refuseTypes(call: Call, sent: unknown): void {
  if (!isObject(sent)) return;
  if (OTHER_TYPES.includes(String(sent.type))) {
    throw notServed(call.c.req.method, call.c.req.path, `application type ${sent.type}`);
  }
  refuseOthers(call, sent.destinations);
}

function selfHosted(call: Call, body: ApplicationBody, id?: string) {
  const tags = body.tags ?? [];
  if (!tags.every((tag) => call.account.accessTags.has(tag))) throw invalidRequest("tags: tag not found");
  return { name: body.name, ...protectedBy(call, body, id), tags, settings: settingsOf(body) };
}

function identity(account: Account, body: z.output<typeof anyBody>) {
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

function wire(account: Account, application: AccessApplication): Record<string, unknown> {
  const { id, name, aud, domain, uris } = application;
  return {
    id,
    uid: id,
    type: application.type,
    name,
    aud,
    ...(domain !== "" && { domain }),
    ...(application.type === "self_hosted" && {
      domain_type: "public",
      self_hosted_domains: uris,
      destinations: application.destinations,
      tags: application.tags,
    }),
    allowed_idps: application.allowedIdps,
    auto_redirect_to_identity: application.autoRedirectToIdentity,
    session_duration: application.sessionDuration,
    ...application.settings,
    policies: application.policies.flatMap(({ id, precedence }) => {
      const policy = account.accessPolicies.get(id);
      return policy ? [{ ...policyWire(account, policy), precedence }] : [];
    }),
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  };
}
