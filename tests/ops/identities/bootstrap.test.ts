import type { Client } from "@microsoft/microsoft-graph-client";
import { createGraphClient } from "../../../ops/clients/entra/client";
import { applyBootstrap, type BootstrapRequest, planBootstrap } from "../../../ops/identities/bootstrap";
import {
  IDENTITY_NAMES,
  type IdentityName,
  listIdentityPermissions,
} from "../../../ops/identities/identities";
import { describePlan } from "../../../ops/identities/plan";
import { contoso, type PrincipalSeed, startTwin, type Twin } from "../../../twin/index";

/** An administrator of applications, who may not consent to permissions of Microsoft Graph. */
const maker: PrincipalSeed = {
  appId: "11111111-0000-4000-8000-000000000001",
  displayName: "maker",
  secret: "maker-not-a-real-secret",
  permissions: ["Application.ReadWrite.All", "Directory.Read.All"],
};
/** May consent as well. */
const consenter: PrincipalSeed = {
  ...maker,
  appId: "11111111-0000-4000-8000-000000000002",
  displayName: "consenter",
  permissions: [...maker.permissions, "AppRoleAssignment.ReadWrite.All"],
};

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ frozen: true });
});
beforeEach(() => {
  const { tenant, account } = contoso;
  twin.reset({
    tenants: [{ ...tenant, principals: [...tenant.principals, maker, consenter] }],
    accounts: [account],
  });
});
afterAll(() => twin.close());

const connect = ({ appId: clientId, secret: clientSecret }: { appId: string; secret: string }) =>
  createGraphClient({ ...twin, tenantId: contoso.tenantId, clientId, clientSecret });
const request: BootstrapRequest = {
  name: "entra-access",
  identities: IDENTITY_NAMES,
  features: [],
  issuers: { github: ["contoso/access", "contoso@123456/access@456789"] },
  owners: [],
  removesOthers: false,
};
const refuseToWait = async () => {
  throw new Error("waited");
};

async function apply(graph: Client, change: Partial<BootstrapRequest> = {}) {
  const asked = { ...request, ...change };
  const consent: string[] = [];
  const made = await applyBootstrap(
    graph,
    await planBootstrap(graph, asked),
    { tenantId: contoso.tenantId, login: "https://login.example", removesOthers: asked.removesOthers },
    { patience: 0, wait: refuseToWait, onConsentNeeded: (lines) => consent.push(...lines) },
  );
  return { made, consent };
}
const describeChanges = async (graph: Client, change: Partial<BootstrapRequest> = {}) => {
  const asked = { ...request, ...change };
  const plans = await planBootstrap(graph, asked);
  return [...plans.values()].flatMap((plan) => describePlan(plan, asked.removesOthers));
};

it("creates one identity per environment with the least permissions and no secret, and then nothing more", async () => {
  const graph = await connect(consenter);
  const plan = await describeChanges(graph);
  expect(plan.slice(0, 6)).toEqual([
    "entra-access-preview:",
    '  + create application "entra-access-preview"',
    "  + create its service principal",
    "  + trust https://token.actions.githubusercontent.com, subject repo:contoso/access:environment:preview",
    "  + trust https://token.actions.githubusercontent.com, subject repo:contoso@123456/access@456789:environment:preview",
    "  + consent to Directory.Read.All",
  ]);
  expect((await graph.api("/applications").get()).value).toHaveLength(5);
  const { made, consent } = await apply(graph);
  expect([[...made.keys()], consent]).toEqual([IDENTITY_NAMES, []]);
  for (const [, { objectId }] of made) {
    const application = await graph.api(`/applications/${objectId}`).get();
    expect(application).toMatchObject({ signInAudience: "AzureADMyOrg", passwordCredentials: [] });
    const { value } = await graph.api(`/applications/${objectId}/federatedIdentityCredentials`).get();
    expect(value).toHaveLength(2);
  }
  expect(await describeChanges(graph)).toEqual([]);
  const searches = twin.requests.filter(
    ({ path, method }) => method === "GET" && path === "/v1.0/servicePrincipals",
  );
  // Three plans and one application: Microsoft Graph once per plan, each existing identity once.
  expect(searches).toHaveLength(3 + IDENTITY_NAMES.length);
  const requests = twin.requests.length;
  await apply(graph);
  expect(
    twin.requests.slice(requests).filter(({ method, service }) => method !== "GET" && service === "graph"),
  ).toEqual([]);
});

