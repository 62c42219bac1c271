import { createHash } from "node:crypto";
import { createOrganization } from "./seed";

/**
 * Creates organizations with a tenant and an account each, for a fleet of stacks: `team-1`, `team-2` ... They are always
 * the same and have no users.
 */
export function createOrganizations(count: number): ReturnType<typeof createOrganization>[] {
  return Array.from({ length: count }, (_, i) => {
    const teamName = `team-${i + 1}`;
    const appIds = {
      deployer: deriveGuid(`${teamName} deployer`),
      administrator: deriveGuid(`${teamName} administrator`),
      auditor: deriveGuid(`${teamName} auditor`),
    };
    return createOrganization({
      name: `Team ${i + 1}`,
      tenantId: deriveGuid(`${teamName} tenant`),
      accountId: hash(`${teamName} account`).slice(0, 32),
      teamName,
      appIds,
      users: [],
      groups: [],
    });
  });
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** Derives a GUID of version 4 from a text. */
function deriveGuid(text: string): string {
  return hash(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}
