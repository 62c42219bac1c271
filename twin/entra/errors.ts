import { randomUUID } from "node:crypto";

/** The errors of the token endpoint that the twin answers: OAuth code, HTTP status and text per AADSTS code. */
const ERRORS = {
  70003: {
    status: 400,
    error: "unsupported_grant_type",
    text: (o) => `The app requested an unsupported grant type '${o.value}'.`,
  },
  70011: {
    status: 400,
    error: "invalid_scope",
    text: (o) =>
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${o.value} is not valid.`,
  },
  90002: {
    status: 400,
    error: "invalid_request",
    text: (o) =>
      `Tenant '${o.value}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  },
  500011: {
    status: 400,
    error: "invalid_resource",
    text: (o) =>
      `The resource principal named ${o.value} was not found in the tenant named ${o.tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  },
  700016: {
    status: 400,
    error: "unauthorized_client",
    text: (o) =>
      `Application with identifier '${o.value}' was not found in the directory '${o.tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  },
  900144: {
    status: 400,
    error: "invalid_request",
    text: (o) => `The request body must contain the following parameter: '${o.value}'.`,
  },
  1002012: {
    status: 400,
    error: "invalid_scope",
    text: (o) =>
      `The provided value for scope ${o.value} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  },
  7000112: {
    status: 400,
    error: "unauthorized_client",
    text: (o) => `Application '${o.value}'(${o.name}) is disabled.`,
  },
  7000215: {
    status: 401,
    error: "invalid_client",
    text: (o) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${o.value}'.`,
  },
  7000216: {
    status: 401,
    error: "invalid_client",
    text: () =>
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  },
  7000222: {
    status: 401,
    error: "invalid_client",
    text: (o) =>
      `The provided client secret keys for app '${o.value}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  },
} as const satisfies Record<number, ErrorEntry>;

interface ErrorEntry {
  status: 400 | 401;
  error: string;
  text: (o: Facts) => string;
}

interface Facts {
  value?: string;
  tenant?: string;
  name?: string;
}

export type AadstsCode = keyof typeof ERRORS;

/** What the sign-in service cannot judge: answered 501. */
export class NotJudged extends Error {}

/** A refusal of the token endpoint, in Entra's envelope. */
export class SignInError extends Error {
  readonly status: 400 | 401;

  /** @param code the AADSTS number @param facts what its text names */
  constructor(
    readonly code: AadstsCode,
    private readonly facts: Facts,
  ) {
    super(`AADSTS${code}`);
    this.status = ERRORS[code].status;
  }

  body(now: Date): Record<string, unknown> {
    const entry: ErrorEntry = ERRORS[this.code];
    const trace = randomUUID();
    const correlation = randomUUID();
    const timestamp = `${now.toISOString().slice(0, 19).replace("T", " ")}Z`;
    return {
      error: entry.error,
      error_description: `AADSTS${this.code}: ${entry.text(this.facts)} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [this.code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
    };
  }
}
