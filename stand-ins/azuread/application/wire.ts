/** Conversions between Graph's applications and the plugin's properties, with shapes from recordings of the plugin. */

import { isRecord, type Properties } from "../../bridge/values";
import {
  chooseTags,
  emptyToNull,
  mapIdsByValue,
  readFeatures,
  readRoles,
  readScopes,
  sortLikeTerraform,
  toRecord,
  toRecords,
  toStrings,
} from "../microsoft-graph/wire";

/** Builds the body that creates an application, without owners. */
export function buildNewApplication(inputs: Properties): Properties {
  return {
    ...buildApplication(inputs),
    api: buildApiWithScopes(inputs),
    appRoles: buildEntitlements(inputs.appRoles),
    identifierUris: sortLikeTerraform(inputs.identifierUris),
    optionalClaims: buildOptionalClaims(inputs.optionalClaims),
    requiredResourceAccess: buildRequiredResourceAccess(inputs.requiredResourceAccesses),
  };
}

/** Builds the body of an update: all of web, api, spa and info, and the other properties in `changed`. */
export function buildApplicationChange(
  state: Properties,
  inputs: Properties,
  changed: ReadonlySet<string>,
): Properties {
  const body: Properties = { ...buildApplication(inputs, state), api: buildApi(inputs) };
  if (changed.has("oauth2PermissionScopes")) body.api = buildApiWithScopes(inputs);
  if (changed.has("appRoles")) body.appRoles = buildEntitlements(inputs.appRoles);
  if (changed.has("identifierUris")) body.identifierUris = sortLikeTerraform(inputs.identifierUris);
  if (changed.has("optionalClaims")) body.optionalClaims = buildOptionalClaims(inputs.optionalClaims);
  if (changed.has("requiredResourceAccesses")) {
    body.requiredResourceAccess = buildRequiredResourceAccess(inputs.requiredResourceAccesses);
  }
  return body;
}

function buildApplication(inputs: Properties, state?: Properties): Properties {
  const web = toRecord(inputs.web);
  const implicitGrant = toRecord(web.implicitGrant);
  return {
    "@odata.type": "#microsoft.graph.application",
    description: emptyToNull(inputs.description),
    displayName: inputs.displayName,
    groupMembershipClaims: emptyToNull(sortLikeTerraform(inputs.groupMembershipClaims).join(",")),
    info: {
      marketingUrl: emptyToNull(inputs.marketingUrl),
      privacyStatementUrl: emptyToNull(inputs.privacyStatementUrl),
      supportUrl: emptyToNull(inputs.supportUrl),
      termsOfServiceUrl: emptyToNull(inputs.termsOfServiceUrl),
    },
    isDeviceOnlyAuthSupported: inputs.deviceOnlyAuthEnabled ?? false,
    isFallbackPublicClient: inputs.fallbackPublicClientEnabled ?? false,
    notes: emptyToNull(inputs.notes),
    publicClient: { redirectUris: sortLikeTerraform(toRecord(inputs.publicClient).redirectUris) },
    serviceManagementReference: emptyToNull(inputs.serviceManagementReference),
    signInAudience: inputs.signInAudience ?? "AzureADMyOrg",
    spa: { redirectUris: sortLikeTerraform(toRecord(inputs.singlePageApplication).redirectUris) },
    tags: chooseTags(inputs, state),
    web: {
      homePageUrl: emptyToNull(web.homepageUrl),
      implicitGrantSettings: {
        enableAccessTokenIssuance: implicitGrant.accessTokenIssuanceEnabled ?? false,
        enableIdTokenIssuance: implicitGrant.idTokenIssuanceEnabled ?? false,
      },
      logoutUrl: emptyToNull(web.logoutUrl),
      redirectUris: sortLikeTerraform(web.redirectUris),
    },
  };
}

function buildApi(inputs: Properties): Properties {
  const given = toRecord(inputs.api);
  return {
    acceptMappedClaims: given.mappedClaimsEnabled ?? false,
    knownClientApplications: sortLikeTerraform(given.knownClientApplications),
    requestedAccessTokenVersion: given.requestedAccessTokenVersion ?? 1,
  };
}

const buildApiWithScopes = (inputs: Properties): Properties => ({
  ...buildApi(inputs),
  oauth2PermissionScopes: buildEntitlements(toRecord(inputs.api).oauth2PermissionScopes),
});

/** Builds permission scopes or app roles. */
function buildEntitlements(given: unknown): Properties[] {
  return toRecords(given).map(({ enabled, ...entry }) => ({ ...entry, isEnabled: enabled ?? true }));
}

