import type { StackPreview } from "../../../ops/preview/preview";
import { describePreviews, renderPreviewMarkdown } from "../../../ops/preview/text";

// Colors depend on the terminal.
jest.mock("picocolors", () => ({
  createColors: () => jest.requireActual("picocolors").createColors(false),
}));

const change = { type: "azuread:index/application:Application", urn: "urn", name: "entra-application" };
const properties = [{ path: "displayName", from: '"Access"', to: '"@octocat </details> #1"' }];
const previews: StackPreview[] = [
  { stack: "bill<i>ng", cause: "AADSTS1: no", advice: "Try." },
  {
    stack: "payments",
    changes: [
      { ...change, op: "update", properties },
      { ...change, op: "create", name: "other", properties },
      ...(["create-replacement", "replace", "delete-replaced"] as const).map((op) => ({
        ...change,
        op,
        urn: "secret",
        name: "credential",
        properties: [],
      })),
    ],
    warnings: ["rotation is due"],
  },
  { stack: "wiki", changes: [], warnings: [] },
];

test("formats the changes of each stack for a terminal, or why they are unknown", () => {
  expect(describePreviews(previews)).toEqual([
    "bill<i>ng",
    "  AADSTS1: no",
    "  advice: Try.",
    "",
    "payments",
    "  ~ update  azuread Application entra-application",
    '        displayName: "Access" -> "@octocat </details> #1"',
    "  + create  azuread Application other",
    "  ± replace azuread Application credential",
    "  warning: rotation is due",
    "",
    "wiki",
    "  no changes",
    "",
    "1 of 3 stacks would change, 1 could not be previewed",
  ]);
});

test("formats a table with a row per stack for a pull request, followed by the details", () => {
  const lines = renderPreviewMarkdown(previews).split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "### Preview: 1 of 3 stacks would change, 1 could not be previewed",
    "",
    "| stack | result | create | update | replace | delete |",
    "| --- | --- | --- | --- | --- | --- |",
    "| bill&lt;i\\>ng | unknown | ? | ? | ? | ? |",
    "| payments | 3 changes | 1 | 1 | 1 |  |",
    "| wiki | no changes |  |  |  |  |",
  ]);
  expect(lines.slice(7)).toEqual([
    "",
    "<details>",
    "<summary><code>bill&lt;i&gt;ng</code>: unknown</summary>",
    "",
    "- AADSTS1&#58; no",
    "- advice&#58; Try.",
    "",
    "</details>",
    "",
    "<details>",
    "<summary><code>payments</code>: 3 changes</summary>",
    "",
    "- **update** azuread Application entra-application",
    expect.stringMatching(
      /^ {2}- displayName&#58; "Access" -\\> "&#64;<!-- -->octocat &lt;\/details\\> \\#<!-- -->1"$/,
    ),
    "- **create** azuread Application other",
    "- **replace** azuread Application credential",
    "- warning&#58; rotation is due",
    "",
    "</details>",
    "",
  ]);
});
