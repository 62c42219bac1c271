/** An error that the user can fix: shown without a stack trace, with exit code 1. */
export class UserError extends Error {
  override readonly name: string = "UserError";

  /** @param next lines of advice */
  constructor(
    message: string,
    readonly next: readonly string[] = [],
  ) {
    super(message);
  }
}

/** An invalid call of a command: shown with the usage, with exit code 1. */
export class UsageError extends UserError {
  override readonly name = "UsageError";
}

/** Thrown after Ctrl-C: shown like any user error, with exit code 130. */
export class InterruptedError extends UserError {
  override readonly name = "InterruptedError";
}

/** Advice on one error code, in one sentence. */
export interface Hint {
  /** In the service's spelling: `AADSTS7000215`, `Authorization_RequestDenied`, `10000`; without a code, its words. */
  readonly code: string;
  readonly service: "Entra sign-in" | "Microsoft Graph" | "Cloudflare" | "Pulumi" | "Azure CLI";
  readonly advice: string;
}

const entra = (advice: string, ...codes: number[]): Hint[] =>
  codes.map((code) => ({ code: `AADSTS${code}`, service: "Entra sign-in", advice }));
const graph = (advice: string, ...codes: string[]): Hint[] =>
  codes.map((code) => ({ code, service: "Microsoft Graph", advice }));
const pulumi = (advice: string, ...codes: string[]): Hint[] =>
  codes.map((code) => ({ code, service: "Pulumi", advice }));
const cloudflare = (advice: string, ...codes: number[]): Hint[] =>
  codes.map((code) => ({ code: String(code), service: "Cloudflare", advice }));

/**
 * The error codes that occur with this stack. Sources: "Microsoft Entra authentication and authorization error codes" and
 * "Microsoft Graph error responses". Cloudflare documents few of its codes: 10000 and 12130 are from recordings, the others
 * from issue threads.
 */
