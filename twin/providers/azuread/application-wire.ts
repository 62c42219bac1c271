/** An application as Graph has it, to and from the plugin's properties. Shapes as in the recordings of the plugin. */

import {
  featuresOf,
  idsByValue,
  orNull,
  record,
  records,
  rolesOf,
  scopesOf,
  setOrder,
  strings,
  tagsOf,
} from "../microsoft-graph/wire";
import { isRecord, type Properties } from "../values";

/** The body that creates an application, without its owners. */
export function newApplication(inputs: Properties): Properties {
  return {
    ...application(inputs),
    api: { ...api(inputs), oauth2PermissionScopes: scopes(record(inputs.api).oauth2PermissionScopes) },
    appRoles: roles(inputs.appRoles),
    identifierUris: setOrder(inputs.identifierUris),
    optionalClaims: optionalClaims(inputs.optionalClaims),
    requiredResourceAccess: requiredResourceAccess(inputs.requiredResourceAccesses),
  };
}

/** The body of an update: web, api, spa and info whole, and of the rest what `changed` names. */
export function changedApplication(inputs: Properties, changed: ReadonlySet<string>): Properties {
  const body: Properties = { ...application(inputs), api: api(inputs) };
  if (changed.has("oauth2PermissionScopes")) {
    body.api = {
      ...api(inputs),
      oauth2PermissionScopes: scopes(record(inputs.api).oauth2PermissionScopes),
    };
  }
  if (changed.has("appRoles")) body.appRoles = roles(inputs.appRoles);
  if (changed.has("identifierUris")) body.identifierUris = setOrder(inputs.identifierUris);
  if (changed.has("optionalClaims")) body.optionalClaims = optionalClaims(inputs.optionalClaims);
  if (changed.has("requiredResourceAccesses")) {
    body.requiredResourceAccess = requiredResourceAccess(inputs.requiredResourceAccesses);
  }
  return body;
}

function application(inputs: Properties): Properties {
  const web = record(inputs.web);
  const implicitGrant = record(web.implicitGrant);
  return {
    "@odata.type": "#microsoft.graph.application",
    description: orNull(inputs.description),
    displayName: inputs.displayName,
    groupMembershipClaims: orNull(setOrder(inputs.groupMembershipClaims).join(",")),
    info: {
      marketingUrl: orNull(inputs.marketingUrl),
      privacyStatementUrl: orNull(inputs.privacyStatementUrl),
      supportUrl: orNull(inputs.supportUrl),
      termsOfServiceUrl: orNull(inputs.termsOfServiceUrl),
    },
    isDeviceOnlyAuthSupported: inputs.deviceOnlyAuthEnabled ?? false,
    isFallbackPublicClient: inputs.fallbackPublicClientEnabled ?? false,
    notes: orNull(inputs.notes),
    publicClient: { redirectUris: setOrder(record(inputs.publicClient).redirectUris) },
    serviceManagementReference: orNull(inputs.serviceManagementReference),
    signInAudience: inputs.signInAudience ?? "AzureADMyOrg",
    spa: { redirectUris: setOrder(record(inputs.singlePageApplication).redirectUris) },
    tags: tagsOf(inputs),
    web: {
      homePageUrl: orNull(web.homepageUrl),
      implicitGrantSettings: {
        enableAccessTokenIssuance: implicitGrant.accessTokenIssuanceEnabled ?? false,
        enableIdTokenIssuance: implicitGrant.idTokenIssuanceEnabled ?? false,
      },
      logoutUrl: orNull(web.logoutUrl),
      redirectUris: setOrder(web.redirectUris),
    },
  };
}

function api(inputs: Properties): Properties {
  const asked = record(inputs.api);
  return {
    acceptMappedClaims: asked.mappedClaimsEnabled ?? false,
    knownClientApplications: setOrder(asked.knownClientApplications),
    requestedAccessTokenVersion: asked.requestedAccessTokenVersion ?? 1,
  };
}

function scopes(asked: unknown): Properties[] {
  return records(asked).map(({ enabled, ...scope }) => ({ ...scope, isEnabled: enabled ?? true }));
}

function roles(asked: unknown): Properties[] {
  return records(asked).map(({ enabled, ...role }) => ({ ...role, isEnabled: enabled ?? true }));
}

