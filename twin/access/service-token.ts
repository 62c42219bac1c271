import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { AccessApplication, Account, ServiceToken } from "../store/account";
import { secretMatches } from "../store/secrets";
import type { Access } from "./access";
import { judge } from "./admission";
import { forbiddenService, invalidServiceToken } from "./errors";
import { protectedPage } from "./pages";

const [ID, SECRET] = ["cf-access-client-id", "cf-access-client-secret"];

/** Whether a request comes from a program that says which service token it has. */
export const hasServiceToken = (c: Context<TwinEnv>) =>
  [ID, SECRET].some((name) => c.req.header(name) !== undefined);

/**
 * A request with a service token, as Access judges it in organizations of October 2026 and later: strictly. No cookie
 * counts and none is given, and only policies to bypass and for services let it through.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/service-credentials/service-tokens/
 *
 * @throws AccessError 401 for a token that does not hold, 403 for one that is not let in
 */
export function serviceRequest(
  c: Context<TwinEnv>,
  access: Access,
  account: Account,
  application: AccessApplication,
): Response {
  const token = tokenOf(c, account);
  if (!token || !holds(token, access.store.now())) throw invalidServiceToken();
  const answer = judge(c, access, account, application, { serviceTokenId: token.id });
  if (!answer.allowed) throw forbiddenService();
  return protectedPage({ application, reason: answer.reason });
}

/** A header that comes twice has both values, and so is nobody's. */
function tokenOf(c: Context<TwinEnv>, account: Account): ServiceToken | undefined {
  const [id, secret] = [c.req.header(ID), c.req.header(SECRET)];
  const token = [...account.serviceTokens.values()].find(({ clientId }) => clientId === id);
  return token && secret !== undefined && secretMatches(token.secretHash, secret) ? token : undefined;
}

function holds({ enabled, expiresAt }: ServiceToken, now: Date): boolean {
  return enabled && (expiresAt === null || now.getTime() < Date.parse(expiresAt));
}
