import { createHash } from "node:crypto";
import { deriveId } from "../store/ids";
import type { AccountSeed, GroupSeed, PrincipalSeed, TenantSeed, TokenSeed, UserSeed } from "./seed";

const ACCESS = "Access: Organizations, Identity Providers, and Groups";
const APPLICATIONS = "Access: Apps and Policies";

/** Creates the seed of a tenant and an account of one name, with their principals. Every secret is invented. */
export function createOrganization(o: {
  name: string;
  tenantId: string;
  accountId: string;
  teamName: string;
  appIds: { deployer: string; administrator: string; auditor: string };
  users: UserSeed[];
  groups: GroupSeed[];
}) {
  const deployer: PrincipalSeed = {
    appId: o.appIds.deployer,
    displayName: "deployer",
    secret: `deployer-at-${o.teamName}-not-a-real-secret`,
    permissions: ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"],
  };
  const administrator: PrincipalSeed = {
    appId: o.appIds.administrator,
    displayName: "administrator",
    secret: `administrator-at-${o.teamName}-not-a-real-secret`,
    permissions: [
      "Application.ReadWrite.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "Directory.ReadWrite.All",
    ],
  };
  const auditor: PrincipalSeed = {
    appId: o.appIds.auditor,
    displayName: "auditor",
    secret: `auditor-at-${o.teamName}-not-a-real-secret`,
    permissions: ["Directory.Read.All", "Application.Read.All"],
  };
  const token = (name: string, ...permissions: string[]): TokenSeed => ({
    name,
    value: `${name}_at_${o.teamName}_not_a_real_token`.padEnd(40, "0"),
    permissions,
  });
  const tokens = {
    deployer: token("deployer", `${ACCESS} Write`),
    administrator: token(
      "administrator",
      ...[`${ACCESS} Write`, `${APPLICATIONS} Write`, "Account API Tokens Write"],
    ),
    auditor: token(
      "auditor",
      ...[`${ACCESS} Read`, `${APPLICATIONS} Read`, "Access: Audit Logs Read", "Account Settings Read"],
    ),
    services: token("services", "Access: Service Tokens Write"),
  };
  const domain = `${o.teamName}.onmicrosoft.com`;
  const tunnelId = deriveId(o.accountId, "tunnel", "datacenter");
  return {
    tenantId: o.tenantId,
    domain,
    accountId: o.accountId,
    teamName: o.teamName,
    /** The tunnel into the organization's private network. */
    tunnelId,
    /** Has the least permissions that the stack needs. */
    deployer,
    /** Changes objects by hand, outside the stack. */
    administrator,
    /** Has read permissions only. */
    auditor,
    /**
     * Cloudflare API tokens: `deployer` has the least permissions that the stack needs, `administrator` also writes
     * applications and policies, `auditor` reads, `services` writes service tokens.
     */
    tokens,
    tenant: {
      id: o.tenantId,
      displayName: o.name,
      domain,
      principals: [deployer, administrator, auditor],
      users: o.users,
      groups: o.groups,
    } satisfies TenantSeed,
    account: {
      id: o.accountId,
      name: o.name,
      teamName: o.teamName,
      tokens: Object.values(tokens),
      tunnels: [{ id: tunnelId, name: "datacenter" }],
    } satisfies AccountSeed,
  };
}

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