const CLAIMS = { accessTokens: "accessToken", idTokens: "idToken", saml2Tokens: "saml2Token" };

function optionalClaims(asked: unknown): Properties {
  if (!isRecord(asked)) return {};
  return Object.fromEntries(
    Object.entries(CLAIMS).map(([input, property]) => [
      property,
      records(asked[input]).map(({ additionalProperties, essential, name, source }) => ({
        additionalProperties: strings(additionalProperties),
        essential: essential ?? false,
        name,
        ...(source ? { source } : {}),
      })),
    ]),
  );
}

function requiredResourceAccess(asked: unknown): Properties[] {
  return records(asked).map(({ resourceAccesses, resourceAppId }) => ({
    resourceAccess: records(resourceAccesses).map(({ id, type }) => ({ id, type })),
    resourceAppId,
  }));
}

/** The outputs from an application in Graph; owners, the beta property and what only the state knows are added after. */
export function readApplication(app: Properties): Properties {
  const [web, info, exposed] = [record(app.web), record(app.info), record(app.api)];
  const implicitGrant = record(web.implicitGrantSettings);
  const claims = record(app.optionalClaims);
  const groups = app.groupMembershipClaims;
  return {
    id: `/applications/${app.id}`,
    api: {
      knownClientApplications: strings(exposed.knownClientApplications),
      mappedClaimsEnabled: exposed.acceptMappedClaims ?? false,
      oauth2PermissionScopes: scopesOf(exposed.oauth2PermissionScopes),
      requestedAccessTokenVersion: exposed.requestedAccessTokenVersion ?? 1,
    },
    appRoleIds: idsByValue(app.appRoles),
    appRoles: rolesOf(app.appRoles),
    clientId: app.appId,
    description: app.description ?? "",
    deviceOnlyAuthEnabled: app.isDeviceOnlyAuthSupported ?? false,
    disabledByMicrosoft: app.disabledByMicrosoftStatus ?? "",
    displayName: app.displayName ?? "",
    fallbackPublicClientEnabled: app.isFallbackPublicClient ?? false,
    featureTags: [featuresOf(app.tags)],
    groupMembershipClaims: groups
      ? String(groups)
          .split(",")
          .map((claim) => claim.trim())
      : [],
    identifierUris: strings(app.identifierUris),
    logoImage: "",
    logoUrl: info.logoUrl ?? "",
    marketingUrl: info.marketingUrl ?? "",
    notes: app.notes ?? "",
    oauth2PermissionScopeIds: idsByValue(exposed.oauth2PermissionScopes),
    objectId: app.id,
    ...(isRecord(app.optionalClaims) && {
      optionalClaims: Object.fromEntries(
        Object.entries(CLAIMS).map(([output, property]) => [
          output,
          records(claims[property]).map(({ additionalProperties, essential, name, source }) => ({
            additionalProperties: strings(additionalProperties),
            essential: essential ?? false,
            name,
            source: source ?? "",
          })),
        ]),
      ),
    }),
    privacyStatementUrl: info.privacyStatementUrl ?? "",
    publicClient: { redirectUris: strings(record(app.publicClient).redirectUris) },
    publisherDomain: app.publisherDomain ?? "",
    requiredResourceAccesses: records(app.requiredResourceAccess).map(
      ({ resourceAccess, resourceAppId }) => ({
        resourceAccesses: records(resourceAccess).map(({ id, type }) => ({ id, type })),
        resourceAppId,
      }),
    ),
    serviceManagementReference: app.serviceManagementReference ?? "",
    signInAudience: app.signInAudience ?? "",
    singlePageApplication: { redirectUris: strings(record(app.spa).redirectUris) },
    supportUrl: info.supportUrl ?? "",
    tags: strings(app.tags),
    templateId: app.applicationTemplateId ?? "",
    termsOfServiceUrl: info.termsOfServiceUrl ?? "",
    web: {
      homepageUrl: web.homePageUrl ?? "",
      implicitGrant: {
        accessTokenIssuanceEnabled: implicitGrant.enableAccessTokenIssuance ?? false,
        idTokenIssuanceEnabled: implicitGrant.enableIdTokenIssuance ?? false,
      },
      logoutUrl: web.logoutUrl ?? "",
      redirectUris: strings(web.redirectUris),
    },
  };
}
