import { z } from "zod";
import { GRAPH_APP_ID } from "../../store/store";
import { type BodyRules, NOT_SERVED } from "../call";
import { isGraphPermission } from "../permissions";
import { nativeRedirectUriSchema, redirectUriSchema } from "./redirect-uris";

const guid = z.guid().toLowerCase();
const text = z.string().min(1);
const url = z.url().max(256).nullable();
const unique = <T>(items: T[], key: (item: T) => string | null) => {
  const keys = items.map(key).filter((k) => k !== null);
  return new Set(keys).size === keys.length;
};

/** https://learn.microsoft.com/entra/identity-platform/optional-claims-reference */
const OPTIONAL_CLAIMS = [
  "acct",
  "acrs",
  "auth_time",
  "ctry",
  "email",
  "family_name",
  "fwd",
  "given_name",
  "groups",
  "idtyp",
  "in_corp",
  "ipaddr",
  "login_hint",
  "onprem_sid",
  "preferred_username",
  "pwd_exp",
  "pwd_url",
  "sid",
  "tenant_ctry",
  "tenant_region_scope",
  "upn",
  "verified_primary_email",
  "verified_secondary_email",
  "vnet",
  "xms_cc",
  "xms_edov",
  "xms_pdl",
  "xms_pl",
  "xms_tpl",
  "ztdid",
];

const optionalClaim = z.strictObject({
  name: text.refine((name) => OPTIONAL_CLAIMS.includes(name), {
    error: `${NOT_SERVED}an optional claim of this name`,
  }),
  source: z
    .string()
    .nullish()
    .transform((source) => source ?? null)
    .refine((source) => source === null || source === "" || source === "user", { error: "Unknown source." }),
  essential: z.boolean().default(false),
  additionalProperties: z.array(text).default([]),
});

const appRole = z.strictObject({
  id: guid,
  allowedMemberTypes: z.array(z.enum(["User", "Application"])).min(1),
  description: text,
  displayName: text,
  isEnabled: z.boolean(),
  origin: z.literal("Application").optional(),
  value: z.string().max(120).regex(/^\S*$/, "Must not contain white space.").nullable().default(null),
});

const permissionScope = z.strictObject({
  id: guid,
  adminConsentDescription: text,
  adminConsentDisplayName: text,
  isEnabled: z.boolean(),
  origin: z.literal("Application").optional(),
  type: z.enum(["User", "Admin"]),
  userConsentDescription: z.string().nullable().default(null),
  userConsentDisplayName: z.string().nullable().default(null),
  value: text.max(120).regex(/^\S+$/, "Must not contain white space."),
});

const resourceAccess = z
  .strictObject({
    resourceAppId: guid,
    resourceAccess: z
      .array(z.strictObject({ id: guid, type: z.enum(["Scope", "Role"]) }))
      .min(1)
      .refine((list) => unique(list, (a) => `${a.type} ${a.id}`), { error: "Contains duplicate values." }),
  })
  .superRefine((required, context) => {
    if (required.resourceAppId !== GRAPH_APP_ID) return; // Like Entra, do not validate other resources.
    required.resourceAccess.forEach((access, index) => {
      if (isGraphPermission(access.type, access.id)) return;
      context.addIssue({
        code: "custom",
        path: ["resourceAccess", index, "id"],
        message: `Microsoft Graph has no permission ${access.id} of type ${access.type}.`,
      });
    });
  });

const redirectUris = (uri: z.ZodType<string>) =>
  z
    .array(uri)
    .max(256)
    .refine((list) => unique(list, (u) => u), { error: "Contains duplicate values." });

const GROUP_CLAIMS = ["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"];

const groupClaims = z
  .string()
  .refine((value) => value.split(",").every((part) => GROUP_CLAIMS.includes(part.trim())), {
    error: `Must be one or more of ${GROUP_CLAIMS}.`,
  });

/** It locks the credentials of service principals, which the twin keeps at applications alone. */
const lockConfiguration = z
  .strictObject({
    isEnabled: z.boolean(),
    allProperties: z.boolean().nullable(),
    credentialsWithUsageSign: z.boolean().nullable(),
    credentialsWithUsageVerify: z.boolean().nullable(),
    tokenEncryptionKeyId: z.boolean().nullable(),
  })
  .partial();

