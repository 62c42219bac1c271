/**
 * Refusals of the token endpoint that pass by themselves, by AADSTS code. Unless a source is given, the meaning is that of
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
 */
const TEMPORARY_CODES: Readonly<Record<number, string>> = {
  // A new object has not reached every replica yet.
  7000215:
    "invalid client secret; 4 to 18 s: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/1921",
  700016: "the application was not found in the tenant",
  7000229:
    "missing service principal: https://learn.microsoft.com/microsoftteams/platform/teams-sdk/teams/app-authentication/troubleshooting",
  // The service is unavailable for a while.
  90006: "ExternalServerRetryableError: the service is temporarily unavailable",
  90012: "RequestTimeout: the request has timed out",
  90024: "RequestBudgetExceededError: a transient error has occurred; try again",
  90033: "MsodsServiceUnavailable: the directory service is not available",
  90090: "GraphRetryableError: the service is temporarily unavailable",
  90091: "GraphServiceUnreachable",
  // The service is throttling: https://learn.microsoft.com/entra/msal/dotnet/advanced/client-and-server-throttling.
  50196: "LoopDetected: the same request too often within a short time",
  90055: "TenantThrottlingError: too many incoming requests",
};

/** Codes of Conditional Access, which is evaluated only after the client secret was accepted. */
const ACCEPTED_CODES: readonly number[] = [53003];

/** A refusal of the token endpoint; `error` is the code of OAuth, `code` that of Entra or 0. */
export interface TokenRefusal {
  readonly status: number;
  readonly error: string | undefined;
  readonly code: number;
}

/** Tells if waiting may help: Microsoft asks to retry 429, 5xx and `temporarily_unavailable` whatever the code is. */
export function isTemporaryRefusal({ status, error, code }: TokenRefusal): boolean {
  return code in TEMPORARY_CODES || error === "temporarily_unavailable" || status === 429 || status >= 500;
}

/** Tells if a refusal proves that the client secret was accepted. */
export function isAcceptance(code: number): boolean {
  return ACCEPTED_CODES.includes(code);
}
