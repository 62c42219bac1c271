import { getCookie } from "hono/cookie";
import { AUTHORIZATION, type Page } from "./access";
import { admit } from "./admission";
import { invalidState } from "./errors";
import type { Target } from "./sign-in/login-state";

/** `/cdn-cgi/access/purpose`: takes what somebody who is signed in says they need the application for. */
export const purpose: Page = async (c, access, account) => {
  const form = new URLSearchParams(await c.req.text());
  const target = access.seal.open<Target>("purpose", form.get("state") ?? undefined);
  const session = await access.sessions.verify(account, getCookie(c, AUTHORIZATION));
  if (!target || !session) throw invalidState();
  return admit(c, access, account, { target, session, purpose: (form.get("purpose") ?? "").trim() });
};