const properties = {
  "@odata.type": z.literal("#microsoft.graph.application"),
  displayName: text.max(256),
  description: z.string().max(1024).nullable(),
  notes: z.string().nullable(),
  groupMembershipClaims: groupClaims.nullable(),
  identifierUris: z.array(
    z
      .string()
      .regex(/^api:\/\/[0-9a-f-]{36}$/i, `${NOT_SERVED}an identifier URI other than api://<application id>`),
  ),
  isDeviceOnlyAuthSupported: z.boolean().nullable(),
  isFallbackPublicClient: z.boolean().nullable(),
  optionalClaims: z
    .strictObject({
      accessToken: z.array(optionalClaim),
      idToken: z.array(optionalClaim),
      saml2Token: z.array(optionalClaim),
    })
    .partial()
    .nullable(),
  serviceManagementReference: z.string().nullable(),
  servicePrincipalLockConfiguration: lockConfiguration.nullable(),
  signInAudience: z
    .enum([
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ])
    .refine((a) => a.startsWith("AzureADM"), { error: `${NOT_SERVED}personal Microsoft accounts` }),
  tags: z
    .array(text.max(256))
    .refine((list) => unique(list, (t) => t), { error: "Contains duplicate values." }),
  api: z
    .strictObject({
      acceptMappedClaims: z.boolean().nullable(),
      knownClientApplications: z.array(guid),
      requestedAccessTokenVersion: z.union([z.literal(1), z.literal(2)]).nullable(),
      oauth2PermissionScopes: z
        .array(permissionScope)
        .refine((list) => unique(list, (s) => s.id) && unique(list, (s) => s.value), {
          error: "It contains duplicate value.",
        }),
      preAuthorizedApplications: z.array(
        z.strictObject({ appId: guid, delegatedPermissionIds: z.array(guid).min(1) }),
      ),
    })
    .partial(),
  appRoles: z.array(appRole).refine((list) => unique(list, (r) => r.id) && unique(list, (r) => r.value), {
    error: "It contains duplicate value.",
  }),
  info: z
    .strictObject({ marketingUrl: url, privacyStatementUrl: url, supportUrl: url, termsOfServiceUrl: url })
    .partial(),
  publicClient: z.strictObject({ redirectUris: redirectUris(nativeRedirectUriSchema) }).partial(),
  requiredResourceAccess: z
    .array(resourceAccess)
    .refine((list) => unique(list, (r) => r.resourceAppId), { error: "Contains duplicate values." }),
  spa: z.strictObject({ redirectUris: redirectUris(redirectUriSchema) }).partial(),
  web: z
    .strictObject({
      homePageUrl: url,
      logoutUrl: z
        .url({ protocol: /^https$/ })
        .max(256)
        .nullable(),
      redirectUris: redirectUris(redirectUriSchema),
      implicitGrantSettings: z
        .strictObject({ enableAccessTokenIssuance: z.boolean(), enableIdTokenIssuance: z.boolean() })
        .partial(),
    })
    .partial(),
};

/** https://learn.microsoft.com/graph/api/resources/passwordcredential, without `keyId` and secret, which Graph sets. */
export const passwordCredentialSchema = z
  .strictObject({
    displayName: z.string().nullable(),
    startDateTime: z.iso.datetime(),
    endDateTime: z.iso.datetime(),
  })
  .partial();

/** Body of `POST /applications`: https://learn.microsoft.com/graph/api/application-post-applications */
export const newApplicationSchema = z
  .strictObject({
    ...properties,
    "owners@odata.bind": z.array(z.string()).max(20),
    passwordCredentials: z.array(passwordCredentialSchema).max(1),
  })
  .partial()
  .required({ displayName: true });

/** Body of `PATCH /applications/{id}`: https://learn.microsoft.com/graph/api/application-update */
export const applicationChangeSchema = z.strictObject({ ...properties, id: guid }).partial();

export type ApplicationPatch = z.infer<typeof applicationChangeSchema>;

export const bodyRules: BodyRules = {
  type: "Application",
  readOnly: [
    "id",
    "appId",
    "applicationTemplateId",
    "certification",
    "createdDateTime",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "publisherDomain",
    "verifiedPublisher",
    "info.logoUrl",
  ],
  notServed: [
    "addIns",
    "authenticationBehaviors",
    "defaultRedirectUri",
    "keyCredentials",
    "logo",
    "nativeAuthenticationApisEnabled",
    "oauth2RequirePostResponse",
    "parentalControlSettings",
    "passwordCredentials",
    "requestSignatureVerification",
    "samlMetadataUrl",
    "tokenEncryptionKeyId",
    "uniqueName",
    "web.redirectUriSettings",
  ],
};
