import { compareDriftedPeople, compareStackPeople } from "../../../ops/access-review/compare/compare-stack";
import { any, type Condition, evaluate } from "../../../ops/access-review/decision/formula";
import type { ReportedApplication } from "../../../ops/access-review/report/report";
import { reviewOpenStacks, type StackReview } from "../../../ops/access-review/review-stacks";
import { main } from "../../../ops/cli";
import { companyAccess, companyBackup } from "../../../ops/demo/company";
import { formatDriftLines } from "../../../ops/drift/format";
import { checkStack } from "../../../ops/drift/stack/check";
import { describeApplicationChange } from "../../../ops/preview/people";
import { Stack } from "../../../ops/stacks";
import { readStackState } from "../../../ops/stacks/state/state";
import { deployCompany, findEntraGroup, findPerson } from "../../support/company";
import { useEngineFixture } from "../../support/engine-fixture";
import { sized } from "../../support/size";
import { Browser } from "../../twin/entra/browser";
import { asPerson, EMPLOYEES, findExpected, PIN, TOKEN, VISITORS, type Visitor } from "./company-visitors";

jest.setTimeout(900_000);

const lab = useEngineFixture();
let stack: Stack;
beforeAll(async () => {
  stack = await deployCompany(lab);
  const { graph } = await lab.administrator();
  await graph.api(`/groups/${findEntraGroup("Finance").id}/members/${findPerson("Fay").id}/$ref`).delete();
});

/** Applications of departments that no visitor belongs to, but for one of these. */
const UNVISITED = /^(platform|security|data|product|design|support|marketing|people|procurement)[A-Z]/;
/** Tells if an application is open to the same people as others, of which the small run tries one. */
const isAlike = (key: string) =>
  (EMPLOYEES.indexOf(key) >= 1 && key !== "portal") ||
  (/Files$/.test(key) && !key.startsWith("sales")) ||
  UNVISITED.test(key);