export const ERROR_HINTS: readonly Hint[] = [
  ...entra(
    "Run `npx entra-access up`: the redirect URI must be https://<team>.cloudflareaccess.com/cdn-cgi/access/callback, on the Web platform.",
    50011,
    500113,
    900971,
  ),
  ...entra(
    "Restore the admin consent: run `npx entra-access up` as a deployer with DelegatedPermissionGrant.ReadWrite.All.",
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
  ...entra("The client secret has expired: create a new one and set ARM_CLIENT_SECRET.", 7000222),
  ...entra(
    "Create a federated credential whose subject is exactly the one in this message (docs/workflows.md): GitHub sends it with the ids of owner and repository for repositories created since July 2026.",
    700213,
    7002138,
  ),
  ...entra(
    "Assign the user, or a group with the user as a direct member, to the enterprise application.",
    50105,
  ),
  ...entra(
    "Sign in with an account of this tenant, or invite the user as a guest; another tenant needs its own identity provider.",
    50020,
    16000,
    50034,
    50014,
    90072,
  ),
  ...entra("The application is single-tenant: sign in at its tenant, not at /common.", 50194),
  ...entra(
    "The tenant's cross-tenant access settings block the sign-in: ask the tenant's administrator.",
    500212,
    500213,
  ),
  ...entra(
    "Tenant restrictions of the network block this tenant: ask the network's administrator.",
    50002,
    500021,
  ),
  ...entra(
    "Meet the requirements of the tenant's Conditional Access (MFA, device, network), or ask its administrator.",
    50131,
    530032,
    50076,
    50079,
    50158,
  ),
  ...graph(
    "Find the missing permission: npx entra-access doctor. With all permissions, the deployer must be an owner of the application and of its enterprise application.",
    "Authorization_RequestDenied",
  ),
  ...graph(
    "Microsoft Graph does not accept the sign-in: check ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET.",
    "InvalidAuthenticationToken",
    "Authorization_IdentityNotFound",
  ),
  ...graph(
    "The object was deleted, or is not replicated yet: run `npx entra-access up` again; for destroy, `pulumi destroy --refresh`.",
    "Request_ResourceNotFound",
  ),
  ...graph(
    "The same object already exists: import it (`pulumi import`) or delete it, then run `npx entra-access up` again.",
    "Request_MultipleObjectsWithSameKeyValue",
  ),
  ...graph(
    "The tenant's app management policy limits the lifetime of client secrets: set credential.longestDays to that limit, and credential.periodDays plus credential.graceDays to less.",
    "CredentialInvalidLifetimeAsPerAppPolicy",
  ),
  ...graph(
    "The tenant's app management policy forbids client secrets: ask its administrator for an exception for this application.",
    "CredentialTypeNotAllowedAsPerAppPolicy",
  ),
  ...graph(
    "Microsoft Graph is throttling: wait a few minutes, then run the command again.",
    "TooManyRequests",
  ),
  ...cloudflare(
    "Check CLOUDFLARE_API_TOKEN and its permissions on this account, which docs/permissions.md lists: npx entra-access doctor.",
    10000,
    9109,
  ),
  ...cloudflare(
    "CLOUDFLARE_API_TOKEN does not have the format of an API token: set a token, not the global API key.",
    6003,
    6111,
  ),
  ...cloudflare("Check accountId, and cloudflare:baseUrl if it is set.", 7003),
  ...cloudflare("Turn on Zero Trust for this account in the Cloudflare dashboard first.", 9999),
  ...cloudflare("Cloudflare refused a setting: its message names the one to correct.", 12130),
  ...cloudflare("Cloudflare is throttling: wait five minutes, then run the command again.", 971),
  ...pulumi(
    "Choose where the state is: set PULUMI_BACKEND_URL, for example to file://~, or run `pulumi login <url>` (docs/state.md).",
    "PULUMI_ACCESS_TOKEN must be set",
  ),
  ...pulumi(
    "Set PULUMI_CONFIG_PASSPHRASE to the passphrase with which the stack was created (docs/state.md).",
    "passphrase must be set",
    "incorrect passphrase",
  ),
  ...pulumi(
    "Check the network and HTTPS_PROXY, or install the plugin from its archive: pulumi plugin install resource <name> <version> --file <archive>.",
    "Could not automatically download",
  ),
  ...pulumi(
    "If the application was made by hand, adopt its set-up: npx entra-access adopt. If another stack has it, choose another name: pulumi config set --path application.displayName <name>.",
    "prevent_duplicate_names",
  ),
  ...["Azure CLI could not be found", "az login"].map(
    (code): Hint => ({
      code,
      service: "Azure CLI",
      advice:
        "Sign in to Entra: az login --tenant <id>, or set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET.",
    }),
  ),
];

/** The program's error about the application's own client secret, which says what to do; the hints are for the deployer's. */
const APPLICATION_SECRET_REFUSED = "Entra refuses the client secret after";

/** Finds the hint for the first known code in a text. */
export function findHint(text: string): Hint | undefined {
  if (text.includes(APPLICATION_SECRET_REFUSED)) return undefined;
  return ERROR_HINTS.find(({ code, service }) =>
    // Cloudflare's codes are plain numbers, so they match only in the format of its clients and providers.
    service === "Cloudflare"
      ? new RegExp(`"code": ?${code}\\b|\\(?\\bcode:? ${code}\\b|Cloudflare ${code}:`).test(text)
      : new RegExp(`\\b${code}\\b`).test(text),
  );
}

/** Formats an error: the cause in the first line, advice below, a stack trace only for internal errors. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const message = readMessage(error);
  const hint = findHint(message);
  const next = error instanceof UserError ? error.next : [];
  const first =
    error instanceof UserError || hint || isServiceError(error) ? message : (error.stack ?? message);
  return [`error: ${first}`, ...[...(hint ? [hint.advice] : []), ...next].map((line) => `  ${line}`)].join(
    "\n",
  );
}

/** Recognizes the errors of the official clients: GraphError has `statusCode` and `code`, APIError `status`. */
function isServiceError(error: Error & { statusCode?: unknown; status?: unknown }): boolean {
  return typeof (error.statusCode ?? error.status) === "number";
}

function readMessage(error: Error & { code?: unknown }): string {
  return isServiceError(error) && typeof error.code === "string"
    ? `${error.code}: ${error.message}`
    : error.message;
}
