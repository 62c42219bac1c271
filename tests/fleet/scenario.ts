import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatDriftLines } from "../../ops/drift/format";
import type { StackDrift } from "../../ops/drift/report";
import { ANA, type Fleet } from "./fleet-fixture";

/** A problem of a stack: how to cause it, and the report that it must lead to. */
interface Problem {
  readonly name: string;
  readonly result: StackDrift["result"];
  /** All lines of the report. */
  readonly lines: readonly RegExp[];
  cause(of: Stack): Promise<void>;
}

interface Stack {
  readonly fleet: Fleet;
  readonly name: string;
  readonly team: Fleet["teams"][number];
  /** Outputs of the stack. */
  readonly ids: Readonly<Record<string, string>>;
}

const NO_ROLE = "00000000-0000-0000-0000-000000000000";
const AT = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";
const BY_ADMINISTRATOR = `; since ${AT}, last by administrator \\([0-9a-f-]{36}\\): `;

const BY_ANA = `; since ${AT}, last by ${ANA}: `;

export const DRIFTED: readonly Problem[] = [
  {
    name: "redirect-uri",
    result: "drift",
    lines: [
      new RegExp(
        `^entra-application web\\.redirectUris\\[\\d\\]: expected .*, actual .*${BY_ADMINISTRATOR}Update application$`,
      ),
    ],
    async cause({ fleet, team, ids }) {
      const { graph } = await fleet.administrator(team);
      const redirectUris = [ids.redirectUri, "https://elsewhere.example/callback"];
      await graph.api(`/applications/${ids.applicationObjectId}`).patch({ web: { redirectUris } });
    },
  },
  {
    name: "credential",
    result: "drift",
    // This team's deployer may not read the audit log.
    lines: [
      /^client secret "by hand" \([0-9a-f-]{36}\): unmanaged$/,
      /^not checked: audit log of the directory: Authorization_RequestDenied: .*; requires the permission AuditLog\.Read\.All$/,
    ],
    async cause({ fleet, team, ids }) {
      const { graph } = await fleet.administrator(team);
      const passwordCredential = { displayName: "by hand" };
      await graph.api(`/applications/${ids.applicationObjectId}/addPassword`).post({ passwordCredential });
    },
  },
  {
    name: "groups",
    result: "drift",
    lines: [
      new RegExp(
        `^entra-identity-provider config\\.supportGroups: expected true, actual false${BY_ANA}update identity providers$`,
      ),
    ],
    async cause({ fleet, team, ids }) {
      const { cloudflare, accountId } = await fleet.administrator(team);
      const { identityProviders } = cloudflare.zeroTrust;
      const id = String(ids.identityProviderId);
      const { name, type, config, scim_config } = (await identityProviders.get(id, {
        account_id: accountId,
      })) as { name: string; type: string; config: object; scim_config?: object };
      const changed = { name, type, config: { ...config, support_groups: false }, scim_config };
      const body = { account_id: accountId, ...changed } as Parameters<typeof identityProviders.update>[1];
      await identityProviders.update(id, body);
    },
  },
  {
    name: "settings",
    result: "drift",
    lines: [/^entra-identity-provider name: expected "Renamed", actual "settings"; not deployed yet$/],
    async cause({ fleet, name }) {
      fleet.set(name, { "entra-access:identityProvider": { displayName: "Renamed" } });
    },
  },
  {
    name: "gone",
    result: "drift",
    lines: [new RegExp(`^entra-identity-provider: deleted${BY_ANA}delete identity providers$`)],
    async cause({ fleet, team, ids }) {
      const { cloudflare, accountId } = await fleet.administrator(team);
      const at = { account_id: accountId };
      await cloudflare.zeroTrust.identityProviders.delete(String(ids.identityProviderId), at);
    },
  },
  {
    name: "disabled",
    result: "drift",
    lines: [
      new RegExp(
        `^entra-service-principal accountEnabled: expected true, actual false${BY_ADMINISTRATOR}Update serv`,
      ),
    ],
    async cause({ fleet, team, ids }) {
      const { graph } = await fleet.administrator(team);
      await graph.api(`/servicePrincipals/${ids.servicePrincipalObjectId}`).patch({ accountEnabled: false });
    },
  },
  {
    name: "owner-and-permission",
    result: "drift",
    lines: [
      new RegExp(
        `^entra-application owners\\[?.*: expected .*, actual .*${BY_ADMINISTRATOR}Add owner to application$`,
      ),
      new RegExp(
        `^application permission ".* 0{8}-.*" \\(.*\\): unmanaged${BY_ADMINISTRATOR}Add app role assignment`,
      ),
    ],
    async cause({ fleet, team, ids }) {
      const { graph } = await fleet.administrator(team);
      const principals = "/servicePrincipals?$filter=appId eq";
      const { value: own } = await graph.api(`${principals} '${team.administrator.appId}'`).get();
      const reference = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${own[0].id}` };
      await graph.api(`/applications/${ids.applicationObjectId}/owners/$ref`).post(reference);
      const id = ids.servicePrincipalObjectId;
      const assignment = { principalId: id, resourceId: id, appRoleId: NO_ROLE };
      await graph.api(`/servicePrincipals/${id}/appRoleAssignedTo`).post(assignment);
    },
  },
];

export const BROKEN: readonly Problem[] = [
  {
    name: "problems-credentials",
    result: "unknown",
    lines: [/AADSTS7000215/, /^advice: /],
    async cause({ fleet, name }) {
      fleet.set(name, { "azuread:clientSecret": "not-the-secret" });
    },
  },
  {
    name: "locked",
    result: "unknown",
    lines: [
      /^the stack is locked by ana@elsewhere \(pid 4711\) since 2026-01-01T00:00:00Z$/,
      /^advice: Wait until that update has finished/,
    ],
    async cause({ fleet, name }) {
      const folder = join(fleet.stateFolder, ".pulumi/locks/organization/entra-access", name);
      mkdirSync(folder, { recursive: true });
      const lock = { pid: 4711, username: "ana", hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" };
      writeFileSync(join(folder, "1.json"), JSON.stringify(lock));
    },
  },
  {
    name: "throttled",
    result: "unknown",
    lines: [/TooManyRequests/, /^advice: Microsoft Graph is throttling/],
    async cause({ fleet, ids }) {
      const path = `/v1.0/applications/${ids.applicationObjectId}`;
      fleet.twin.faults.add({ on: { service: "graph", path }, effect: { kind: "error", status: 429 } });
    },
  },
];

/** No problem: a due rotation is no drift. Its account, the first one, has unmanaged objects. */
const DUE: Problem = {
  name: "rotation-due",
  result: "in sync",
  lines: [],
  async cause({ fleet, name }) {
    fleet.set(name, { "entra-access:credential": { rotation: 2 } });
  },
};

/**
 * Deploys this many stacks of all teams, and causes problems in some of them.
 *
 * @returns the expected reports, by stack
 */
export async function deployWithProblems(
  fleet: Fleet,
  stacks: number,
  drifted: number,
  broken: number,
): Promise<Map<string, Problem>> {
  const problems = [...DRIFTED.slice(0, drifted), ...BROKEN.slice(0, broken), DUE];
  const fine = Array.from({ length: stacks - problems.length }, (_, i): Problem => {
    return { name: `fine-${i + 1}`, result: "in sync", lines: [], cause: async () => {} };
  });
  const all = [...problems, ...fine];
  const getTeam = (i: number) =>
    fleet.teams[all[i] === DUE ? 0 : i % fleet.teams.length] as Fleet["teams"][number];
  for (const [i, { name }] of all.entries()) {
    await fleet.add(name, getTeam(i));
    await (await fleet.open(name)).up();
  }
  for (const [i, { name, cause }] of all.entries())
    await cause({ fleet, name, team: getTeam(i), ids: await fleet.outputs(name) });
  return new Map(all.map((one) => [one.name, one]));
}

/** Throws unless the stack is reported exactly as the problem demands. */
export function expectReported(drift: StackDrift, { result, lines }: Problem): void {
  expect({ stack: drift.stack, result: drift.result, lines: formatDriftLines(drift) }).toEqual({
    stack: drift.stack,
    result,
    lines: lines.map((line) => expect.stringMatching(line)),
  });
}
