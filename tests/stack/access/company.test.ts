import { request } from "undici";
import { compareStackPeople } from "../../../ops/access-review/compare/compare-stack";
import { any, type Condition, evaluate } from "../../../ops/access-review/decision/formula";
import type { ReportedApplication } from "../../../ops/access-review/report/report";
import { reviewOpenStacks, type StackReview } from "../../../ops/access-review/review-stacks";
import { main } from "../../../ops/cli";
import { companyAccess, companyBackup } from "../../../ops/demo/company";
import { describeApplicationChange } from "../../../ops/preview/people";
import { Stack } from "../../../ops/stacks";
import type { PlaceSeed } from "../../../twin/index";
import { deployCompany, findEntraGroup, findPerson } from "../../support/company";
import { type EngineFixture, formatChanges, startEngineFixture } from "../../support/engine-fixture";
import { sized } from "../../support/size";
import { Browser, type ShownPage } from "../../twin/entra/browser";

jest.setTimeout(900_000);

let lab: EngineFixture;
let stack: Stack;
beforeAll(async () => {
  lab = await startEngineFixture();
  stack = await deployCompany(lab);
  const { graph } = await lab.administrator();
  await graph.api(`/groups/${findEntraGroup("Finance").id}/members/${findPerson("Fay").id}/$ref`).delete();
});
afterAll(() => lab.close());

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
type OpenApplication = (browser: Browser, address: string) => Promise<string>;

/** Signs in at Entra if Access asks for it. @param at the identity provider to choose */
const asPerson =
  (id: string, at: string): OpenApplication =>
  async (browser, address) => {
    let shown = await browser.go(address);
    const links = [...shown.html.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)];
    const link = links.find(([, , label]) => label === at)?.[1];
    if (/Sign in to /.test(shown.html) && link) shown = await browser.go(link.replaceAll("&amp;", "&"));
    if (!shown.html.includes("Pick an account")) return describeOutcome(shown);
    return shown.html.includes(id) ? describeOutcome(await browser.signIn({ id })) : "not in the tenant";
  };

/** Requests a PIN by mail if that is offered, and enters it. */
const byPin =
  (email: string): OpenApplication =>
  async (browser, address) => {
    const shown = await browser.go(address);
    if (shown.html.includes("Pick an account")) return "not in the tenant";
    if (!shown.html.includes("Send me a code")) return describeOutcome(shown);
    const [, action = ""] = /action="([^"]+)"/.exec(shown.html) ?? [];
    const [, state = ""] = /name="state" value="([^"]+)"/.exec(shown.html) ?? [];
    const before = lab.twin.mails.length;
    await browser.go(action, { state, email });
    const mail = lab.twin.mails.slice(before).find(({ to }) => to === email);
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

const EMPLOYEES =
  "intranet chat calendar phonebook learning expenses travel helpdesk status cafeteria portal".split(" ");
const of = (...departments: string[]) => departments.flatMap((one) => [`${one}Wiki`, `${one}Files`]);

