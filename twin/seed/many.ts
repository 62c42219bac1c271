import { createHash } from "node:crypto";
import { organization } from "./seed";

/**
 * Organizations with a tenant and an account each, for a fleet of stacks: `team-1`, `team-2` ... Always the same ones,
 * with nobody in them.
 */
export function manyOrganizations(count: number): ReturnType<typeof organization>[] {
  return Array.from({ length: count }, (_, i) => {
    const teamName = `team-${i + 1}`;
    const appIds = {
      deployer: guid(`${teamName} deployer`),
      administrator: guid(`${teamName} administrator`),
      auditor: guid(`${teamName} auditor`),
    };
    return organization({
      name: `Team ${i + 1}`,
      tenantId: guid(`${teamName} tenant`),
      accountId: hash(`${teamName} account`).slice(0, 32),
      teamName,
      appIds,
      users: [],
      groups: [],
    });
  });
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** A GUID of version 4, always the same for the same text. */
function guid(text: string): string {
  return hash(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}
