import { getCookie } from "hono/cookie";
import { AUTHORIZATION_COOKIE, type PageHandler } from "./access";
import { admit } from "./admission";
import { invalidState } from "./errors";
import type { LoginTarget } from "./sign-in/login-state";

/** Serves `/cdn-cgi/access/purpose`: receives the purpose of the access from a signed-in user. */
export const acceptPurpose: PageHandler = async (c, access, account) => {
  const form = new URLSearchParams(await c.req.text());
  const target = access.seal.open<LoginTarget>("purpose", form.get("state") ?? undefined);
  const session = await access.sessions.verify(account, getCookie(c, AUTHORIZATION_COOKIE));
  if (!target || !session) throw invalidState();
  return admit(c, access, account, { target, session, purpose: (form.get("purpose") ?? "").trim() });
};
