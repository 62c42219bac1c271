import type { Directory } from "../../../ops/access-review/decision/model";
import { formatCell, renderCsv } from "../../../ops/access-review/report/csv";
import { renderMarkdown } from "../../../ops/access-review/report/markdown";
import { renderAccessPage } from "../../../ops/access-review/report/page";
import { createReport, describePerson } from "../../../ops/access-review/report/report";
import { describeReview, describeWho } from "../../../ops/access-review/report/text";
import { describeWhy, explainApplication } from "../../../ops/access-review/report/why";
import {
  createApplication,
  createPerson,
  createReview,
  directory,
  entraGroup,
  policy,
} from "./review-fixture";

const options = { stacks: ["payments"], rules: "enforced", madeAt: "2026-11-28T10:00:00.000Z" } as const;
const germany = { geo: { country_code: "DE" } };
const wiki = createApplication([policy("staff", { include: [entraGroup("outer")], require: [germany] })], {
  address: "wiki.contoso.example",
});
const portal = createApplication(
  [
    policy("open", { decision: "bypass", include: [{ everyone: {} }] }),
    policy("all", { include: [{ everyone: {} }] }),
  ],
  { id: "portal", name: "portal" },
);
const report = createReport([createReview([wiki, portal])], { ...options, withChains: true });

/** The report of a person and an application whose names are what nobody should be called. */
function createHostileReport(name: string) {
  const people: Directory = { ...directory, people: [createPerson("ada", { name })] };
  const hostile = createApplication([policy(name, { include: [{ everyone: {} }] })], { name });
  return createReport([createReview([hostile], { people })], options);
}

it("lists people by application with the policy, the chain of groups and the conditions", () => {
  expect(
    describeWho(report)
      .map((line) => line.replace(/ +/g, " "))
      .slice(-7),
  ).toEqual(
    [
      "wiki (wiki.contoso.example): 2 people, of whom 2 only under a condition",
      "",
      "person account access because",
      'ada <ada@contoso.example> member conditional policy "staff", Entra group "Group outer"',
      " if from country DE",
      'ben <ben@contoso.example> member conditional policy "staff", Entra group "Group outer" > "Group inner"',
      " if from country DE",
      "",
      "Made at 2026-11-28T10:00:00.000Z from the rules that the accounts enforce; stacks payments.",
    ].slice(-7),
  );
});

it("says since when the group has somebody, with who added them, and what could not be read", () => {
  const since = {
    ada: { before: "2026-10-29T08:00:00Z" },
    ben: { at: "2026-11-02T09:00:00Z", by: "anna@contoso.example" },
  };
  const memberships = new Map([["tenant", (_chain: unknown, id: string) => since[id as keyof typeof since]]]);
  const unchecked = ["the sign-in must have AuditLog.Read.All"];
  const dated = createReport([createReview([wiki])], {
    ...options,
    withChains: true,
    memberships,
    unchecked,
  });
  expect(dated.applications[0]?.access[0]).toMatchObject({ since, chains: { ben: ["Group inner"] } });
  const text = describeWho(dated).join("\n");
  expect(text).toContain('Entra group "Group outer", since before 2026-10-29\n');
  expect(text).toContain('"Group outer" > "Group inner", since 2026-11-02 by anna@contoso.example\n');
  expect(text).toMatch(/ Not checked: the sign-in must have AuditLog\.Read\.All\.$/);
  expect([...renderCsv(dated)].join("")).toContain('"2026-11-02T09:00:00Z","anna@contoso.example"\r\n');
});

it("puts grants and then applications by which most people get in first, and marks everyone and bypass", () => {
  const lines = describeReview(report).map((line) => line.replace(/ +/g, " "));
  expect(lines.slice(0, 8)).toEqual([
    "Largest grants",
    "grant people applications",
    'policy "all", everyone 3 portal',
    'policy "staff", Entra group "Group outer" 2 wiki',
    "",
    "Applications",
    "application people conditional guests disabled",
    "portal 3 1 ! open to anybody, ! everyone",
  ]);
  expect(lines[8]).toBe("wiki (wiki.contoso.example) 2 2");
  const markdown = renderMarkdown(report);
  expect(markdown.indexOf("**Largest grants**")).toBeLessThan(markdown.indexOf("**Applications**"));
});

it("groups people who get in alike, and names each person once", () => {
  expect(report.people.map(({ name, account, disabled }) => [name, account, disabled])).toEqual([
    ["ada", "member", false],
    ["ben", "member", false],
    ["cora", "guest", false],
  ]);
  expect(report.applications[1]).toMatchObject({
    counts: { people: 2, conditional: 2, guests: 0, disabled: 0 },
    access: [{ result: "conditional", condition: "from country DE", people: ["ada", "ben"] }],
  });
});

it("explains a denial policy by policy", () => {
  const review = createReview([wiki]);
  const [, , cora] = review.population.people;
  if (!cora) throw new Error("no person");
  const applications = [explainApplication(review, wiki, 2)];
  const why = {
    ...options,
    schema: "entra-access/access-why/1",
    person: describePerson(cora),
    applications,
  } as const;
  expect(describeWhy(why)).toEqual([
    "cora <cora@contoso.example> and wiki (wiki.contoso.example): denied",
    "",
    'with identity provider "Entra ID":',
    '  1. policy "staff" (allow) does not match: not included: Entra group "Group outer"',
    "  Otherwise no policy matches, and access is denied.",
    "",
    "Made at 2026-11-28T10:00:00.000Z from the rules that the accounts enforce; stacks payments.",
  ]);
});

describe("names that hold code", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc", "%x"])(
    "are no formula in CSV: %j",
    (name) => {
      expect(formatCell(name)).toMatch(/^"'/);
      expect([...renderCsv(createHostileReport(name))].join("")).not.toMatch(/"\s*[=+\-@|%＝]/);
    },
  );

  it("end no cell of CSV", () => {
    expect(formatCell('a","b\r\nc')).toBe(`"'a"",""b??c"`);
  });

  it("are no markup in Markdown, HTML and the terminal", () => {
    const name = "<script>alert(1)</script> \u001b[31m [x](http://evil.example) @everyone \u202e";
    const hostile = createHostileReport(name);
    const forbidden = {
      // Within a code element of an HTML block, GitHub looks for neither links nor mentions.
      [renderMarkdown(hostile).replace(/<code>.*?<\/code>/, "")]: [
        "<script",
        "](http",
        "@everyone",
        "\u001b",
        "\u202e",
      ],
      [renderAccessPage(hostile)]: ["<script>alert", "\u001b", "\u202e"],
      [describeWho(hostile).join("\n")]: ["\u001b[31m", "\u202e"],
    };
    for (const [text, parts] of Object.entries(forbidden))
      expect(parts.filter((part) => text.includes(part))).toEqual([]);
  });
});

it("loads nothing from elsewhere in the HTML page, and runs only its own script", () => {
  const page = renderAccessPage(report);
  expect(page.replaceAll("&#39;", "'")).toMatch(
    /content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[^']+'"/,
  );
  expect(page).not.toMatch(/(src|href)=/);
});
