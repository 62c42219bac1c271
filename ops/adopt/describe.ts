import type { TenantResourceKind } from "../recovery/tenant-state";
import { pc } from "../terminal/progress";
import type { AccessKind } from "./access/select";
import type { AdoptReport } from "./plan";

const KIND_NAMES: Record<TenantResourceKind | AccessKind, string> = {
  application: "app registration",
  servicePrincipal: "service principal",
  consent: "admin consent",
  identityProvider: "identity provider",
  accessGroup: "Access group",
  accessPolicy: "Access policy",
  accessApplication: "Access application",
};

/** The report for people. */
export function describeAdoption(report: AdoptReport): string[] {
  const { stack, tenantId, teamName, accountId, candidates, others, takesOver, settings } = report;
  const { result, changes, refused, notTakenOver } = report;
  const rows = takesOver.map(({ kind, name, id }) => [KIND_NAMES[kind], name, id] as const);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return [
    pc.bold(`Stack ${stack}: tenant ${tenantId}, team ${teamName}, account ${accountId}`),
    ...part(
      result === "choose" ? "Candidates; choose one with --identity-provider <id>" : "",
      candidates.map(
        (one) => `${one.identityProviderId}  ${one.name}: application ${one.application} (${one.clientId})`,
      ),
    ),
    ...part(
      "Is taken over",
      rows.map(([kind, name, id]) => `${kind.padEnd(widths[0] ?? 0)}  ${name.padEnd(widths[1] ?? 0)}  ${id}`),
    ),
    ...part(
      `Will be in Pulumi.${stack}.yaml`,
      Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ),
    ...part("Changes", result === "can be adopted" ? [...changes, ROTATION] : []),
    ...part("Stays as it is, and is not taken over", notTakenOver),
    ...part("Looks alike", others),
    ...part(
      "Cannot be taken over as it is",
      refused.flatMap(({ what, found, wanted, advice }) => [
        `${pc.red("✗")} ${what}: ${found}`,
        `    wanted  ${wanted}`,
        `    do      ${advice}`,
      ]),
    ),
    "",
    pc.bold(result === "nothing found" ? NOTHING : result),
  ];
}

const ROTATION = "a client secret is made beside those there; Cloudflare gets it once Entra accepts it";
const NOTHING = "nothing found: no identity provider of type azureAD whose application is in this tenant";

function part(title: string, lines: readonly string[]): string[] {
  return title && lines.length > 0 ? ["", title, ...lines.map((line) => `  ${line}`)] : [];
}
