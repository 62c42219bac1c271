import type { AppRegistration, EntraTenant, Password } from "../../store/entra/tenant";

type Wire = Record<string, unknown>;

/** Formats an application as Graph v1.0 does: https://learn.microsoft.com/graph/api/resources/application */
export function toApplicationWire(tenant: EntraTenant, application: AppRegistration): Wire {
  const { owners: _owners, federatedCredentials: _credentials, passwords, web, api, ...shown } = application;
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
    requestSignatureVerification: null,
    addIns: [],
    api,
    appRoles: application.appRoles.map((role) => ({ ...role, origin: "Application" })),
    info: { logoUrl: null, ...application.info },
    keyCredentials: [],
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    passwordCredentials: passwords.map((password) => toPasswordWire(password)),
    verifiedPublisher: UNVERIFIED_PUBLISHER,
    web: { ...web, redirectUriSettings: web.redirectUris.map((uri) => ({ uri, index: null })) },
  };
}

/** Formats an application as Graph beta does, with the additional property that the providers read. */
export function toApplicationBetaWire(tenant: EntraTenant, application: AppRegistration): Wire {
  return { ...toApplicationWire(tenant, application), oauth2RequirePostResponse: false };
}

export const UNVERIFIED_PUBLISHER = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

/**
 * Formats a client secret as Graph does: https://learn.microsoft.com/graph/api/resources/passwordcredential
 *
 * @param secretText the secret itself, for the only answer that shows it
 */
export function toPasswordWire(password: Password, secretText: string | null = null): Wire {
  const { hash: _hash, createdDateTime: _created, ...shown } = password;
  return { customKeyIdentifier: null, ...shown, secretText };
}