/** Signs in as an identity, which the twin lets only by a client secret, and tries to write. @returns the statuses */
async function tryToWrite(graph: Client, { objectId, appId, principalId }: Record<string, string>) {
  const { secretText } = await graph.api(`/applications/${objectId}/addPassword`).post({});
  const own = await connect({ appId: String(appId), secret: secretText });
  const microsoftGraph = "/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'";
  const resourceId = (await own.api(microsoftGraph).get()).value[0].id;
  const tries = {
    application: () => own.api("/applications").post({ displayName: "Another" }),
    consent: () =>
      own
        .api("/oauth2PermissionGrants")
        .post({ clientId: principalId, consentType: "AllPrincipals", resourceId, scope: "User.Read" }),
    escalation: () =>
      own
        .api(`/servicePrincipals/${resourceId}/appRoleAssignedTo`)
        .post({ principalId, resourceId, appRoleId: "18a4783c-866b-4cc7-a460-3d5e5662c884" }),
    ownSecret: () => own.api(`/applications/${objectId}/addPassword`).post({}),
    group: () =>
      own
        .api("/groups")
        .post({ displayName: "x", mailEnabled: false, mailNickname: "x", securityEnabled: true }),
  };
  const allowed: string[] = [];
  for (const [name, run] of Object.entries(tries))
    await run().then(
      () => allowed.push(name),
      (error: { statusCode?: number }) => expect(error.statusCode).toBe(403),
    );
  return allowed;
}

it.each<[IdentityName, string[]]>([
  ["preview", []],
  ["drift", []],
  ["rotation", ["application"]],
  ["production", ["application", "consent"]],
])("the identity %s may write %j and nothing else", async (identity, allowed) => {
  const graph = await connect(consenter);
  const { made } = await apply(graph, { identities: [identity] });
  const ids = made.get(identity);
  expect(await tryToWrite(graph, ids as unknown as Record<string, string>)).toEqual(allowed);
});

describe("whoever may not consent", () => {
  it("gets a link for an administrator, waits, and goes on once all permissions are there", async () => {
    const graph = await connect(maker);
    const consented: string[] = [];
    const waits: number[] = [];
    const plans = await planBootstrap(graph, { ...request, identities: ["drift", "production"] });
    const made = await applyBootstrap(
      graph,
      plans,
      { tenantId: contoso.tenantId, login: "https://login.example", removesOthers: false },
      {
        patience: 1,
        onConsentNeeded: (lines) => consented.push(...lines),
        async wait(milliseconds) {
          waits.push(milliseconds);
          if (waits.length === 2)
            await apply(await connect(consenter), { identities: ["drift", "production"] });
        },
      },
    );
    expect(consented).toEqual([
      "entra-access-drift (Directory.Read.All):",
      `  https://login.example/${contoso.tenantId}/adminconsent?client_id=${made.get("drift")?.appId}`,
      "entra-access-production (Application.ReadWrite.OwnedBy, DelegatedPermissionGrant.ReadWrite.All):",
      `  https://login.example/${contoso.tenantId}/adminconsent?client_id=${made.get("production")?.appId}`,
    ]);
    expect(waits).toEqual([10_000, 10_000]);
    expect(await describeChanges(graph, { identities: ["drift", "production"] })).toEqual([]);
  });

  it("is told to come back if nobody consents in time; the next run creates nothing twice", async () => {
    const graph = await connect(maker);
    await expect(apply(graph, { identities: ["drift"] })).rejects.toThrow(
      "a Privileged Role Administrator must consent",
    );
    expect(await describeChanges(graph, { identities: ["drift"] })).toEqual([
      "entra-access-drift:",
      "  + consent to Directory.Read.All",
    ]);
  });
});