const CLAIMS = { accessTokens: "accessToken", idTokens: "idToken", saml2Tokens: "saml2Token" };

function buildOptionalClaims(given: unknown): Properties {
  if (!isRecord(given)) return {};
  return Object.fromEntries(
    Object.entries(CLAIMS).map(([input, property]) => [
      property,
      toRecords(given[input]).map(({ additionalProperties, essential, name, source }) => ({
        additionalProperties: toStrings(additionalProperties),
        essential: essential ?? false,
        name,
        ...(source ? { source } : {}),
      })),
    ]),
  );
}

function buildRequiredResourceAccess(given: unknown): Properties[] {
  return toRecords(given).map(({ resourceAccesses, resourceAppId }) => ({
    resourceAccess: toRecords(resourceAccesses).map(({ id, type }) => ({ id, type })),
    resourceAppId,
  }));
}

/** Reads outputs from Graph's application, without owners, the beta property and values that only the state has. */
export function readApplication(app: Properties): Properties {
  const [web, info, exposed] = [toRecord(app.web), toRecord(app.info), toRecord(app.api)];
  const implicitGrant = toRecord(web.implicitGrantSettings);
  const claims = toRecord(app.optionalClaims);
  const groups = app.groupMembershipClaims;
  return {
    id: `/applications/${app.id}`,
    api: {
      knownClientApplications: toStrings(exposed.knownClientApplications),
      mappedClaimsEnabled: exposed.acceptMappedClaims ?? false,
      oauth2PermissionScopes: readScopes(exposed.oauth2PermissionScopes),
      requestedAccessTokenVersion: exposed.requestedAccessTokenVersion ?? 1,
    },
    appRoleIds: mapIdsByValue(app.appRoles),
    appRoles: readRoles(app.appRoles),
    clientId: app.appId,
    description: app.description ?? "",
    deviceOnlyAuthEnabled: app.isDeviceOnlyAuthSupported ?? false,
    disabledByMicrosoft: app.disabledByMicrosoftStatus ?? "",
    displayName: app.displayName ?? "",
    fallbackPublicClientEnabled: app.isFallbackPublicClient ?? false,
    featureTags: [readFeatures(app.tags)],
    groupMembershipClaims: groups
      ? String(groups)
          .split(",")
          .map((claim) => claim.trim())
      : [],
    identifierUris: toStrings(app.identifierUris),
    logoImage: "",
    logoUrl: info.logoUrl ?? "",
    marketingUrl: info.marketingUrl ?? "",
    notes: app.notes ?? "",
    oauth2PermissionScopeIds: mapIdsByValue(exposed.oauth2PermissionScopes),
    objectId: app.id,
    ...(isRecord(app.optionalClaims) && {
      optionalClaims: Object.fromEntries(
        Object.entries(CLAIMS).map(([output, property]) => [
          output,
          toRecords(claims[property]).map(({ additionalProperties, essential, name, source }) => ({
            additionalProperties: toStrings(additionalProperties),
            essential: essential ?? false,
            name,
            source: source ?? "",
          })),
        ]),
      ),
    }),
    privacyStatementUrl: info.privacyStatementUrl ?? "",
    publicClient: { redirectUris: toStrings(toRecord(app.publicClient).redirectUris) },
    publisherDomain: app.publisherDomain ?? "",
    requiredResourceAccesses: toRecords(app.requiredResourceAccess).map(
      ({ resourceAccess, resourceAppId }) => ({
        resourceAccesses: toRecords(resourceAccess).map(({ id, type }) => ({ id, type })),
        resourceAppId,
      }),
    ),
    serviceManagementReference: app.serviceManagementReference ?? "",
    signInAudience: app.signInAudience ?? "",
    singlePageApplication: { redirectUris: toStrings(toRecord(app.spa).redirectUris) },
    supportUrl: info.supportUrl ?? "",
    tags: toStrings(app.tags),
    templateId: app.applicationTemplateId ?? "",
    termsOfServiceUrl: info.termsOfServiceUrl ?? "",
    web: {
      homepageUrl: web.homePageUrl ?? "",
      implicitGrant: {
        accessTokenIssuanceEnabled: implicitGrant.enableAccessTokenIssuance ?? false,
        idTokenIssuanceEnabled: implicitGrant.enableIdTokenIssuance ?? false,
      },
      logoutUrl: web.logoutUrl ?? "",
      redirectUris: toStrings(web.redirectUris),
    },
  };
}
