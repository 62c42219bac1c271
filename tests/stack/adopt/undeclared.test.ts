import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { recordAdoption, runAdoption } from "../../../ops/adopt/adopt";
import { planAdoption } from "../../../ops/adopt/plan";
import type { Clouds } from "../../../ops/clients/clouds";
import { connectClouds } from "../../../ops/clients/deployer";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contoso } from "../../../twin/index";
import { contosoGroups, contosoUsers } from "../../../twin/seed/people";
import type { UserSeed } from "../../../twin/seed/seed";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { type MadeByHand, makeByHand } from "../../support/made-by-hand";
import { Browser } from "../../twin/entra/browser";

const lab = useEngineFixture(accessSeed);
let administrator: Clouds;
let directory: string;
let made: MadeByHand;
beforeAll(async () => {
  lab.twin.clock.advance(60);
  directory = mkdtempSync(join(lab.folder, "undeclared-"));
  administrator = await lab.administrator();
});

const MARK = "entra-access:entra-access/test";
const SAML_ROLE = {
  id: "18d14569-c3bd-439b-9a66-3a2aee01d14f",
  allowedMemberTypes: ["User"],
  displayName: "User",
  description: "User",
  isEnabled: true,
  value: null,
};
const claim = (name: string) => ({ name, source: null, essential: false, additionalProperties: [] });

/** Properties that other set-ups of the same application need, as portals and other tools write them. */
const others = {
  tags: ["HideApp", "webApp", "AZ-4711"],
  notes: "Ask Kim before you change it.",
  description: "Sign-in of Cloudflare",
  serviceManagementReference: "CMDB-12",
  groupMembershipClaims: "ApplicationGroup",
  info: {
    marketingUrl: "https://www.contoso.example",
    privacyStatementUrl: "https://www.contoso.example/privacy",
  },
  appRoles: [SAML_ROLE],
  optionalClaims: {
    idToken: [claim("groups"), claim("email")],
    accessToken: [claim("groups")],
    saml2Token: [claim("groups")],
  },
  api: {
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [
      {
        id: "7b4f0c0e-3f0b-4f5e-9d53-9f0d3f1d6a01",
        adminConsentDescription: "Read",
        adminConsentDisplayName: "Read",
        isEnabled: true,
        type: "Admin",
        userConsentDescription: null,
        userConsentDisplayName: null,
        value: "read",
      },
    ],
  },
  web: {
    homePageUrl: "https://wiki.contoso.example",
    logoutUrl: "https://wiki.contoso.example/logout",
    redirectUris: [`https://${contoso.teamName}.cloudflareaccess.com/cdn-cgi/access/callback`],
  },
};

const readApplication = async () => {
  const { passwordCredentials, ...application } = await administrator.graph
    .api(`/applications/${made.applicationObjectId}`)
    .get();
  return application;
};
const readServicePrincipal = () =>
  administrator.graph.api(`/servicePrincipals/${made.servicePrincipalObjectId}`).get();
const listAssignments = async () =>
  (
    await administrator.graph
      .api(`/servicePrincipals/${made.servicePrincipalObjectId}/appRoleAssignedTo`)
      .get()
  ).value;

const deployer = async (stack: Stack) => connectClouds(await stack.providerSettings());
const silent = new Progress({ write: () => true });

/** Signs in to the wiki with a new browser. @returns "in", an AADSTS code or the page */
async function visit(user: UserSeed): Promise<string> {
  const browser = new Browser(lab.twin);
  await browser.go(lab.twin.browserUrlOf("https://wiki.contoso.example/"));
  const { html } = await browser.signIn(user);
  await browser.close();
  return /Cloudflare Access let you in/.test(html) ? "in" : (/AADSTS\d+/.exec(html)?.[0] ?? html);
}

async function makeAccess() {
  const { cloudflare, accountId: account_id } = administrator;
  const { access } = cloudflare.zeroTrust;
  const make = async (kind: "groups" | "policies" | "applications", body: object) =>
    (
      await (access[kind] as unknown as { create(body: object): Promise<{ id: string }> }).create({
        account_id,
        ...body,
      })
    ).id;
  const inEntra = (id: string) => ({ azureAD: { id, identity_provider_id: made.identityProviderId } });
  const policyFor = async (name: string, { id }: { id: string }) => {
    const group = await make("groups", { name, include: [inEntra(id)] });
    return make("policies", { name, decision: "allow", include: [{ group: { id: group } }] });
  };
  const engineers = await policyFor("engineers", contosoGroups.engineers);
  const contractors = await policyFor("contractors", contosoGroups.contractors);
  for (const [name, policy] of [
    ["wiki", engineers],
    ["shop", contractors],
  ])
    await make("applications", {
      name,
      type: "self_hosted",
      domain: `${name}.contoso.example`,
      policies: [{ id: policy, precedence: 1 }],
      allowed_idps: [made.identityProviderId],
      auto_redirect_to_identity: true,
      session_duration: "24h",
      app_launcher_visible: true,
      http_only_cookie_attribute: true,
    });
}

