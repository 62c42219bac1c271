import {
  getPermissionId,
  permissionProfiles,
  readConditionalAccessRoleId,
} from "../../../config/graph-permissions";
import { recordAdoption, runAdoption } from "../../../ops/adopt/adopt";
import { planAdoption } from "../../../ops/adopt/plan";
import type { Clouds } from "../../../ops/clients/clouds";
import { connectClouds } from "../../../ops/clients/deployer";
import { Progress } from "../../../ops/terminal/progress";
import { contoso, contosoGroups, contosoUsers, type Seed } from "../../../twin/index";
import { useEngineFixture } from "../../support/engine-fixture";
import {
  findPrincipalId,
  type MadeByHand,
  type MadeByHandOptions,
  makeByHand,
} from "../../support/made-by-hand";
import { wholeSeed } from "../../support/whole-stack";

const lab = useEngineFixture();
const { farida, ada } = contosoUsers;
const PATH = "/identity/conditionalAccess";

/** A seed whose administrator may write policies, and whose deployer may if that is said. */
const createSeed = (deployerReads: boolean): Seed => ({
  ...wholeSeed,
  tenants: wholeSeed.tenants.map((tenant) => ({
    ...tenant,
    principals: tenant.principals.map((one) => ({
      ...one,
      permissions:
        one.appId === contoso.administrator.appId
          ? [
              ...one.permissions,
              "Policy.Read.All",
              "Policy.ReadWrite.ConditionalAccess",
              "Application.Read.All",
            ]
          : one.permissions.filter((name) => deployerReads || !name.startsWith("Policy.")),
    })),
  })),
});

let administrator: Clouds;
let made: MadeByHand;
async function start(deployerReads = true, options?: MadeByHandOptions) {
  lab.twin.reset(createSeed(deployerReads));
  administrator = await lab.administrator();
  made = await makeByHand(administrator, options);
}

type Part = Record<string, unknown>;
const makeLocation = async (displayName: string, body: Part): Promise<string> =>
  (await administrator.graph.api(`${PATH}/namedLocations`).post({ displayName, ...body })).id;
const ip = (cidrAddress: string, isTrusted: boolean) => ({
  "@odata.type": "#microsoft.graph.ipNamedLocation",
  ipRanges: [{ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress }],
  isTrusted,
});

/** Creates an enabled policy on the application for everybody but Farida. */
async function makePolicy(displayName: string, { conditions, users, ...others }: Part = {}) {
  await administrator.graph.api(`${PATH}/policies`).post({
    displayName,
    state: "enabled",
    conditions: {
      applications: { includeApplications: [made.clientId] },
      users: { includeUsers: ["All"], excludeUsers: [farida.id], ...(users as Part) },
      clientAppTypes: ["all"],
      ...(conditions as Part),
    },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
    ...others,
  });
}

const plan = async () => {
  const stack = await lab.stack();
  return { stack, ...(await planAdoption(stack, await connectClouds(await stack.providerSettings()))) };
};

test("declares policies and named locations exactly, imports them, and leaves nothing to change", async () => {
  await start();
  const office = await makeLocation("Office (HQ)", ip("198.51.100.0/24", true));
  const abroad = await makeLocation("Abroad", {
    "@odata.type": "#microsoft.graph.countryNamedLocation",
    countriesAndRegions: ["AQ"],
    countryLookupMethod: "clientIpAddress",
    includeUnknownCountriesAndRegions: true,
  });
  const outside = { locations: { includeLocations: ["All"], excludeLocations: [office] } };
  await makePolicy("MFA outside", { conditions: outside });
  await makePolicy("Block abroad", {
    conditions: { locations: { includeLocations: [abroad] } },
    grantControls: { operator: "OR", builtInControls: ["block"] },
  });
  await makePolicy("Engineers: strong", {
    users: { includeUsers: [], includeGroups: [contosoGroups.engineers.id] },
    state: "disabled",
    grantControls: {
      operator: "OR",
      authenticationStrength: { id: "00000000-0000-0000-0000-000000000004" },
    },
    sessionControls: {
      signInFrequency: {
        isEnabled: true,
        type: "hours",
        value: 8,
        frequencyInterval: "timeBased",
        authenticationType: "primaryAndSecondaryAuthentication",
      },
    },
  });
  const { stack, report, candidate, access } = await plan();
  expect(report).toMatchObject({
    result: "can be adopted",
    notImported: [expect.stringMatching(/^client secret/)],
  });
  expect(report.settings["entra-access:conditionalAccess"]).toEqual({
    emergencyAccounts: [farida.id],
    namedLocations: {
      officeHQ: { displayName: "Office (HQ)", ranges: ["198.51.100.0/24"], trusted: true },
      abroad: { displayName: "Abroad", countries: ["AQ"], unknownCountries: true },
    },
    policies: {
      mfaOutside: {
        displayName: "MFA outside",
        state: "enabled",
        locations: { include: ["all"], exclude: ["officeHQ"] },
        require: ["mfa"],
      },
      blockAbroad: {
        displayName: "Block abroad",
        state: "enabled",
        locations: { include: ["abroad"] },
        block: true,
      },
      engineersStrong: {
        displayName: "Engineers: strong",
        state: "disabled",
        includeGroups: [contosoGroups.engineers.id],
        authenticationStrength: "phishingResistant",
        signInFrequency: "8h",
      },
    },
  });
  if (!candidate) throw new Error("no candidate");
  const record = await recordAdoption(stack, candidate, report, access);
  const { remainingChanges } = await runAdoption(stack, record, new Progress({ write: () => true }));
  expect(remainingChanges).toEqual([]);
});