/** A visitor with the applications that are open to them; all others are closed. */
interface Visitor {
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
const TOKEN = "service token";
const PIN = "One-time PIN";

const VISITORS: Record<string, Visitor> = {
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

function findExpected({ opens, refused, at = "Contoso", closed = {} }: Visitor, key: string): string {
  if (key === "assets") return "bypass";
  if (opens.includes(key)) return "in";
  if (closed[key]) return closed[key];
  if ([TOKEN, ...(ALLOWED_PROVIDERS[key] ?? ["Contoso"])].includes(at)) return refused ?? "no policy";
  // A visitor who is not signed in yet is sent to a tenant that does not know them.
  return refused ? "not in the tenant" : "other provider";
}

/** Tells if an application is open to the same people as others, of which the small run tries two. */
const isAlike = (key: string) =>
  (EMPLOYEES.indexOf(key) >= 2 && key !== "portal") ||
  (/Files$/.test(key) && !/^(engineering|sales)/.test(key));

test("everybody can open their applications, and is refused the others for the right reason", async () => {
  const all = (await companyAccess(stack)).applications;
  expect(Object.keys(all)).toHaveLength(60);
  const applications = sized(Object.fromEntries(Object.entries(all).filter(([key]) => !isAlike(key))), all);
  const actual: Record<string, Record<string, string>> = {};
  const expected: typeof actual = {};
  for (const [name, visitor] of Object.entries(VISITORS)) {
    const { at = "Contoso", place } = visitor;
    lab.twin.places = place ? { "127.0.0.1": place } : {};
    const open = visitor.open ?? asPerson(findPerson(name).id, at);
    const visit = (host = "") => open(browser, lab.twin.browserUrlOf(`https://${host}/`));
    const browser = new Browser(lab.twin);
    // Signs in at an application that allows the visitor's identity provider.
    await visit(at === PIN ? "vault.contoso.example" : "portal.contoso.example");
    const outcomes: Record<string, string> = {};
    for (const [key, { hostnames }] of Object.entries(applications))
      outcomes[key] = await visit(hostnames[0]);
    await browser.close();
    actual[name] = outcomes;
    expected[name] = Object.fromEntries(
      Object.keys(applications).map((key) => [key, findExpected(visitor, key)]),
    );
  }
  expect(actual).toEqual(expected);
});

/** Tells if the review admits a visitor where and how they come. */
function isAdmitted(
  { reviews: [account], population }: StackReview,
  key: string,
  name: string,
  { place, at }: Visitor,
): boolean {
  const application = account?.context.rules.applications.find((one) => one.name === key);
  if (!account || !application) throw new Error(`no application ${key}`);
  const person = at === PIN || at === TOKEN ? undefined : findPerson(name);
  const position = population.people.findIndex(({ id }) => id === person?.id);
  const { openings } = account.reviewApplication(application);
  // A mailbox of the person's own is another way in, which this visitor does not take.
  const ways = account.explain(application, position).ways.filter(({ channel }) => channel.directory);
  const formulas = person
    ? [...openings.filter(({ kind }) => kind === "bypass"), ...ways]
    : openings.filter(({ kind }) => (at === PIN ? kind !== "service auth" : kind !== "identity provider"));
  const isMet = ({ kind, value }: Condition): boolean => {
    if (kind === "country") return value === place?.country;
    if (kind === "address") return value === "198.51.100.0/24" && place?.ip === "198.51.100.7";
    if (kind === "second factor") return person?.secondFactor === true;
    if (kind === "service token") return at === TOKEN && value === companyBackup.id;
    if (kind === "person") return value === `${name}@contoso.example`;
    throw new Error(`unexpected condition ${kind}`);
  };
  return evaluate(any(formulas.map(({ admitted }) => admitted)), isMet);
}

test("the review is right in every cell of the table", async () => {
  const review = await reviewOpenStacks([stack], false);
  const keys = Object.keys((await companyAccess(stack)).applications);
  const actual: Record<string, string[]> = {};
  const expected: typeof actual = {};
  for (const [name, visitor] of Object.entries(VISITORS)) {
    actual[name] = keys.filter((key) => isAdmitted(review, key, name, visitor));
    expected[name] = keys.filter((key) => ["in", "bypass"].includes(findExpected(visitor, key)));
  }
  expect(actual).toEqual(expected);
});

test("removing one application previews as exactly its own deletion", async () => {
  const settings = await companyAccess(stack);
  const { salesWiki: _gone, ...applications } = settings.applications;
  await stack.configure({ "entra-access:access": { ...settings, applications } });
  expect(formatChanges((await stack.preview()).changes)).toEqual(["delete access-application-salesWiki"]);
  await stack.configure({ "entra-access:access": settings });
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});

describe("who gains and who loses access", () => {
  it("is nobody where nothing was changed", async () => {
    expect(await compareStackPeople(stack, false)).toMatchObject({ applications: [], notes: [] });
  });

  it("has exact numbers, guests, everyone and openings, and names only if asked for", async () => {
    const settings = (await stack.config())["entra-access:access"] as Record<string, Record<string, object>>;
    const { groups = {}, policies = {}, applications = {} } = settings;
    const { salesWiki: _deleted, ...kept } = applications;
    const changed = {
      ...settings,
      groups: {
        ...groups,
        employees: { include: { entraGroups: ["Employees"] } },
        created: { include: { entraGroups: ["New"] } },
      },
      policies: {
        ...policies,
        research: { include: ["research"] },
        everybody: { everyone: true, acknowledge: ["everyone"] },
        created: { include: ["created"] },
      },
      ownedEntraGroups: { fresh: { displayName: "New" } },
      applications: {
        ...kept,
        tenders: { ...applications.tenders, policies: ["employees", "contractors"] },
        minutes: { ...applications.minutes, policies: ["everybody"] },
        fresh: { hostnames: ["fresh.contoso.example"], policies: ["created"] },
      },
    };
    await stack.configure({ "entra-access:access": changed });
    const { applications: found, notes } = await compareStackPeople(stack, false);
    const named = await compareStackPeople(stack, true);
    await stack.configure({ "entra-access:access": settings });
    const texts = Object.fromEntries(found.map((one) => [one.name, describeApplicationChange(one)]));
    const gainsIvy = EMPLOYEES.map((name) => [name, `${name}: 1 person gains`]);
    expect(texts).toEqual({
      ...Object.fromEntries(gainsIvy),
      fresh: "fresh (created): nobody gains or loses",
      minutes: "minutes: 11 people gain (1 guest) ! everyone ! guests",
      researchFiles: "researchFiles: 2 under other conditions",
      researchWiki: "researchWiki: 2 under other conditions",
      salesWiki: "salesWiki (deleted): 1 person loses",
      tenders: "tenders: 11 people gain",
      "Warp Login App": "Warp Login App: 1 person gains",
    });
    expect(notes).toEqual(['Entra group "New" is created, with 0 members']);
    expect(JSON.stringify(found)).not.toMatch(/Ivy|ivy@/);
    expect(named.applications.find(({ name }) => name === "calendar")?.gaining).toEqual([
      "Ivy Khan <ivy@contoso.onmicrosoft.com>",
    ]);
  });
});

describe("npx entra-access access", () => {
  let out: string;
  let err: string;
  beforeEach(() => {
    out = err = "";
    const stdout = (text: string | Uint8Array) => {
      out += text;
      return true;
    };
    jest.spyOn(process.stdout, "write").mockImplementation(stdout);
    jest.spyOn(process.stderr, "write").mockImplementation(() => true);
    jest.spyOn(console, "log").mockImplementation((text) => void stdout(`${text}\n`));
    jest.spyOn(console, "error").mockImplementation((text) => {
      err += `${text}\n`;
    });
    jest.spyOn(Stack, "openExisting").mockImplementation(async () => stack);
  });
  afterEach(() => jest.restoreAllMocks());

  it("who lists the people of an application with the conditions", async () => {
    expect(await main(["access", "who", "payroll.contoso.example"])).toBe(0);
    expect(out.replace(/ +/g, " ")).toBe(
      [
        "payroll (payroll.contoso.example): 2 people, of whom 2 only under a condition",
        "",
        "person account access because",
        'Hal Jung <hal@contoso.onmicrosoft.com> member conditional policy "payroll", Access group "finance": Entra group "Finance"',
        " if from 198.51.100.0/24",
        'Mia Nash <mia@contoso.onmicrosoft.com> member conditional policy "payroll", Access group "finance": Entra group "Finance"',
        " if from 198.51.100.0/24",
        "",
        "",
      ].join("\n"),
    );
  });

  it("why explains one application, or lists all that a person can reach", async () => {
    expect(await main(["access", "why", "ivy@contoso.onmicrosoft.com", "intranet"])).toBe(0);
    expect(out).toContain('excluded by Entra group "Suspended"');
    expect(await main(["access", "why", "Nia Obi"])).toBe(0);
    expect(out).toContain("  researchWiki (wiki.research.contoso.example): conditional if from country");
  });

  it("review says the same of the settings and of what is enforced, and exits with 2 for an open application", async () => {
    const read = async (...options: string[]) => {
      out = "";
      expect(await main(["access", "review", "--json", ...options])).toBe(2);
      const { applications, ...report } = JSON.parse(out);
      return {
        report,
        counts: Object.fromEntries(applications.map((one: ReportedApplication) => [one.name, one.counts])),
      };
    };
    const enforced = await read();
    const declared = await read("--declared");
    expect(declared.counts).toEqual(enforced.counts);
    expect(enforced.report).toMatchObject({ schema: "entra-access/access/1", rules: "enforced" });
    expect(declared.report).toMatchObject({ rules: "declared" });
  });

  it.each([
    [["who"], "who requires one application; found 0"],
    [["who", "nowhere"], '"nowhere" must be the name, host name or id of one application; found 0'],
    [["why", "nobody@contoso.example"], '"nobody@contoso.example" must be the address, sign-in name'],
    [["why", "Nia Obi", "intranet", "--csv"], "why must not be combined with --csv"],
    [["review", "payroll"], "review takes no names; found 1"],
    [["review", "--json", "--csv"], "only one of --json, --csv and --markdown must be used"],
    [["list"], "the action must be one of who, why, review; found list"],
  ])("refuses %j", async (args, message) => {
    expect(await main(["access", ...args])).toBe(1);
    expect(err).toContain(message);
  });
});
