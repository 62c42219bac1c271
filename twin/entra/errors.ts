import { randomUUID } from "node:crypto";

/** The sign-in errors of the twin: OAuth code and text by AADSTS code. */
const ERRORS = {
  50011: {
    error: "invalid_request",
    text: (o) =>
      `The redirect URI '${o.value}' specified in the request does not match the redirect URIs configured for the application '${o.app}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.`,
  },
  50020: {
    error: "access_denied",
    text: (o) =>
      `User account '${o.value}' from identity provider '${o.provider}' does not exist in tenant '${o.tenant}' and cannot access the application '${o.app}'(${o.name}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.`,
  },
  50027: { error: "invalid_request", text: "JWT token is invalid or malformed." },
  50034: {
    error: "access_denied",
    text: (o) =>
      `The user account ${o.value} does not exist in the ${o.tenant} directory. To sign into this application, the account must be added to the directory.`,
  },
  50057: { error: "invalid_grant", text: "The user account is disabled." },
  50058: { error: "login_required", text: "A silent sign-in request was sent but no user is signed in." },
  50076: {
    error: "interaction_required",
    text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access this resource.",
  },
  50105: {
    error: "access_denied",
    text: (o) =>
      `Your administrator has configured the application ${o.name} ('${o.app}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '${o.value}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`,
  },
  50126: {
    error: "invalid_grant",
    text: "Error validating credentials due to invalid username or password.",
  },
  50148: {
    error: "invalid_grant",
    text: "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
  },
  50194: {
    error: "invalid_request",
    text: (o) =>
      `Application '${o.app}'(${o.name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
  },
  53000: {
    error: "access_denied",
    text: "Device is not in required device state: unregistered. Conditional Access policy requires a compliant device, and the device is not compliant. The user must enroll their device with an approved MDM provider like Intune.",
  },
  53001: {
    error: "access_denied",
    text: "Device is not in required device state: unregistered. Conditional Access policy requires a domain joined device, and the device is not domain joined.",
  },
  53003: {
    error: "access_denied",
    text: "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  },
  54005: {
    error: "invalid_grant",
    text: "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
  },
  65001: {
    error: "invalid_grant",
    text: (o) =>
      `The user or administrator has not consented to use the application with ID '${o.app}' named '${o.name}'. Send an interactive authorization request for this user and resource.`,
    suberror: "consent_required",
  },
  65004: { error: "access_denied", text: "User declined to consent to access the app." },
  70000: { error: "invalid_grant", text: "Provided grant is invalid or malformed." },
  70003: {
    error: "unsupported_grant_type",
    text: (o) => `The app requested an unsupported grant type '${o.value}'.`,
  },
  70008: {
    error: "invalid_grant",
    text: "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
  },
  70011: {
    error: "invalid_scope",
    text: (o) =>
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${o.value} is not valid.`,
  },
  70044: {
    error: "interaction_required",
    text: "The session has expired or is invalid due to sign-in frequency checks by conditional access.",
  },
  90094: {
    error: "access_denied",
    text: (o) =>
      `An administrator of ${o.tenant} has set a policy that prevents you from granting ${o.name} the permissions it is requesting. Contact an administrator of ${o.tenant} who can grant permissions to this application on your behalf.`,
  },
  90002: {
    error: "invalid_request",
    text: (o) =>
      `Tenant '${o.value}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  },
  500112: {
    status: 400,
    error: "invalid_client",
    text: (o) =>
      `The reply address '${o.value}' does not match the reply address provided when requesting Authorization code.`,
  },
  500121: { error: "invalid_grant", text: "Authentication failed during strong authentication request." },
  501481: {
    error: "invalid_grant",
    text: "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
  },
  650053: {
    status: 400,
    error: "invalid_client",
    text: (o) =>
      `The application '${o.name}' asked for scope '${o.value}' that doesn't exist on the resource '${o.resource}'. Contact the app vendor.`,
  },
  700054: {
    error: "unsupported_response_type",
    text: (o) => `response_type '${o.value}' is not enabled for the application.`,
  },
  500011: {
    error: "invalid_resource",
    text: (o) =>
      `The resource principal named ${o.value} was not found in the tenant named ${o.tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  },
  700016: {
    error: "unauthorized_client",
    text: (o) =>
      `Application with identifier '${o.value}' was not found in the directory '${o.tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  },
  900144: {
    error: "invalid_request",
    text: (o) => `The request body must contain the following parameter: '${o.value}'.`,
  },
  1002012: {
    error: "invalid_scope",
    text: (o) =>
      `The provided value for scope ${o.value} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  },
  7000112: { error: "unauthorized_client", text: (o) => `Application '${o.value}'(${o.name}) is disabled.` },
  7000215: {
    error: "invalid_client",
    text: (o) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${o.value}'.`,
  },
  7000216: {
    error: "invalid_client",
    text: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  },
  7000218: {
    error: "invalid_client",
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    error: "invalid_client",
    text: (o) =>
      `The provided client secret keys for app '${o.value}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  },
  // https://learn.microsoft.com/microsoftteams/platform/teams-sdk/teams/app-authentication/troubleshooting
  7000229: {
    error: "invalid_client",
    text: (o) =>
      `The client application ${o.value} is missing service principal in the tenant ${o.tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  },
  90061: {
    error: "invalid_request",
    text: (o) => `Request to External OIDC endpoint failed. The keys of ${o.value} could not be read.`,
  },
  700211: { error: "invalid_client", text: (o) => describeMismatch("issuer", o.value) },
  700212: { error: "invalid_client", text: (o) => describeMismatch("audience", o.value) },
  700213: { error: "invalid_client", text: (o) => describeMismatch("subject", o.value) },
  700024: {
    error: "invalid_client",
    text: (o) => `Client assertion is not within its valid time range. Current time: ${o.value}.`,
  },
  700027: {
    error: "invalid_client",
    text: "The certificate with identifier used to sign the client assertion is not registered on application, or the signature is invalid.",
  },
} as const satisfies Record<number, ErrorEntry>;

function describeMismatch(claim: string, value: string | undefined): string {
  return `No matching federated identity record found for presented assertion ${claim} '${value}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`;
}

interface ErrorEntry {
  error: string;
  text: string | ((o: ErrorFacts) => string);
  /** Default: 401 for `invalid_client`, else 400. */
  status?: 400;
  suberror?: string;
}

interface ErrorFacts {
  value?: string;
  tenant?: string;
  /** Display name of the application. */
  name?: string;
  /** Application (client) id. */
  app?: string;
  provider?: string;
  resource?: string;
}

export type AadstsCode = keyof typeof ERRORS;

/** A feature of Entra sign-in that the twin does not serve, named in the message; it is answered 501. */
export class EntraNotServed extends Error {}

/** A refusal of sign-in, in Entra's envelope. */
export class SignInError extends Error {
  readonly status: 400 | 401;

  /** @param code the AADSTS number @param facts the values in its text */
  constructor(
    readonly code: AadstsCode,
    private readonly facts: ErrorFacts,
  ) {
    super(`AADSTS${code}`);
    const { error, status }: ErrorEntry = ERRORS[code];
    this.status = status ?? (error === "invalid_client" ? 401 : 400);
  }

  body(now: Date) {
    const { error, text, suberror }: ErrorEntry = ERRORS[this.code];
    return {
      ...buildErrorBody(now, this.code, error, typeof text === "string" ? text : text(this.facts)),
      error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
      ...(suberror && { suberror }),
    };
  }
}

/** Builds Entra's envelope of an error. @param code the AADSTS number @param error OAuth code */
export function buildErrorBody(now: Date, code: number, error: string, text: string) {
  const [trace_id, correlation_id] = [randomUUID(), randomUUID()];
  const timestamp = `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
  return {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id,
    correlation_id,
  };
}
