import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StackDrift } from "../../ops/drift/report";
import { linesOf } from "../../ops/drift/words";
import { ANA, type Fleet } from "./lab";

/** What is wrong with a stack, how it came about, and what a report has to say of it. */
interface Trouble {
  readonly name: string;
  readonly result: StackDrift["result"];
  /** Each line of the report, and no other. */
  readonly lines: readonly RegExp[];
  make(of: Stack): Promise<void>;
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

export const DRIFTED: readonly Trouble[] = [
  {
    name: "redirect-uri",
    result: "drift",
    lines: [
      new RegExp(
        `^entra-application web\\.redirectUris\\[\\d\\]: declared .*, found .*${BY_ADMINISTRATOR}Update application$`,
      ),
    ],
    async make({ fleet, team, ids }) {
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
      /^client secret "by hand" \([0-9a-f-]{36}\): in no state$/,
      /^not looked at: since when and by whom: Authorization_RequestDenied: .*; it takes AuditLog\.Read\.All$/,
    ],
    async make({ fleet, team, ids }) {
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
        `^entra-identity-provider config\\.supportGroups: declared true, found false${BY_ANA}update identity providers$`,
      ),
    ],
    async make({ fleet, team, ids }) {
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
    name: "gone",
    result: "drift",
    lines: [new RegExp(`^entra-identity-provider: gone${BY_ANA}delete identity providers$`)],
    async make({ fleet, team, ids }) {
      const { cloudflare, accountId } = await fleet.administrator(team);
      const at = { account_id: accountId };
      await cloudflare.zeroTrust.identityProviders.delete(String(ids.identityProviderId), at);
    },
  },
  {
    name: "settings",
    result: "drift",
    lines: [/^entra-identity-provider name: declared "Renamed", found "settings"; not brought up yet$/],
    async make({ fleet, name }) {
      fleet.set(name, { "entra-access:identityProvider": { displayName: "Renamed" } });
    },
  },
  {
    name: "disabled",
    result: "drift",
    lines: [
      new RegExp(
        `^entra-service-principal accountEnabled: declared true, found false${BY_ADMINISTRATOR}Update serv`,
      ),
    ],
    async make({ fleet, team, ids }) {
      const { graph } = await fleet.administrator(team);
      await graph.api(`/servicePrincipals/${ids.servicePrincipalObjectId}`).patch({ accountEnabled: false });
    },
  },
  {
    name: "owner-and-permission",
    result: "drift",
    lines: [
      new RegExp(
        `^entra-application owners\\[?.*: declared .*, found .*${BY_ADMINISTRATOR}Add owner to application$`,
      ),
      new RegExp(
        `^application permission ".* 0{8}-.*" \\(.*\\): in no state${BY_ADMINISTRATOR}Add app role assignment`,
      ),
    ],
    async make({ fleet, team, ids }) {
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

export const BROKEN: readonly Trouble[] = [
  {
    name: "wrong-credentials",
    result: "could not tell",
    lines: [/AADSTS7000215/, /^do: /],
    async make({ fleet, name }) {
      fleet.set(name, { "azuread:clientSecret": "not-the-secret" });
    },
  },
  {
    name: "locked",
    result: "could not tell",
    lines: [
      /^the stack is locked by ana@elsewhere \(pid 4711\) since 2026-01-01T00:00:00Z$/,
      /^do: Somebody is working/,
    ],
    async make({ fleet, name }) {
      const folder = join(fleet.stateFolder, ".pulumi/locks/organization/entra-access", name);
      mkdirSync(folder, { recursive: true });
      const lock = { pid: 4711, username: "ana", hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" };
      writeFileSync(join(folder, "1.json"), JSON.stringify(lock));
    },
  },
  {
    name: "throttled",
    result: "could not tell",
    lines: [/TooManyRequests/, /^do: Microsoft Graph is throttling/],
    async make({ fleet, ids }) {
      const path = `/v1.0/applications/${ids.applicationObjectId}`;
      fleet.twin.faults.add({ on: { service: "graph", path }, effect: { kind: "error", status: 429 } });
    },
  },
];

/** Nothing is wrong: a rotation is no drift. */
const DUE: Trouble = {
  name: "rotation-due",
  result: "as declared",
  lines: [],
  async make({ fleet, name }) {
    fleet.set(name, { "entra-access:credential": { rotation: 2 } });
  },
};

/**
 * Deploys so many stacks of all teams, and makes some of them go wrong.
 *
 * @returns what a report has to say, by stack
 */
export async function trouble(fleet: Fleet, stacks: number, drifted: number): Promise<Map<string, Trouble>> {
  const wrong = [...DRIFTED.slice(0, drifted), ...BROKEN, DUE];
  const fine = Array.from({ length: stacks - wrong.length }, (_, i): Trouble => {
    return { name: `fine-${i + 1}`, result: "as declared", lines: [], make: async () => {} };
  });
  const all = [...wrong, ...fine];
  const teamOf = (i: number) => fleet.teams[i % fleet.teams.length] as Fleet["teams"][number];
  for (const [i, { name }] of all.entries()) {
    await fleet.add(name, teamOf(i));
    await (await fleet.open(name)).up();
  }
  for (const [i, { name, make }] of all.entries())
    await make({ fleet, name, team: teamOf(i), ids: await fleet.outputs(name) });
  return new Map(all.map((one) => [one.name, one]));
}

/** Throws unless the stack is reported as it has to be, with each line and no other. */
export function expectToldOf(drift: StackDrift, { result, lines }: Trouble): void {
  expect({ stack: drift.stack, result: drift.result, lines: linesOf(drift) }).toEqual({
    stack: drift.stack,
    result,
    lines: lines.map((line) => expect.stringMatching(line)),
  });
}
