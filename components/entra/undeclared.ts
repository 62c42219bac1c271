/** An application in Entra may have more than the stack declares. An update keeps that, and no preview shows it. */
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { MARK_PREFIX } from "../../config/mark";
import { extractCause } from "../preflight";

/** Properties of an application that only the settings of the same name declare, with the paths in the resource. */
const OPTIONAL_PATHS = {
  homepageUrl: "web.homepageUrl",
  notes: "notes",
  serviceManagementReference: "serviceManagementReference",
} as const;

/**
 * Properties of an application that the stack never declares. Those that decide where tokens go are not among them:
 * redirect URIs, implicit grant, public clients, the sign-in audience and the requested permissions.
 */
const APPLICATION_PATHS = [
  "api",
  "description",
  "deviceOnlyAuthEnabled",
  "groupMembershipClaims",
  "identifierUris",
  "logoImage",
  "marketingUrl",
  "oauth2PostResponseRequired",
  "privacyStatementUrl",
  "supportUrl",
  "termsOfServiceUrl",
  "web.logoutUrl",
];

/** Properties of a service principal that the stack never declares. */
export const SERVICE_PRINCIPAL_PATHS = [
  "alternativeNames",
  "description",
  "loginUrl",
  "notes",
  "notificationEmailAddresses",
  "preferredSingleSignOnMode",
  "samlSingleSignOn",
];

/** Lists the properties of an application that these args do not declare, as paths for `ignoreChanges`. */
export function listUndeclaredPaths(
  args: { [Name in keyof typeof OPTIONAL_PATHS]?: unknown } & { hasClaims: boolean; appRole?: unknown },
): string[] {
  const optional = Object.entries(OPTIONAL_PATHS).flatMap(([name, path]) =>
    args[name as keyof typeof OPTIONAL_PATHS] === undefined ? [path] : [],
  );
  return [
    ...APPLICATION_PATHS,
    ...optional,
    ...(args.appRole === undefined ? ["appRoles"] : []),
    ...(args.hasClaims ? ["optionalClaims.accessTokens", "optionalClaims.saml2Tokens"] : ["optionalClaims"]),
  ];
}

/** An optional claim of id tokens. */
export interface OptionalClaim {
  name: string;
  essential?: boolean;
  source?: string;
  additionalProperties?: string[];
}

/** Lists of an application that the stack shares with others, as they are in Entra. */
export interface PresentLists {
  readonly tags: readonly string[];
  readonly idTokenClaims: readonly OptionalClaim[];
}

/**
 * Reads the lists that the application has now.
 *
 * @param objectId of the application after the stack's last update; undefined before the first
 * @returns empty lists where there is no such application
 */
export async function readPresentLists(
  objectId: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<PresentLists> {
  if (objectId === undefined) return NOTHING_PRESENT;
  try {
    const { tags, optionalClaims } = await azuread.getApplication({ objectId }, opts);
    const claims = optionalClaims[0]?.idTokens ?? [];
    return { tags, idTokenClaims: claims.map(omitEmptyMembers) };
  } catch (error) {
    // It was deleted; the update creates another.
    if (/was not found/.test((error as Error).message)) return NOTHING_PRESENT;
    throw new pulumi.RunError(
      `Could not read the application ${objectId} in Microsoft Entra ID: ${extractCause(error)}`,
    );
  }
}

/** The lists of an application that does not exist yet. */
const NOTHING_PRESENT: PresentLists = { tags: [], idTokenClaims: [] };

/** Merges the stack's tags into those that are there. The mark of another stack, or of a name before, goes. */
export function mergeTags(mark: string, declared: readonly string[], present: readonly string[]): string[] {
  return [...new Set([mark, ...declared, ...present.filter((tag) => !tag.startsWith(MARK_PREFIX))])];
}

/** Adds claims to those that are there, unless they are among them. */
export function mergeClaims(
  requested: readonly string[],
  present: readonly OptionalClaim[],
): OptionalClaim[] {
  const missing = requested.filter((claim) => !present.some(({ name }) => name === claim));
  return [...present, ...missing.map((name) => ({ name, essential: false }))];
}

/** Leaves out what the provider returns for members that are not set. */
function omitEmptyMembers({ name, essential, source, additionalProperties }: OptionalClaim): OptionalClaim {
  return {
    name,
    essential: essential ?? false,
    ...(source && { source }),
    ...(additionalProperties?.length && { additionalProperties }),
  };
}
