import type { Application, Password, Tenant } from "../../store/tenant";

type Wire = Record<string, unknown>;

/** An application as Graph v1.0 shows it: https://learn.microsoft.com/graph/api/resources/application */
export function applicationWire(tenant: Tenant, application: Application): Wire {
  const { owners: _owners, passwords, web, api, ...shown } = application;
  return {
    ...shown,
    deletedDateTime: null,
    disabledByMicrosoftStatus: null,
    nativeAuthenticationApisEnabled: null,
    publisherDomain: tenant.domain,
    tokenEncryptionKeyId: null,
    uniqueName: null,
    samlMetadataUrl: null,
    defaultRedirectUri: null,
    certification: null,
    servicePrincipalLockConfiguration: null,
    requestSignatureVerification: null,
    addIns: [],
    api,
    appRoles: application.appRoles.map((role) => ({ ...role, origin: "Application" })),
    info: { logoUrl: null, ...application.info },
    keyCredentials: [],
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    passwordCredentials: passwords.map((password) => passwordWire(password)),
    verifiedPublisher: NOT_VERIFIED,
    web: { ...web, redirectUriSettings: web.redirectUris.map((uri) => ({ uri, index: null })) },
  };
}

/** An application as Graph beta shows it, as far as the providers look: one property beyond v1.0. */
export function applicationBetaWire(tenant: Tenant, application: Application): Wire {
  return { ...applicationWire(tenant, application), oauth2RequirePostResponse: false };
}

export const NOT_VERIFIED = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

/**
 * A client secret as Graph shows it: https://learn.microsoft.com/graph/api/resources/passwordcredential
 *
 * @param secretText the secret itself, in the one answer that may carry it
 */
export function passwordWire(password: Password, secretText: string | null = null): Wire {
  const { hash: _hash, createdDateTime: _created, ...shown } = password;
  return { customKeyIdentifier: null, ...shown, secretText };
}
