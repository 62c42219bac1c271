import { Live } from "../../../ops/drift/live";
import { reportOf, resultOf, type StackDrift } from "../../../ops/drift/report";
import { describeDrift, markdownOf } from "../../../ops/drift/text";
import { linesOf, rowOf } from "../../../ops/drift/words";

// Colors depend on the environment of the tests.
jest.mock("picocolors", () => ({
  createColors: () => jest.requireActual("picocolors").createColors(false),
}));

const blank = { differences: [], unowned: [], gaps: [] };
const rotation = { number: 1, keyId: "k", dueAt: "2027-01-01T00:00:00Z", expiresAt: "2027-02-01T00:00:00Z" };
const drifted: StackDrift = {
  ...blank,
  stack: "payments",
  result: "drift",
  differences: [
    {
      resource: "entra-application",
      type: "azuread Application",
      kind: "changed",
      property: "displayName",
      declared: '"Access"',
      found: '"\u001b[2JCall @everybody <img src=x> [here](https://x.example) `x`"',
      changedBy: [
        { at: "2026-11-03T00:00:00Z", by: "ana@contoso.example", activity: "Update application" },
        { at: "2026-11-02T00:00:00Z", by: "ben@contoso.example", activity: "Update application" },
      ],
    },
  ],
  rotation: { ...rotation, due: true },
};
const broken: StackDrift = {
  ...blank,
  stack: "billing",
  result: "could not tell",
  cause: "AADSTS1: no",
  advice: "Try.",
};
const fine: StackDrift = {
  ...blank,
  stack: "wiki",
  result: "as declared",
  rotation: { ...rotation, due: false },
};
const report = reportOf([drifted, fine, broken], [], { checkedAt: "2026-11-04T00:00:00Z" });

test("a table with a row for each stack, then what there is to say of those that need it", () => {
  expect(describeDrift(report)).toEqual([
    "stack     result          drift  rotation         secret ends",
    "billing   could not tell  ?",
    "payments  drift           1      due              2027-02-01",
    "wiki      as declared     0      next 2027-01-01  2027-02-01",
    "",
    "billing",
    "  AADSTS1: no",
    "  do: Try.",
    "",
    "payments",
    expect.stringMatching(
      /^ {2}entra-application displayName: declared "Access", found .*; since 2026-11-02T00:00:00Z, last by ana@contoso.example: Update application$/,
    ),
    "",
    "drift: 1 of 3 stacks as declared, 1 drifted, 1 could not be told",
  ]);
});

test("the columns have the first to be due and the first to end of all tenants; a line says whose it is", () => {
  const of = (dueAt: string, expiresAt: string, due = false): StackDrift => ({
    ...fine,
    unowned: [{ kind: "client secret", id: "i", name: "x", identityProvider: "fabrikam" }],
    identityProviders: { fabrikam: { rotation: { ...rotation, dueAt, expiresAt, due } }, tailspin: {} },
  });
  const [sooner, later] = ["2026-12-01T00:00:00Z", "2027-03-01T00:00:00Z"];
  expect(rowOf(of(sooner, later)).slice(3)).toEqual(["next 2026-12-01", "2027-02-01"]);
  expect(rowOf(of(later, sooner)).slice(3)).toEqual(["next 2027-01-01", "2026-12-01"]);
  expect(rowOf(of(later, later, true)).slice(3)).toEqual(["due", "2027-02-01"]);
  expect(linesOf(of(later, later))).toEqual(['fabrikam: client secret "x" (i): in no state']);
});

test("no name steers a terminal, or becomes a mention, a link or HTML in Markdown", () => {
  expect(describeDrift(report).join("\n")).not.toContain("\u001b");
  const markdown = markdownOf(report);
  expect(markdown).toContain("| payments | drift | 1 | due | 2027-02-01 |");
  expect(markdown).not.toMatch(/@|<img|\[here\]|[^\\]`/);
  expect(markdown).not.toContain("https:");
});

test("what was found counts for more than what was not; a missing right alone is no failure", () => {
  const right = { what: "x", cause: "403", right: "AuditLog.Read.All" };
  expect(resultOf({ ...blank, gaps: [right] })).toBe("as declared");
  expect(resultOf({ ...blank, gaps: [right, { what: "y", cause: "500" }] })).toBe("could not tell");
  expect(resultOf({ ...drifted, cause: "x" })).toBe("drift");
  const of = (...stacks: StackDrift[]) => reportOf(stacks, [], { checkedAt: "" }).result;
  expect([of(fine), of(fine, broken), of(broken, drifted), of()]).toEqual([
    "as declared",
    "could not tell",
    "drift",
    "as declared",
  ]);
});

test("a terminal sees which stacks are looked at on one line that fits; a file only those that are done", () => {
  const said = (isTTY: boolean) => {
    let text = "";
    const write = (some: string) => {
      text += some;
      return true;
    };
    const live = new Live({ isTTY, columns: 30, write });
    live.tell("payments");
    live.tell("a-stack-with-a-long-name");
    live.tell("payments", drifted);
    live.end();
    return text;
  };
  expect(said(false)).toMatch(/^✗ payments: drift \(\d+\.\d s\)\n$/);
  const lines = said(true).split("\r\u001b[2K");
  expect(lines).toContainEqual(expect.stringMatching(/^✗ payments: drift \(\d+\.\d s\)\n$/));
  expect(lines).toContainEqual(expect.stringContaining("1 done; looking at a-stack"));
  for (const line of lines) expect(line.trimEnd().length).toBeLessThan(30);
});
