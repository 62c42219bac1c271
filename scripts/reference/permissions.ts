import {
  FEATURES,
  type FeatureName,
  JOB_NAMES,
  JOBS,
  type Job,
  listNeededPermissions,
} from "../../config/deployer/jobs";
import { PERMISSION_SOURCES } from "./permission-sources";

const featureNames = Object.keys(FEATURES) as FeatureName[];
const join = (parts: readonly string[] = []) => parts.join(", ") || "-";

const INTRODUCTION = `# Permissions

The least permissions with which each job works, for the identity that does it. This page is generated from \`config/deployer/jobs.ts\`.
\`npx entra-access doctor --job <job>\` compares an identity with it, and says what is missing and what is too much.

It is proven on the [twin](twin.md), which decides as Microsoft's table of permissions and Cloudflare's documentation say:
\`tests/stack/permissions.test.ts\` runs every job with exactly these permissions and records its requests, and
\`tests/ops/permissions/jobs.test.ts\` takes away one permission after the other: each time a request is refused.

A person signs in with \`az login\`. The roles are proven in the same way: the twin decides by the permissions that Microsoft gives the
Azure CLI and by the actions of [Microsoft's roles](https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference),
and \`tests/stack/people.test.ts\` runs the jobs as a person. "any member" is a member of the tenant, who may read without a role; whether a
guest may depends on a setting of the tenant. Application Administrator does as well as Cloud Application Administrator, User
Administrator as Groups Administrator, and Global Administrator as all.
`;

const NOTES = `Application.ReadWrite.OwnedBy is enough only for applications and service principals that the identity owns. The principal that creates them is an owner,
and \`application.owners\` names others, such as the identity that rotates. DelegatedPermissionGrant.ReadWrite.All and
AppRoleAssignment.ReadWrite.All can consent to anything in the tenant. \`rotate --due\` needs neither, so a pipeline that only rotates cannot.
`;

/** Renders docs/permissions.md. */
export function renderPermissions(): string {
  return [
    INTRODUCTION,
    "## Jobs",
    "",
    "| Job | Commands | Microsoft Graph, application permissions | Cloudflare token, on the account | A person instead has |",
    "|---|---|---|---|---|",
    ...JOB_NAMES.map((name) => {
      const { commands, always, roles }: Job = JOBS[name];
      const cells = [
        name,
        formatCommands(commands),
        join(always.graph),
        join(always.cloudflare),
        roles.length > 0 ? join(roles) : "any member",
      ];
      return `| ${cells.join(" | ")} |`;
    }),
    "",
    'For Cloudflare a person uses a token of the same permissions; the dashboard calls Write "Edit".',
    "",
    NOTES,
    ...renderFeatures(),
    "## Optional permissions",
    "",
    "Without them the job says what it could not check, and goes on.",
    "",
    "| Job | Permission | For |",
    "|---|---|---|",
    ...JOB_NAMES.flatMap((name) =>
      (JOBS[name] as Job).optional.map(
        ({ permission, purpose }) => `| ${name} | ${permission} | ${purpose} |`,
      ),
    ),
    "",
    "An identity without Directory.Read.All needs AuditLog.Read.All to report who changed something in Entra, a person Reports Reader. Account",
    "API Tokens Read lets `doctor` read what a token may do, Access: Service Tokens Read a preview check the service tokens in access rules.",
    "",
    "## Where the sources differ",
    "",
    "Microsoft's table is `permissions/new/permissions.json` of",
    "[microsoft-graph-devx-content](https://github.com/microsoftgraph/microsoft-graph-devx-content); azuread's documentation is that of",
    "[the Terraform provider](https://github.com/hashicorp/terraform-provider-azuread/tree/main/docs/resources) under the Pulumi package.",
    "",
    "| For | Microsoft's table | azuread's documentation | Which to believe |",
    "|---|---|---|---|",
    ...PERMISSION_SOURCES.map(
      ({ resource, microsoft, azuread, reason }) => `| ${resource} | ${microsoft} | ${azuread} | ${reason} |`,
    ),
    "",
  ].join("\n");
}

/** Renders one section for all jobs with the same additional permissions. */
function renderFeatures(): string[] {
  const jobsByRows = new Map<string, string[]>();
  for (const name of JOB_NAMES) {
    const rows = renderFeatureRows(JOBS[name]).join("\n");
    if (rows !== "") jobsByRows.set(rows, [...(jobsByRows.get(rows) ?? []), name]);
  }
  return [...jobsByRows].flatMap(([rows, jobs]) => [
    `## In addition, for ${jobs.join(", ")}`,
    "",
    "| With the setting | Feature | Microsoft Graph | Cloudflare token | A person also has |",
    "|---|---|---|---|---|",
    rows,
    "",
  ]);
}

const renderFeatureRows = ({ features, featureRoles }: Job): string[] =>
  featureNames.flatMap((feature) => {
    const { graph, cloudflare } = features[feature] ?? {};
    const roles = featureRoles[feature];
    if (!graph && !cloudflare && !roles) return [];
    const { notForPeople } = FEATURES[feature];
    const forPeople = notForPeople ? `not possible: ${notForPeople}` : join(roles);
    const cells = [formatSettings(feature), feature, join(graph), join(cloudflare), forPeople];
    return [`| ${cells.join(" | ")} |`];
  });

const formatSettings = (feature: FeatureName) => FEATURES[feature].settings;

const formatCommands = (commands: readonly string[]) =>
  commands.map((command) => (command.startsWith("`") ? command : `\`${command}\``)).join(", ");

const PURPOSES: Readonly<Record<string, string>> = {
  "Application.ReadWrite.OwnedBy": "app registration, service principal, client secret",
  "DelegatedPermissionGrant.ReadWrite.All": "admin consent",
};

/** Renders the rows of README.md for the identity that deploys. */
export function renderDeployTable(): string {
  const { graph, cloudflare } = listNeededPermissions("deploy");
  const rows = [
    ...graph.map((permission) => ["Microsoft Graph", permission, PURPOSES[permission] ?? ""]),
    ...cloudflare.map((permission) => ["Cloudflare token", permission, "identity provider"]),
  ];
  return [
    "   | Where | Permission | For |",
    "   |---|---|---|",
    ...rows.map((cells) => `   | ${cells.join(" | ")} |`),
    "",
  ].join("\n");
}

const TABLE = /(<!-- permissions -->\n\n)(?: *\|.*\n)*/;

/** Replaces the table after the marker in README.md. */
export const updateDeployTable = (page: string) =>
  page.replace(TABLE, (_table, marker: string) => `${marker}${renderDeployTable()}`);
