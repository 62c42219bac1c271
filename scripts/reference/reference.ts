import { renderAccessRules } from "./access-rules";
import { renderPermissions, updateDeployTable } from "./permissions";
import { buildStackFileSchema } from "./schema";
import { updateTables } from "./tables";

const PAGES = [
  "docs/config.md",
  "docs/access.md",
  "docs/access-people.md",
  "docs/private-destinations.md",
  "docs/conditional-access.md",
];

/** Builds the generated files by path. @param read reads a file of the repository */
export function buildReference(read: (path: string) => string): Map<string, string> {
  const [, project = ""] = /^name: (.*)$/m.exec(read("Pulumi.yaml")) ?? [];
  const schema = `${JSON.stringify(buildStackFileSchema(project), null, 2)}\n`;
  return new Map([
    ["config/stack-file.schema.json", schema],
    ["provider/access-rules.ts", renderAccessRules()],
    ["docs/permissions.md", renderPermissions()],
    ["README.md", updateDeployTable(read("README.md"))],
    ...PAGES.map((page) => [page, updateTables(read(page))] as const),
  ]);
}
