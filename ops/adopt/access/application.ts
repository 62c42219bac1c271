import type { ApiApplication } from "../../clients/account-access";
import { DEFAULT_SESSION_DURATION } from "./policy";
import { NotExpressibleError, omitEmptyGroups } from "./rules";

/**
 * Converts an application to its settings (docs/access.md).
 *
 * @param policies names in the settings of the reusable policies that are imported, by id
 * @throws NotExpressibleError
 */
export function convertApplication(
  application: ApiApplication,
  policies: ReadonlyMap<string, string>,
  identityProviderId: string,
) {
  if (application.type === "warp")
    throw new NotExpressibleError(
      "it is for the enrollment of devices: declare it with access.deviceEnrolment afterwards, and a preview names the command that imports it",
    );
  if (application.type !== "self_hosted")
    throw new NotExpressibleError(`its type is ${application.type}, which no setting declares`);
  const allowed = application.allowed_idps ?? [];
  if (allowed.length !== 1 || allowed[0] !== identityProviderId)
    throw new NotExpressibleError(
      allowed.length === 0
        ? "it allows every identity provider; if people need no other, let it allow this one alone, then run this again"
        : "it allows other identity providers too",
    );
  const { cors_headers: cors, logo_url: logoUrl, tags = [] } = application;
  const { session_duration: sessionDuration = DEFAULT_SESSION_DURATION } = application;
  return {
    hostnames: convertHostnames(application),
    policies: convertPolicies(application, policies),
    ...(application.auto_redirect_to_identity !== true && { redirect: false }),
    ...(sessionDuration !== DEFAULT_SESSION_DURATION && { sessionDuration }),
    ...omitEmptyGroups({ cookie: convertCookie(application), cors: cors ? convertCors(cors) : undefined }),
    ...(application.app_launcher_visible !== true && { launcher: false }),
    ...(logoUrl && { logoUrl }),
    ...(tags.length > 0 && { tags: [...tags] }),
  };
}

function convertHostnames({ domain, destinations = [] }: ApiApplication): string[] {
  const uris = destinations.map(({ type, uri }) => {
    if (type !== "public" || !uri)
      throw new NotExpressibleError("it has destinations that are not public hostnames");
    return uri;
  });
  if (uris.length > 0 && uris[0] !== domain)
    throw new NotExpressibleError("its domain is not its first destination");
  return uris.length > 0 ? uris : [String(domain)];
}

function convertPolicies(
  { id: applicationId, policies = [] }: ApiApplication,
  names: ReadonlyMap<string, string>,
): string[] {
  const ordered = policies.toSorted((one, other) => Number(one.precedence) - Number(other.precedence));
  return ordered.map(({ id, name: displayName = "", reusable }) => {
    if (reusable === false)
      throw new NotExpressibleError(
        `its policy "${displayName}" (${id}) belongs to it alone; to convert that into a reusable one, send PUT to ` +
          `access/apps/${applicationId}/policies/${id}/make_reusable, then run this again`,
      );
    const name = names.get(id);
    if (name === undefined) throw new NotExpressibleError(`its policy ${id} is not imported`);
    return name;
  });
}

function convertCookie(application: ApiApplication) {
  return {
    ...(application.same_site_cookie_attribute && { sameSite: application.same_site_cookie_attribute }),
    ...(application.http_only_cookie_attribute !== true && { httpOnly: false }),
    ...(application.enable_binding_cookie && { binding: true }),
    ...(application.path_cookie_attribute && { path: true }),
  };
}

function convertCors(cors: Readonly<Record<string, unknown>>) {
  const allOr = (all: string, list: string) =>
    cors[all] === true ? "all" : (cors[list] as string[] | undefined);
  const headers = allOr("allow_all_headers", "allowed_headers");
  return {
    origins: allOr("allow_all_origins", "allowed_origins"),
    methods: allOr("allow_all_methods", "allowed_methods"),
    ...(headers && { headers }),
    ...(cors.allow_credentials === true && { credentials: true }),
    ...(cors.max_age !== undefined && { maxAge: cors.max_age }),
  };
}
