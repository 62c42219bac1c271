import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { AccessApplication, Account, ServiceToken } from "../store/cloudflare/account";
import { matchesSecretHash } from "../store/secrets";
import type { AccessContext } from "./access";
import { evaluateAccessPolicies } from "./admission";
import { forbiddenService, invalidServiceToken } from "./errors";
import { renderProtected } from "./pages";

const [ID, SECRET] = ["cf-access-client-id", "cf-access-client-secret"];

/** Tells if a request has the headers of a service token. */
export const hasServiceToken = (c: Context<TwinEnv>) =>
  [ID, SECRET].some((name) => c.req.header(name) !== undefined);

/**
 * Serves a request with a service token in the strict way of organizations created since October 2026: cookies are
 * ignored, none is set, and only bypass and service auth policies admit the request.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/service-credentials/service-tokens/
 *
 * @throws AccessError 401 for a token that is not valid, 403 for one that no policy admits
 */
export function serveServiceRequest(
  c: Context<TwinEnv>,
  access: AccessContext,
  account: Account,
  application: AccessApplication,
): Response {
  const token = findToken(c, account);
  if (!token || !isValid(token, access.store.now())) throw invalidServiceToken();
  const answer = evaluateAccessPolicies(c, access, account, application, { serviceTokenId: token.id });
  if (!answer.allowed) throw forbiddenService();
  return renderProtected({ application, reason: answer.reason });
}

/** Finds the service token of a request. A repeated header holds both values, so it matches no token. */
function findToken(c: Context<TwinEnv>, account: Account): ServiceToken | undefined {
  const [id, secret] = [c.req.header(ID), c.req.header(SECRET)];
  const token = [...account.serviceTokens.values()].find(({ clientId }) => clientId === id);
  return token && secret !== undefined && matchesSecretHash(token.secretHash, secret) ? token : undefined;
}

function isValid({ enabled, expiresAt }: ServiceToken, now: Date): boolean {
  return enabled && (expiresAt === null || now.getTime() < Date.parse(expiresAt));
}
