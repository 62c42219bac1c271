import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { AppRegistration, FederatedCredential } from "../store/entra/tenant";
import type { Store } from "../store/store";
import { EntraNotServed, SignInError } from "./errors";

export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Authenticates an application by the token of another issuer, which one of its federated credentials must name exactly.
 *
 * Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation; matching distinguishes case since
 * https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes#federated-identity-credentials-now-use-case-sensitive-matching
 */
export async function verifyAssertion(
  store: Store,
  { federatedCredentials }: AppRegistration,
  assertion: string,
  type: string | null,
): Promise<void> {
  if (!type) throw new SignInError(900144, { value: "client_assertion_type" });
  if (type !== ASSERTION_TYPE) throw new EntraNotServed(`client_assertion_type ${type}`);
  const claims = decode(assertion);
  findCredential(federatedCredentials, claims);
  const keys = store.issuers.get(String(claims.iss));
  // Entra reads the keys from the issuer's address; the twin leaves this machine alone.
  if (!keys) throw new SignInError(90061, { value: String(claims.iss) });
  await verify(assertion, keys, store.now());
}

function decode(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    throw new SignInError(50027, {});
  }
}

function findCredential(credentials: readonly FederatedCredential[], { iss, sub, aud }: JWTPayload): void {
  const ofIssuer = credentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw new SignInError(700211, { value: String(iss) });
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) throw new SignInError(700213, { value: String(sub) });
  const audiences = [aud].flat();
  if (!ofSubject.some((one) => one.audiences.some((audience) => audiences.includes(audience))))
    throw new SignInError(700212, { value: audiences.join(" ") });
}

async function verify(assertion: string, keys: JSONWebKeySet, now: Date): Promise<void> {
  try {
    await jwtVerify(assertion, createLocalJWKSet(keys), {
      algorithms: ["RS256"],
      currentDate: now,
      requiredClaims: ["exp"],
    });
  } catch (error) {
    const isLate = error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed;
    throw new SignInError(isLate ? 700024 : 700027, { value: now.toISOString() });
  }
}
