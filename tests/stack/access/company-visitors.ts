import { request } from "undici";
import { companyBackup } from "../../../ops/demo/company";
import type { PlaceSeed, Twin } from "../../../twin/index";
import type { Browser, ShownPage } from "../../twin/entra/browser";

/** Describes the end of a visit: admitted, refused by Access with a reason, or refused by Entra with a code. */
function describeOutcome({ status, html }: Pick<ShownPage, "status" | "html">): string {
  const code = /AADSTS\d+/.exec(html)?.[0];
  if (code) return code;
  if (status === 403 && html.includes("No policy matches, so access is denied.")) return "no policy";
  if (status === 403 && html.includes("No policy admits this service token.")) return "no policy";
  if (status === 403 && html.includes("does not allow this identity provider.")) return "other provider";
  if (status !== 200) return `status ${status}`;
  if (/Cloudflare Access let you in|admits the request \(non_identity\)/.test(html)) return "in";
  if (/admits the request \(bypass\)/.test(html)) return "bypass";
  return html.includes("Sign in to ") ? "not offered" : "another page";
}

/** Opens an application and describes the outcome. */
type OpenApplication = (browser: Browser, address: string, twin: Twin) => Promise<string>;

/** Signs in at Entra if Access asks for it. @param at the identity provider to choose */
export const asPerson =
  (person: { id: string; password?: string }, at: string): OpenApplication =>
  async (browser, address) => {
    let shown = await browser.go(address);
    const links = [...shown.html.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)];
    const link = links.find(([, , label]) => label === at)?.[1];
    if (/Sign in to /.test(shown.html) && link) shown = await browser.go(link.replaceAll("&amp;", "&"));
    if (!shown.html.includes("Pick an account")) return describeOutcome(shown);
    return shown.html.includes(person.id)
      ? describeOutcome(await browser.signIn(person))
      : "not in the tenant";
  };

/** Requests a PIN by mail if that is offered, and enters it. */
const byPin =
  (email: string): OpenApplication =>
  async (browser, address, twin) => {
    const shown = await browser.go(address);
    if (shown.html.includes("Pick an account")) return "not in the tenant";
    if (!shown.html.includes("Send me a code")) return describeOutcome(shown);
    const [, action = ""] = /action="([^"]+)"/.exec(shown.html) ?? [];
    const [, state = ""] = /name="state" value="([^"]+)"/.exec(shown.html) ?? [];
    const before = twin.mails.length;
    await browser.go(action, { state, email });
    const mail = twin.mails.slice(before).find(({ to }) => to === email);
    return mail ? describeOutcome(await browser.go(action, { state, email, code: mail.pin })) : "no mail";
  };

/** Sends a service token, as a program does. */
const byToken =
  ({ clientId, clientSecret }: typeof companyBackup): OpenApplication =>
  async (_browser, address) => {
    const { host, port, pathname } = new URL(address);
    const token = { "cf-access-client-id": clientId, "cf-access-client-secret": clientSecret };
    const answer = await request(`http://127.0.0.1:${port}${pathname}`, { headers: { ...token, host } });
    return describeOutcome({ status: answer.statusCode, html: await answer.body.text() });
  };

export const EMPLOYEES =
  "intranet chat calendar phonebook learning expenses travel helpdesk status cafeteria portal".split(" ");
const of = (...departments: string[]) => departments.flatMap((one) => [`${one}Wiki`, `${one}Files`]);

/** A visitor with the applications that are open to them; all others are closed. */
export interface Visitor {
  why: string;
  opens: string[];
  /** Identity provider, default "Contoso". */
  at?: string;
  /** Entra's error code for their sign-in. */
  refused?: string;
  /** Their location; default: unknown. */
  place?: PlaceSeed;
  /** Opens an application; default: as the person of that name. */
  open?: OpenApplication;
  /** Outcomes that differ from those of other visitors, by application. */
  closed?: Record<string, string>;
}

/** Ways in without an Entra sign-in, which only policies restrict. */
export const TOKEN = "service token";
export const PIN = "One-time PIN";

export const VISITORS: Record<string, Visitor> = {
  Ada: { why: "a member", opens: [...EMPLOYEES, ...of("engineering")] },
  Ben: {
    why: "in a group inside the group",
    opens: [...EMPLOYEES, ...of("engineering"), "engineeringFigures"],
  },
  Cora: { why: "a guest", opens: ["portal", "tenders"] },
  Dan: { why: "in no group, so not assigned", opens: [], refused: "AADSTS50105" },
  Emil: { why: "disabled", opens: [], refused: "AADSTS50057" },
  Fay: { why: "removed from Finance a minute ago", opens: [...EMPLOYEES, ...of("sales")] },
  Gus: { why: "on call, without a second factor", opens: EMPLOYEES },
  Lou: { why: "on call, with a second factor", opens: [...EMPLOYEES, "vault"] },
  Hal: { why: "of Finance, not in the office", opens: [...EMPLOYEES, ...of("finance")] },
  Mia: {
    why: "of Finance, in the office",
    place: { ip: "198.51.100.7" },
    opens: [...EMPLOYEES, ...of("finance"), "payroll"],
  },
  Nia: {
    why: "of Research, in the right country",
    place: { country: "DE" },
    opens: [...EMPLOYEES, ...of("research")],
  },
  Otto: { why: "of Research, in another country", place: { country: "FR" }, opens: EMPLOYEES },
  Ivy: { why: "suspended", opens: [] },
  Kim: { why: "the board's address", opens: [...EMPLOYEES, "minutes"] },
  Robin: { why: "the partner's engineer", at: "Fabrikam", opens: ["portal", "exchange"] },
  Omar: { why: "the partner's, in no group", at: "Fabrikam", opens: [] },
  Jo: { why: "the board's address, at the partner", at: "Fabrikam", opens: [] },
  root: { why: "break glass, named", at: PIN, open: byPin("root@contoso.example"), opens: ["vault"] },
  eve: {
    why: "break glass, not named: no mail, and so no sign-in",
    at: PIN,
    open: byPin("eve@contoso.example"),
    opens: [],
    refused: "no mail",
    closed: { portal: "not offered" },
  },
  backup: { why: "a service token", at: TOKEN, open: byToken(companyBackup), opens: ["engineeringFiles"] },
};

/** The identity providers of applications that allow others than Contoso. */
const ALLOWED_PROVIDERS: Record<string, string[]> = {
  portal: ["Contoso", "Fabrikam"],
  exchange: ["Fabrikam"],
  vault: ["Contoso", PIN],
};

export function findExpected({ opens, refused, at = "Contoso", closed = {} }: Visitor, key: string): string {
  if (key === "assets") return "bypass";
  if (opens.includes(key)) return "in";
  if (closed[key]) return closed[key];
  if ([TOKEN, ...(ALLOWED_PROVIDERS[key] ?? ["Contoso"])].includes(at)) return refused ?? "no policy";
  // A visitor who is not signed in yet is sent to a tenant that does not know them.
  return refused ? "not in the tenant" : "other provider";
}