test("leaves out what it cannot declare exactly, each with its own reason, and what needs it", async () => {
  await start();
  const other = (await administrator.graph.api("/applications").post({ displayName: "Other" })).appId;
  const shared = await makeLocation("Shared", ip("203.0.113.0/24", false));
  const foreign = { applications: { includeApplications: [other] } };
  const fromShared = { locations: { includeLocations: [shared] } };
  await makePolicy("Elsewhere", { conditions: { ...foreign, ...fromShared } });
  await makePolicy("MFA");
  await makePolicy("Needs the place", { conditions: fromShared });
  await makePolicy("Everything", {
    conditions: { applications: { includeApplications: [made.clientId, other] } },
  });
  await makePolicy("Reporting", { state: "enabledForReportingButNotEnforced" });
  await makePolicy("Ada too", { users: { excludeUsers: [farida.id, ada.id] } });
  await makePolicy("And", { grantControls: { operator: "AND", builtInControls: ["mfa"] } });
  await makePolicy("Browser", { conditions: { clientAppTypes: ["browser"] } });
  const { report } = await plan();
  expect(report.result).toBe("can be adopted");
  expect(report.settings["entra-access:conditionalAccess"]).toEqual({
    emergencyAccounts: [farida.id],
    policies: { mfa: { displayName: "MFA", state: "enabled", require: ["mfa"] } },
  });
  const [, ...leftOut] = report.notImported.map((line) => line.replace(/ \([^)]*\):/, ":"));
  expect(leftOut).toEqual([
    'named location "Shared": policy "Elsewhere" on other applications uses it too',
    `policy of Conditional Access "Needs the place": it needs named location ${shared}, which is not imported`,
    'policy of Conditional Access "Everything": it also applies to other applications',
    'policy of Conditional Access "Reporting": it only reports, and somebody must say until when: declare it with decideBy, and up imports it',
    'policy of Conditional Access "Ada too": it excludes other accounts than the other policies',
    'policy of Conditional Access "And": its one requirement has the operator AND, and the stack writes OR, which means the same',
    'policy of Conditional Access "Browser": it applies to some client apps only',
  ]);
});

test("says what the program refuses, and that it could not look without the permission", async () => {
  await start();
  await makePolicy("No way back", { users: { excludeUsers: [] } });
  const { report } = await plan();
  expect(report.settings).not.toHaveProperty(["entra-access:conditionalAccess"]);
  expect(report.notImported).toContainEqual(
    expect.stringMatching(/^policy of Conditional Access "No way back" .*must not apply to everybody/),
  );
  await start(false);
  expect((await plan()).report.notImported).toContainEqual(
    "Conditional Access: could not be read, which needs the permission Policy.Read.All",
  );
});

test("takes permissions in any order, and the consent with which Cloudflare loads authentication contexts", async () => {
  const [first = "", ...others] = permissionProfiles["cloudflare-current"].toReversed();
  const scope = (name: string) => ({ id: getPermissionId(name), type: "Scope" });
  const role = { id: readConditionalAccessRoleId, type: "Role" };
  const microsoftGraph = "00000003-0000-0000-c000-000000000000";
  const resourceAccess = [scope(first), role, ...others.map(scope)];
  await start(true, {
    application: { requiredResourceAccess: [{ resourceAppId: microsoftGraph, resourceAccess }] },
    consented: [first, ...others],
    config: { conditional_access_enabled: true },
  });
  const stack = await lab.stack();
  const clouds = await connectClouds(await stack.providerSettings());
  const resourceId = await findPrincipalId(administrator, microsoftGraph);
  await clouds.graph.api(`/servicePrincipals/${resourceId}/appRoleAssignedTo`).post({
    appRoleId: readConditionalAccessRoleId,
    principalId: made.servicePrincipalObjectId,
    resourceId,
  });
  const { candidate, access, report } = await planAdoption(stack, clouds);
  expect(report).toMatchObject({
    result: "can be adopted",
    settings: { "entra-access:permissions": { profile: "cloudflare-current" } },
  });
  expect(report.changes).toContain("entra-application requiredResourceAccesses: the same in another order");
  expect(report.imports).toContainEqual(
    expect.objectContaining({ kind: "permission", name: "Policy.Read.ConditionalAccess" }),
  );
  if (!candidate) throw new Error("there is no candidate");
  const record = await recordAdoption(stack, candidate, report, access);
  const { run, remainingChanges } = await runAdoption(stack, record, new Progress({ write: () => true }));
  expect(run.changes).toContainEqual(
    expect.objectContaining({ op: "import", name: "entra-conditional-access-consent" }),
  );
  expect(remainingChanges).toEqual([]);
});
