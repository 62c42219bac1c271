import { formatDriftLines, formatDriftRow } from "../../../ops/drift/format";
import { LiveProgress } from "../../../ops/drift/live-progress";
import { createDriftReport, determineDriftResult, type StackDrift } from "../../../ops/drift/report";
import { describeDriftReport, renderDriftMarkdown } from "../../../ops/drift/text";

// Colors depend on the terminal.
jest.mock("picocolors", () => ({
  createColors: () => jest.requireActual("picocolors").createColors(false),
}));

const blank = { differences: [], unmanaged: [], unchecked: [] };
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
      expected: '"Access"',
      actual: '"\u001b[2JCall @everybody <img src=x> [here](https://x.example) `x`"',
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
  result: "unknown",
  cause: "AADSTS1: no",
  advice: "Try.",
};
const fine: StackDrift = {
  ...blank,
  stack: "wiki",
  result: "in sync",
  rotation: { ...rotation, due: false },
};
const report = createDriftReport([drifted, fine, broken], [], { checkedAt: "2026-11-04T00:00:00Z" });

test("prints a table with a row per stack, followed by the details", () => {
  expect(describeDriftReport(report)).toEqual([
    "stack     result   drift  rotation         secret ends",
    "billing   unknown  ?",
    "payments  drift    1      due              2027-02-01",
    "wiki      in sync  0      next 2027-01-01  2027-02-01",
    "",
    "billing",
    "  AADSTS1: no",
    "  advice: Try.",
    "",
    "payments",
    expect.stringMatching(
      /^ {2}entra-application displayName: expected "Access", actual .*; since 2026-11-02T00:00:00Z, last by ana@contoso.example: Update application$/,
    ),
    "",
    "drift: 1 of 3 stacks in sync, 1 drifted, 1 could not be checked",
  ]);
});

test("the columns have the earliest dates of all tenants; a line names the further tenant", () => {
  const of = (dueAt: string, expiresAt: string, due = false): StackDrift => ({
    ...fine,
    unmanaged: [{ kind: "client secret", id: "i", name: "x", identityProvider: "fabrikam" }],
    identityProviders: { fabrikam: { rotation: { ...rotation, dueAt, expiresAt, due } }, tailspin: {} },
  });
  const [sooner, later] = ["2026-12-01T00:00:00Z", "2027-03-01T00:00:00Z"];
  expect(formatDriftRow(of(sooner, later)).slice(3)).toEqual(["next 2026-12-01", "2027-02-01"]);
  expect(formatDriftRow(of(later, sooner)).slice(3)).toEqual(["next 2027-01-01", "2026-12-01"]);
  expect(formatDriftRow(of(later, later, true)).slice(3)).toEqual(["due", "2027-02-01"]);
  expect(formatDriftLines(of(later, later))).toEqual(['fabrikam: client secret "x" (i): unmanaged']);
});

test("a name cannot control a terminal or become a mention, a link or HTML in Markdown", () => {
  expect(describeDriftReport(report).join("\n")).not.toContain("\u001b");
  const markdown = renderDriftMarkdown(report);
  expect(markdown).toContain("| payments | drift | 1 | due | 2027-02-01 |");
  expect(markdown).not.toMatch(/@|<img|\[here\]|[^\\]`/);
  expect(markdown).not.toContain("https:");
});

test("drift outweighs unknown; a missing permission alone leaves the result in sync", () => {
  const permission = { subject: "x", cause: "403", permission: "AuditLog.Read.All" };
  expect(determineDriftResult({ ...blank, unchecked: [permission] })).toBe("in sync");
  expect(determineDriftResult({ ...blank, unchecked: [permission, { subject: "y", cause: "500" }] })).toBe(
    "unknown",
  );
  expect(determineDriftResult({ ...drifted, unchecked: [{ subject: "y", cause: "500" }] })).toBe("drift");
  const of = (...stacks: StackDrift[]) => createDriftReport(stacks, [], { checkedAt: "" }).result;
  expect([of(fine), of(fine, broken), of(broken, drifted), of()]).toEqual([
    "in sync",
    "unknown",
    "drift",
    "in sync",
  ]);
});

test("a terminal shows the running checks on one line that fits; a file has only the finished ones", () => {
  const render = (isTTY: boolean) => {
    let text = "";
    const write = (some: string) => {
      text += some;
      return true;
    };
    const live = new LiveProgress({ isTTY, columns: 30, write });
    live.update("payments");
    live.update("a-stack-with-a-long-name");
    live.update("payments", drifted);
    live.end();
    return text;
  };
  expect(render(false)).toMatch(/^✗ payments: drift \(\d+\.\d s\)\n$/);
  const lines = render(true).split("\r\u001b[2K");
  expect(lines).toContainEqual(expect.stringMatching(/^✗ payments: drift \(\d+\.\d s\)\n$/));
  expect(lines).toContainEqual(expect.stringContaining("1 done; checking a-stack"));
  for (const line of lines) expect(line.trimEnd().length).toBeLessThan(30);
});
