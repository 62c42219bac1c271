import type { TenantResourceKind } from "../recovery/tenant-state";
import { pc } from "../terminal/progress";
import type { AccessKind } from "./access/selector";
import type { AdoptReport } from "./plan";

const KIND_NAMES: Record<TenantResourceKind | AccessKind, string> = {
  application: "app registration",
  servicePrincipal: "service principal",
  consent: "admin consent",
  identityProvider: "identity provider",
  accessGroup: "Access group",
  accessPolicy: "Access policy",
  accessApplication: "Access application",
  assignment: "assignment of group",
  permission: "application permission",
  namedLocation: "named location",
  conditionalAccessPolicy: "Conditional Access policy",
};

export function describeAdoption(report: AdoptReport): string[] {
  const { stack, tenantId, teamName, accountId, candidates, similar, imports, settings } = report;
  const { result, changes, blockers, notImported } = report;
  const rows = imports.map(({ kind, name, id }) => [KIND_NAMES[kind], name, id] as const);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return [
    pc.bold(`Stack ${stack}: tenant ${tenantId}, team ${teamName}, account ${accountId}`),
    ...formatSection(
      result === "choice needed" ? "Candidates; choose one with --identity-provider <id>" : "",
      candidates.map(
        (one) => `${one.identityProviderId}  ${one.name}: application ${one.application} (${one.clientId})`,
      ),
    ),
    ...formatSection(
      "Will be imported",
      rows.map(([kind, name, id]) => `${kind.padEnd(widths[0] ?? 0)}  ${name.padEnd(widths[1] ?? 0)}  ${id}`),
    ),
    ...formatSection(
      `Will be set in Pulumi.${stack}.yaml`,
      Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ),
    ...formatSection("Will change", result === "can be adopted" ? [...changes, ROTATION] : []),
    ...formatSection("Is not imported and stays unchanged", notImported),
    ...formatSection("Similar, but no candidate", similar),
    ...formatSection(
      "Must be changed first",
      blockers.flatMap(({ subject, actual, expected, advice }) => [
        `${pc.red("✗")} ${subject}: ${actual}`,
        `    expected  ${expected}`,
        `    advice    ${advice}`,
      ]),
    ),
    "",
    pc.bold(result === "nothing found" ? NOTHING_FOUND : result),
  ];
}

const ROTATION = "a client secret is added; Cloudflare receives it once Entra accepts it";
const NOTHING_FOUND =
  "nothing found: no identity provider of type azureAD has its application in this tenant";

function formatSection(title: string, lines: readonly string[]): string[] {
  return title && lines.length > 0 ? ["", title, ...lines.map((line) => `  ${line}`)] : [];
}