describe("an identity that differs", () => {
  const drift = { identities: ["drift"] as const };
  const wider = { ...drift, features: ["entraGroups"] as const };

  it("gets what is missing, and keeps what is too much unless asked to remove it", async () => {
    const graph = await connect(consenter);
    const production = { identities: ["production"] as const };
    await apply(graph, { ...production, features: ["entraGroups"] });
    const moved = { ...production, issuers: { github: ["contoso@123456/access@456789"] } };
    const kept =
      "https://token.actions.githubusercontent.com, subject repo:contoso/access:environment:production";
    expect(await describeChanges(graph, moved)).toEqual([
      "entra-access-production:",
      `    keep the trust in ${kept}; remove it: --remove-others`,
      "    keep the permission GroupMember.Read.All; remove it: --remove-others",
    ]);
    const removing = { ...moved, removesOthers: true };
    expect(await describeChanges(graph, removing)).toEqual([
      "entra-access-production:",
      `  - remove the trust in ${kept}`,
      "  - remove the permission GroupMember.Read.All",
    ]);
    await apply(graph, removing);
    expect(await describeChanges(graph, removing)).toEqual([]);
  });

  it("is found by its tag, whatever its name, and gets further owners", async () => {
    const graph = await connect(consenter);
    const { made } = await apply(graph, drift);
    const objectId = made.get("drift")?.objectId;
    await graph.api(`/applications/${objectId}`).patch({ displayName: "Renamed" });
    const { value } = await graph
      .api(`/servicePrincipals?$filter=appId eq '${contoso.deployer.appId}'`)
      .get();
    const owned = { ...drift, owners: [value[0].id] };
    expect(await describeChanges(graph, owned)).toEqual([
      "entra-access-drift:",
      `  + add owner ${value[0].id}`,
    ]);
    await apply(graph, owned);
    expect(await describeChanges(graph, owned)).toEqual([]);
    expect(await describeChanges(graph, wider)).toEqual([]);
  });

  it("is refused where two applications have its tag", async () => {
    const graph = await connect(consenter);
    for (const displayName of ["one", "two"])
      await graph
        .api("/applications")
        .post({ displayName, tags: ["entra-access-identity:entra-access/drift"] });
    await expect(planBootstrap(graph, { ...request, ...drift })).rejects.toThrow(
      'one application must have the tag "entra-access-identity:entra-access/drift"; found 2',
    );
  });
});

it("waits while the directory does not know a new application yet", async () => {
  const graph = await connect(consenter);
  twin.faults.add({
    on: { service: "graph", method: "POST", path: "/v1.0/servicePrincipals" },
    count: { first: 2 },
    effect: { kind: "error", status: 404 },
  });
  const waits: number[] = [];
  const plans = await planBootstrap(graph, { ...request, identities: ["drift"] });
  await applyBootstrap(
    graph,
    plans,
    { tenantId: contoso.tenantId, login: "", removesOthers: false },
    { patience: 0, wait: async (milliseconds) => waits.push(milliseconds), onConsentNeeded: refuseToWait },
  );
  expect(waits).toEqual([2_000, 2_000]);
});

it("gives drift what verify needs as well, and no identity more than its jobs", () => {
  expect(listIdentityPermissions("drift").graph).toEqual(["Directory.Read.All"]);
  expect(listIdentityPermissions("rotation", ["accessRules"]).cloudflare).toEqual([
    "Access: Organizations, Identity Providers, and Groups Write",
    "Access: Apps and Policies Read",
  ]);
});
