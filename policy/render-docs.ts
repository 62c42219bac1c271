import type { Rule } from "./rule";
import { RULES } from "./rules";
import { ESCALATION_PERMISSIONS } from "./rules/escalation";

const INTRODUCTION = `# The policy pack

\`policy/\` is a [Pulumi policy pack](https://www.pulumi.com/docs/iac/crossguard/): what must never be deployed where Entra ID is the
sign-in of Cloudflare Access. It judges any Pulumi program that uses the official providers, not only this one. Each rule looks at one
resource before it is created or changed, so a violation stops the deployment before anything is created.

\`\`\`sh
pulumi preview --policy-pack policy
pulumi up --policy-pack policy --policy-pack-config policy-config.json
\`\`\`

\`policy-config.json\` changes rules by name: the level ("mandatory", "advisory" or "disabled"), the settings in the table, and exceptions.
\`npx entra-access up\`, \`preview\` and \`local\` use the pack in the project's folder \`policy/\` with the configuration in
\`policy-config.json\` beside \`Pulumi.yaml\`, where they are. There must be no \`policy.json\`: Node.js would load it in place of the folder.

An exception names the resource, the person who answers for it, and its last day. After that day the rule holds again.

\`\`\`json
{
  "exact-redirect-uris": { "teams": ["contoso"] },
  "session-length": { "enforcementLevel": "advisory", "hours": 8 },
  "no-open-door": { "exceptions": [{ "resource": "access-policy-status", "person": "ann@contoso.example", "until": "2027-03-31" }] }
}
\`\`\`
`;

/** Renders docs/policy.md from the rules. */
export function renderDocs(): string {
  const permissions = ESCALATION_PERMISSIONS.map(({ name, does }) => `| ${name} | ${does} |`);
  return [
    INTRODUCTION,
    `- [Rules](#rules): ${RULES.map(({ name }) => `[${name}](#${name})`).join(", ")}`,
    "- [Permissions of the rule no-escalation](#permissions-of-the-rule-no-escalation)",
    "",
    "## Rules",
    "",
    ...RULES.flatMap(renderRule),
    "## Permissions of the rule no-escalation",
    "",
    "Delegated and application permissions alike. Source: [Microsoft Graph permissions reference](https://learn.microsoft.com/graph/permissions-reference).",
    "",
    "| Permission | Its holder |",
    "|---|---|",
    ...permissions,
    "",
  ].join("\n");
}

function renderRule(rule: Rule): string[] {
  const { name, description, reason, severity, level = "mandatory", types, settings = {} } = rule;
  const resources = types.map((type) => `\`${type.split(":").at(-1)}\``).join(", ");
  const rows = Object.entries<{ default?: unknown }>(settings).map(
    ([setting, schema]) => `Setting \`${setting}\`, default \`${JSON.stringify(schema.default)}\`.`,
  );
  return [
    `### ${name}`,
    "",
    `${description} ${reason}`,
    "",
    `Severity ${severity}, ${level}. Judges ${resources}.${rows.length > 0 ? ` ${rows.join(" ")}` : ""}`,
    "",
  ];
}
