import { companyAccess } from "../../ops/commands/company";
import type { Stack } from "../../ops/stacks";
import { bringUpCompany, entraGroup, person } from "../support/company";
import { type Lab, startLab, told } from "../support/lab";
import { Browser, type Shown } from "../twin/entra/browser";

jest.setTimeout(900_000);

let lab: Lab;
let stack: Stack;
beforeAll(async () => {
  lab = await startLab();
  stack = await bringUpCompany(lab);
});
afterAll(() => lab.close());

/** How a visit ends: let in, turned away by Access with a reason, or by Entra with a code. */
function outcome({ status, html }: Shown): string {
  const code = /AADSTS\d+/.exec(html)?.[0];
  if (code) return code;
  if (status === 403 && html.includes("No policy matches, which denies.")) return "no policy";
  if (status === 403 && html.includes("does not take this identity provider.")) return "other provider";
  if (status !== 200) return `status ${status}`;
  if (/Cloudflare Access let you in/.test(html)) return "in";
  return /lets it through \(bypass\)/.test(html) ? "bypass" : "another page";
}

/** Opens an application as somebody, signing in where the way leads there. */
async function visit(browser: Browser, name: string, host: string, at = "Contoso"): Promise<string> {
  let shown = await browser.go(lab.twin.browserUrlOf(`https://${host}/`));
  const links = [...shown.html.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)];
  const link = links.find(([, , label]) => label === at)?.[1];
  if (/Sign in to /.test(shown.html) && link) shown = await browser.go(link.replaceAll("&amp;", "&"));
  if (shown.html.includes("Pick an account")) {
    const { id } = person(name);
    if (!shown.html.includes(id)) return "not in the tenant";
    shown = await browser.signIn({ id });
  }
  return outcome(shown);
}

const EMPLOYEES =
  "intranet chat calendar phonebook learning expenses travel helpdesk status cafeteria portal".split(" ");
const of = (...departments: string[]) => departments.flatMap((one) => [`${one}Wiki`, `${one}Files`]);

/** Somebody of the directory, and what they may open; everything else is closed to them. */
interface Visitor {
  why: string;
  opens: string[];
  /** Identity provider, default "Contoso". */
  at?: string;
  /** Entra's code for not signing them in. */
  refused?: string;
}

const MAY: Record<string, Visitor> = {
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
  Hal: { why: "of Finance, not in the office", opens: [...EMPLOYEES, ...of("finance")] },
  Ivy: { why: "suspended", opens: [] },
  Kim: { why: "the board's address", opens: [...EMPLOYEES, "minutes"] },
  Robin: { why: "the partner's engineer", at: "Fabrikam", opens: ["portal", "exchange"] },
  Omar: { why: "the partner's, in no group", at: "Fabrikam", opens: [] },
  Jo: { why: "the board's address, at the partner", at: "Fabrikam", opens: [] },
};

/** Which identity providers an application takes, beside those of Contoso alone. */
const TAKES: Record<string, string[]> = { portal: ["Contoso", "Fabrikam"], exchange: ["Fabrikam"] };

function wantedOf({ opens, refused, at = "Contoso" }: Visitor, key: string): string {
  if (key === "assets") return "bypass";
  if (opens.includes(key)) return "in";
  if ((TAKES[key] ?? ["Contoso"]).includes(at)) return refused ?? "no policy";
  // Who is not signed in yet comes to a tenant that does not know them.
  return refused ? "not in the tenant" : "other provider";
}

test("everybody gets into what is meant for them, and is kept out of the rest for the right reason", async () => {
  const { graph } = await lab.administrator();
  await graph.api(`/groups/${entraGroup("Finance").id}/members/${person("Fay").id}/$ref`).delete();
  const { applications } = await companyAccess(stack);
  expect(Object.keys(applications)).toHaveLength(60);
  const found: Record<string, Record<string, string>> = {};
  const wanted: typeof found = {};
  for (const [name, visitor] of Object.entries(MAY)) {
    const browser = new Browser(lab.twin);
    // Everybody signs in where both tenants may.
    await visit(browser, name, "portal.contoso.example", visitor.at);
    const got: Record<string, string> = {};
    for (const [key, { hostnames }] of Object.entries(applications)) {
      got[key] = await visit(browser, name, hostnames[0] ?? "", visitor.at);
    }
    await browser.close();
    found[name] = got;
    wanted[name] = Object.fromEntries(Object.keys(applications).map((key) => [key, wantedOf(visitor, key)]));
  }
  expect(found).toEqual(wanted);
});

test("removing one application previews as exactly its own deletion", async () => {
  const settings = await companyAccess(stack);
  const { salesWiki: _gone, ...applications } = settings.applications;
  await stack.configure({ "entra-access:access": { ...settings, applications } });
  expect(told((await stack.preview()).changes)).toEqual(["delete access-application-salesWiki"]);
  await stack.configure({ "entra-access:access": settings });
  expect(told((await stack.preview()).changes)).toEqual([]);
});
