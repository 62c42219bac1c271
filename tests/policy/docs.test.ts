import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "ts-node";
import { renderDocs } from "../../policy/render-docs";
import { ESCALATION_PERMISSIONS } from "../../policy/rules/escalation";
import { GRAPH_PERMISSIONS } from "../../twin/graph/permissions";

test("docs/policy.md is what `node -r ./ops/register.cjs policy/docs.ts` prints", () => {
  expect(readFileSync(join(__dirname, "../../docs/policy.md"), "utf8")).toBe(renderDocs());
});

test.each(ESCALATION_PERMISSIONS)("Microsoft Graph has $name with these ids", ({ name, ids }) => {
  const { delegated, application } = GRAPH_PERMISSIONS;
  expect(ids).toEqual([delegated[name]?.[0], application[name]].filter((id) => id !== undefined));
  expect(ids).not.toEqual([]);
});

test("is loaded by Pulumi's own host, which checks types, so that no other compiler may be set", () => {
  const cwd = join(__dirname, "../../policy");
  expect(create({ cwd, typeCheck: true }).options.swc).toBe(false);
});
