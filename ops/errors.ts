/** An error that a person can mend: shown without stack trace, its first line is the cause. Exit code 1. */
export class UserError extends Error {
  override readonly name: string = "UserError";

  /** @param next what to do, one line each */
  constructor(
    message: string,
    readonly next: readonly string[] = [],
  ) {
    super(message);
  }
}

/** A command that was called in a way it does not know: the usage is shown. Exit code 1, as 2 says what was found. */
export class UsageError extends UserError {
  override readonly name = "UsageError";
}

/** What to do about one error code, in one sentence. */
export interface Hint {
  /** As the service writes it: `AADSTS7000215`, `Authorization_RequestDenied`, `10000`. */
  readonly code: string;
  readonly service: "Entra sign-in" | "Microsoft Graph" | "Cloudflare";
  readonly advice: string;
}

const entra = (advice: string, ...codes: number[]): Hint[] =>
  codes.map((code) => ({ code: `AADSTS${code}`, service: "Entra sign-in", advice }));
const graph = (advice: string, ...codes: string[]): Hint[] =>
  codes.map((code) => ({ code, service: "Microsoft Graph", advice }));
const cloudflare = (advice: string, ...codes: number[]): Hint[] =>
  codes.map((code) => ({ code: String(code), service: "Cloudflare", advice }));

/**
 * The error codes people meet with this stack. Sources: Microsoft's "Microsoft Entra authentication and authorization
 * error codes" and "Microsoft Graph error responses". Cloudflare documents few of its codes: 10000 and 12130 are from
 * recordings, the others from its users' issue threads.
 */
export const ERROR_HINTS: readonly Hint[] = [
  ...entra(
    "Run `pulumi up`: the redirect URI must be https://<team>.cloudflareaccess.com/cdn-cgi/access/callback, on the Web platform.",
    50011,
    500113,
    900971,
  ),
  ...entra(
    "Run `pulumi up` to restore the admin consent, as a deployer with DelegatedPermissionGrant.ReadWrite.All.",
    65001,
    90094,
    90008,
  ),
  ...entra(
    "Check that the client id belongs to this tenant and that its enterprise application is enabled.",
    700016,
  ),
  ...entra("Check tenantId (azuread:tenantId, ARM_TENANT_ID) and that the tenant is in this cloud.", 90002),
  ...entra(
    "Set the secret's value, not its id (ARM_CLIENT_SECRET); a new secret takes up to a minute to work.",
    7000215,
  ),
  ...entra("The client secret has expired: make a new one and set ARM_CLIENT_SECRET.", 7000222),
  ...entra("Assign the person, or a group that holds them directly, to the enterprise application.", 50105),
  ...entra(
    "Sign in with an account of this tenant, or invite the person as a guest; another tenant needs an identity provider of its own.",
    50020,
    16000,
    50034,
    50014,
    90072,
  ),
  ...entra("The application is for one tenant: sign in at that tenant, not at /common.", 50194),
  ...entra(
    "The tenant's cross-tenant access settings forbid it: ask the tenant's administrator.",
    500212,
    500213,
  ),
  ...entra(
    "Tenant restrictions of the network forbid this tenant: ask the network's administrator.",
    50002,
    500021,
  ),
  ...entra(
    "Meet what the tenant's Conditional Access asks for (MFA, device, network), or ask its administrator.",
    50131,
    530032,
    50076,
    50079,
    50158,
  ),
  ...graph(
    "Grant the deployer Application.ReadWrite.OwnedBy and DelegatedPermissionGrant.ReadWrite.All with admin consent, and let it own the application.",
    "Authorization_RequestDenied",
  ),
  ...graph(
    "The sign-in is not accepted: check ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET.",
    "InvalidAuthenticationToken",
    "Authorization_IdentityNotFound",
  ),
  ...graph(
    "It was deleted by somebody else, or is not visible everywhere yet: run `pulumi up` again; for destroy, `pulumi destroy --refresh`.",
    "Request_ResourceNotFound",
  ),
  ...graph(
    "The same object exists already: import it (`pulumi import`) or delete it, then run `pulumi up` again.",
    "Request_MultipleObjectsWithSameKeyValue",
  ),
  ...graph(
    "The tenant's app management policy wants shorter-lived secrets: set credential.longestDays to what it allows, and credential.periodDays and credential.graceDays to less together.",
    "CredentialInvalidLifetimeAsPerAppPolicy",
  ),
  ...graph(
    "The tenant's app management policy forbids client secrets: ask its administrator for an exception for this application.",
    "CredentialTypeNotAllowedAsPerAppPolicy",
  ),
  ...graph("Microsoft Graph is throttling: wait some minutes and run it again.", "TooManyRequests"),
  ...cloudflare(
    'Check CLOUDFLARE_API_TOKEN: it needs "Access: Organizations, Identity Providers, and Groups" Edit (Read to look only) on this account.',
    10000,
    9109,
  ),
  ...cloudflare(
    "CLOUDFLARE_API_TOKEN has not the form of an API token: set a token, not the global API key.",
    6003,
    6111,
  ),
  ...cloudflare("Check accountId, and cloudflare:baseUrl if it is set.", 7003),
  ...cloudflare("Turn on Zero Trust for this account in the Cloudflare dashboard first.", 9999),
  ...cloudflare("Cloudflare refused the settings: its message says which one to correct.", 12130),
  ...cloudflare("Cloudflare is throttling: wait five minutes and run it again.", 971),
];

/** The hint for the first known code in a text, wherever it stands in it. */
export function findHint(text: string): Hint | undefined {
  return ERROR_HINTS.find(({ code, service }) =>
    // Cloudflare's codes are plain numbers: they count only where Cloudflare's clients and providers put a code.
    service === "Cloudflare"
      ? new RegExp(`"code": ?${code}\\b|\\(?\\bcode:? ${code}\\b|Cloudflare ${code}:`).test(text)
      : new RegExp(`\\b${code}\\b`).test(text),
  );
}

/** An error as people see it: the cause in the first line, what to do below; a stack trace only for our own faults. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const message = messageOf(error);
  const hint = findHint(message);
  const own = error instanceof UserError ? error.next : [];
  const first = error instanceof UserError || hint || isAnswer(error) ? message : (error.stack ?? message);
  return [`error: ${first}`, ...[...(hint ? [hint.advice] : []), ...own].map((line) => `  ${line}`)].join(
    "\n",
  );
}

/** The official clients throw what a service answered: GraphError has `statusCode` and `code`, APIError `status`. */
function isAnswer(error: Error & { statusCode?: unknown; status?: unknown }): boolean {
  return typeof (error.statusCode ?? error.status) === "number";
}

function messageOf(error: Error & { code?: unknown }): string {
  return isAnswer(error) && typeof error.code === "string"
    ? `${error.code}: ${error.message}`
    : error.message;
}