let stack: Stack;
test("adopts an application that requires assignment and that others use too, as it is, also when they change it later", async () => {
  made = await makeByHand(administrator, {
    application: others,
    servicePrincipal: {
      appRoleAssignmentRequired: true,
      tags: ["WindowsAzureActiveDirectoryIntegratedApp", "HideApp"],
      notes: "Owned by Kim",
      notificationEmailAddresses: ["kim@contoso.example"],
    },
  });
  const { graph } = administrator;
  const path = `/servicePrincipals/${made.servicePrincipalObjectId}/appRoleAssignedTo`;
  for (const principalId of [contosoGroups.engineers.id, contosoUsers.dana.id])
    await graph
      .api(path)
      .post({ principalId, resourceId: made.servicePrincipalObjectId, appRoleId: SAML_ROLE.id });
  await makeAccess();
  const [application, principal, assignments] = [
    await readApplication(),
    await readServicePrincipal(),
    await listAssignments(),
  ];
  expect([await visit(contosoUsers.ada), await visit(contosoUsers.chidi)]).toEqual(["in", "AADSTS50105"]);

  stack = await lab.stack({ directory });
  const { candidate, access, report } = await planAdoption(stack, await deployer(stack));
  expect(report).toMatchObject({
    result: "can be adopted",
    settings: {
      "entra-access:application": {
        displayName: "Cloudflare (do not delete)",
        emailClaim: true,
        tags: ["HideApp", "webApp", "AZ-4711"],
        homepageUrl: "https://wiki.contoso.example",
        notes: "Ask Kim before you change it.",
        serviceManagementReference: "CMDB-12",
        hidden: true,
        appRoleId: SAML_ROLE.id,
      },
      "entra-access:access": {
        assignedOnly: true,
        policies: { engineers: { include: ["engineers"] } },
        applications: { wiki: { hostnames: ["wiki.contoso.example"], policies: ["engineers"] } },
      },
    },
    changes: [expect.stringMatching(/^entra-application tags/)],
    blockers: [],
  });
  expect(report.imports.filter(({ kind }) => kind === "assignment")).toHaveLength(1);
  expect(report.notImported.slice(1)).toEqual([
    expect.stringMatching(
      `^Access policy "contractors" .*: up would assign its Entra group ${contosoGroups.contractors.id} to the application`,
    ),
    expect.stringMatching(/^Access application "shop" .*: its policy \S+ is not imported$/),
    expect.stringMatching(/^Conditional Access: could not be read/),
  ]);

  const record = await recordAdoption(stack, candidate ?? fail(), report, access);
  const { run, remainingChanges } = await runAdoption(stack, record, silent);
  expect(remainingChanges).toEqual([]);
  expect(formatChanges(run.changes).filter((change) => change.startsWith("update"))).toEqual([
    // "Off" in place of nothing, and the other way round.
    "update access-application-wiki optionsPreflightBypass pathCookieAttribute",
    "update access-policy-engineers approvalRequired isolationRequired purposeJustificationRequired sessionDuration",
    "update entra-application preventDuplicateNames tags[0]",
    expect.stringMatching(/^update entra-identity-provider config.clientSecret/),
  ]);
  expect(await readApplication()).toMatchObject({
    ...application,
    // The provider writes out these defaults.
    api: { ...application.api, acceptMappedClaims: false },
    isDeviceOnlyAuthSupported: false,
    isFallbackPublicClient: false,
    tags: expect.arrayContaining(others.tags),
  });
  expect((await readApplication()).tags).toHaveLength(4);
  expect(await readServicePrincipal()).toEqual({ ...principal, tags: expect.any(Array) });
  expect(await listAssignments()).toEqual(assignments);
  expect([await visit(contosoUsers.ada), await visit(contosoUsers.chidi)]).toEqual(["in", "AADSTS50105"]);
  await expectLaterChangesKept();
});

const fail = (): never => {
  throw new Error("there is no candidate");
};

/** Changes what is the others' and what is the stack's; only the latter is drift, and its repair keeps the former. */
async function expectLaterChangesKept(): Promise<void> {
  const { graph } = administrator;
  const change = {
    tags: [...(await readApplication()).tags, "later"],
    description: "Changed",
    optionalClaims: { idToken: [claim("email"), claim("upn")], accessToken: [], saml2Token: [] },
    groupMembershipClaims: "SecurityGroup",
    info: { supportUrl: "https://www.contoso.example/support" },
  };
  await graph.api(`/applications/${made.applicationObjectId}`).patch(change);
  const withNotes = { notes: "Owned by Ada", tags: ["HideApp", "later"] };
  await graph.api(`/servicePrincipals/${made.servicePrincipalObjectId}`).patch(withNotes);
  expect((await stack.preview()).changes).toEqual([]);
  const [application, principal] = [await readApplication(), await readServicePrincipal()];

  const withoutMark = { tags: change.tags.filter((tag) => tag !== MARK), notes: "By hand" };
  await graph.api(`/applications/${made.applicationObjectId}`).patch(withoutMark);
  await graph.api(`/servicePrincipals/${made.servicePrincipalObjectId}`).patch({ tags: ["later"] });
  const { changes } = await stack.up();
  expect(formatChanges(changes)).toEqual([
    expect.stringMatching(/^update entra-application notes tags/),
    expect.stringMatching(/^update entra-service-principal tags/),
  ]);
  const sorted = (tags: string[]) => [...tags].sort();
  const repaired = await readApplication();
  expect({ ...repaired, tags: sorted(repaired.tags) }).toEqual({
    ...application,
    tags: sorted(application.tags),
  });
  const kept = { ...principal, tags: expect.any(Array), samlSingleSignOnSettings: {} };
  expect(await readServicePrincipal()).toEqual(kept);
  expect(sorted((await readServicePrincipal()).tags)).toEqual(["HideApp", "later"]);
}