test("everybody can open their applications, and is refused the others for the right reason", async () => {
  const all = (await companyAccess(stack)).applications;
  expect(Object.keys(all)).toHaveLength(60);
  const applications = sized(Object.fromEntries(Object.entries(all).filter(([key]) => !isAlike(key))), all);
  const actual: Record<string, Record<string, string>> = {};
  const expected: typeof actual = {};
  for (const [name, visitor] of Object.entries(VISITORS)) {
    const { at = "Contoso", place } = visitor;
    lab.twin.places = place ? { "127.0.0.1": place } : {};
    const open = visitor.open ?? asPerson(findPerson(name), at);
    const visit = (host = "") => open(browser, lab.twin.browserUrlOf(`https://${host}/`), lab.twin);
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

describe("who gains and who loses access", () => {
  it("is nobody where nothing was changed", async () => {
    expect(await compareStackPeople(stack, "counts")).toMatchObject({ applications: [], notes: [] });
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
    const { applications: found, notes } = await compareStackPeople(stack, "counts");
    const named = await compareStackPeople(stack, "names");
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

describe("who gained and who lost access behind Pulumi's back", () => {
  let untouched: unknown;
  beforeAll(() => {
    untouched = lab.twin.snapshot();
  });
  afterEach(() => lab.twin.restore(untouched as ReturnType<typeof lab.twin.snapshot>));

  it("is nobody where nothing was changed there, whatever the settings say", async () => {
    const settings = await companyAccess(stack);
    const { salesWiki: _gone, ...applications } = settings.applications;
    await stack.configure({ "entra-access:access": { ...settings, applications } });
    const change = await compareDriftedPeople(stack, "counts");
    await stack.configure({ "entra-access:access": settings });
    expect(change).toMatchObject({ applications: [], notes: [] });
  });

  it("counts changed groups, policies and applications, and removed assignments", async () => {
    const { cloudflare, accountId: account_id, graph } = await lab.administrator();
    const { access } = cloudflare.zeroTrust;
    const ids = new Map(
      readStackState(await stack.export()).resources.map(({ urn, id, outputs }) => [
        urn.split("::").at(-1),
        String(outputs?.objectId ?? id),
      ]),
    );
    const find = (name: string) => ids.get(name) ?? "";
    const { include, ...group } = await access.groups.get(find("access-group-employees"), { account_id });
    await access.groups.update(find("access-group-employees"), {
      account_id,
      name: group.name ?? "",
      include: include ?? [],
      exclude: [],
    });
    await access.policies.update(find("access-policy-board"), {
      account_id,
      name: "board",
      decision: "allow",
      include: [{ everyone: {} }],
    });
    await access.applications.delete(find("access-application-salesWiki"), { account_id });
    const contractors = findEntraGroup("Contractors").id;
    const assigned = `/servicePrincipals/${find("entra-service-principal")}/appRoleAssignedTo`;
    const { value } = await graph.api(assigned).get();
    const [{ id }] = value.filter((one: { principalId: string }) => one.principalId === contractors);
    await graph.api(`${assigned}/${id}`).delete();

    const { drift } = await checkStack(stack, "counts");
    // A preview shows no change of any other resource.
    expect([...new Set(drift.differences.map(({ resource }) => resource))].sort()).toEqual([
      "access-application-salesWiki",
      "access-group-employees",
      "access-policy-board",
      `entra-assignment-${contractors}`,
    ]);
    const { people } = drift;
    if (!people || "unknown" in people) throw new Error(JSON.stringify(drift));
    expect(
      Object.fromEntries(people.applications.map((one) => [one.name, describeApplicationChange(one)])),
    ).toEqual({
      ...Object.fromEntries(EMPLOYEES.map((name) => [name, `${name}: 1 person gains`])),
      minutes: "minutes: 10 people gain ! everyone",
      portal: "portal: 1 person gains, 1 person loses (1 guest)",
      salesWiki: "salesWiki (deleted): 1 person loses",
      tenders: "tenders: 1 person loses (1 guest)",
      "Warp Login App": "Warp Login App: 1 person gains",
    });
    expect(formatDriftLines(drift)).toContain("people: calendar: 1 person gains");
    expect(JSON.stringify(people)).not.toMatch(/Ivy|ivy@/);
    const named = (await compareDriftedPeople(stack, "names")).applications;
    expect(named.find(({ name }) => name === "tenders")?.losing).toEqual([expect.stringMatching(/^Cora /)]);
  });

  it("is unknown where the directory cannot be read", async () => {
    const all = readStackState(await stack.export()).resources;
    const urn = all.find((one) => one.urn.endsWith("::access-group-employees"))?.urn ?? "";
    const change = { op: "update", type: "group", urn, name: "access-group-employees" } as const;
    const changes = [{ ...change, properties: [{ path: "name", to: '"employees"' }] }];
    jest.spyOn(stack, "preview").mockResolvedValueOnce({ changes, warnings: [], output: "" });
    const on = { service: "graph" as const, path: "/v1.0/users" };
    lab.twin.faults.add({ on, effect: { kind: "error", status: 500 } });
    const { drift } = await checkStack(stack, "counts");
    lab.twin.faults.clear();
    expect(drift).toMatchObject({ result: "drift", people: { unknown: expect.any(String) } });
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
    expect(out.replace(/ +/g, " ").replace(/Made at \S+/, "Made at")).toBe(
      [
        "payroll (payroll.contoso.example): 2 people, of whom 2 only under a condition",
        "",
        "person account access because",
        'Hal Jung <hal@contoso.onmicrosoft.com> member conditional policy "payroll", Access group "finance": Entra group "Finance"',
        " if from 198.51.100.0/24",
        'Mia Nash <mia@contoso.onmicrosoft.com> member conditional policy "payroll", Access group "finance": Entra group "Finance"',
        " if from 198.51.100.0/24",
        "",
        "Made at from the rules that the accounts enforce; stacks contoso.",
        "",
      ].join("\n"),
    );
  });

  it("who --since lists everybody without the permission for the audit log, and names it", async () => {
    expect(await main(["access", "who", "payroll", "--since"])).toBe(0);
    expect(out).toMatch(/^Hal Jung .*: Entra group "Finance"$/m);
    expect(out).toMatch(/Not checked: the sign-in must have AuditLog\.Read\.All on Microsoft Graph, to read/);
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
    [["review", "--since"], "--since must be combined with who"],
    [["review", "payroll"], "review takes no names; found 1"],
    [["review", "--json", "--csv"], "only one of --json, --csv and --markdown must be used"],
    [["list"], "the action must be one of who, why, review; found list"],
  ])("refuses %j", async (args, message) => {
    expect(await main(["access", ...args])).toBe(1);
    expect(err).toContain(message);
  });
});
