import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { AccessApplication, Account } from "../../../store/cloudflare/account";
import { isObject, validateBody } from "../../body";
import { type CloudflareCall, readJsonBody } from "../../call";
import { createOperations, type ItemSettings } from "../../collection";
import { cloudflareNotServed, invalidRequest, unknownObject } from "../../errors";
import { deleteApplicationPolicies, listApplicationPolicies } from "../policies/application-policies";
import { readPolicyLinks } from "../policies/links";
import { type ApplicationBody, applicationBodySchema, collectApplicationSettings, OTHER_TYPES } from "./body";
import { refuseUnservedDestinations, resolveDestinations } from "./destinations";
import { featureBodySchema, readFeature } from "./feature";

const anyBody = z.discriminatedUnion("type", [applicationBodySchema, featureBodySchema]);

const READ_ONLY = ["id", "uid", "aud", "domain_type", "created_at", "updated_at"];

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export const accessApplicationOperations = createOperations<AccessApplication>({
  path: "/access/apps",
  permission: "applications",
  query: ["aud", "name", "domain", "exact"],
  getItems: (account) => account.accessApplications,
  createUnknownError: () => unknownObject("application"),
  async readSettings(call, stored): Promise<ItemSettings<AccessApplication>> {
    const sent = await readJsonBody(call);
    refuseUnservedTypes(call, sent);
    const readOnly = { "": !stored || stored.type === "self_hosted" ? READ_ONLY : [...READ_ONLY, "domain"] };
    const echo = stored && { shown: toWire(call.account, stored), readOnly };
    const body = validateBody(call, anyBody, sent, echo);
    if (stored && stored.type !== body.type) {
      throw cloudflareNotServed(call.c.req, "a change of the application type");
    }
    return {
      type: body.type,
      aud: stored?.aud ?? randomBytes(32).toString("hex"),
      ...(body.type === "self_hosted"
        ? readSelfHosted(call, body, stored?.id)
        : readFeature(call, body, stored?.id)),
      ...readIdentitySettings(call.account, body),
      sessionDuration: body.session_duration ?? "24h",
      // PUT without policies keeps them; terraform-provider-cloudflare sends an empty list for that reason.
      policies: body.policies
        ? readPolicyLinks(call, body.policies, stored?.policies)
        : (stored?.policies ?? []),
    };
  },
  toWire,
  isListed,
  afterDeletion: (account, { policies }) => deleteApplicationPolicies(account, policies),
});

/** Filters the list. Only exact matches are served, because partial matching is not documented. */
function isListed({ c }: CloudflareCall, application: AccessApplication): boolean {
  const { aud = application.aud, name, domain, exact } = c.req.query();
  if ((name ?? domain) !== undefined && exact !== "true") {
    throw cloudflareNotServed(c.req, "name and domain without exact=true");
  }
  const filter = { aud, name: name ?? application.name, domain: domain ?? application.domain };
  return (["aud", "name", "domain"] as const).every((one) => application[one] === filter[one]);
}

/** Refuses application types that the twin does not serve. @throws CloudflareError 501 */
function refuseUnservedTypes(call: CloudflareCall, sent: unknown): void {
  if (!isObject(sent)) return;
  if (OTHER_TYPES.includes(String(sent.type))) {
    throw cloudflareNotServed(call.c.req, `application type ${sent.type}`);
  }
  refuseUnservedDestinations(call, sent.destinations);
}

function readSelfHosted(call: CloudflareCall, body: ApplicationBody, id?: string) {
  const tags = body.tags ?? [];
  if (!tags.every((tag) => call.account.accessTags.has(tag))) throw invalidRequest("tags: tag not found");
  return {
    name: body.name,
    ...resolveDestinations(call, body, id),
    tags,
    settings: collectApplicationSettings(body),
  };
}

function readIdentitySettings(account: Account, body: z.output<typeof anyBody>) {
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

function toWire(account: Account, application: AccessApplication): Record<string, unknown> {
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
    policies: listApplicationPolicies(account, application),
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  };
}
