import { Readable } from "node:stream";
import {
  getPermissionId,
  permissionProfiles,
  readConditionalAccessRoleId,
} from "../../../config/graph-permissions";
import { selectAccess } from "../../../ops/adopt/access/select";
import { selectUnchangedAccess } from "../../../ops/adopt/access/select-unchanged";
import { findAssignments } from "../../../ops/adopt/assignments";
import { findCandidates } from "../../../ops/adopt/candidates";
import { buildAdoptedConfig, findBlockers } from "../../../ops/adopt/settings";
import { readAccountAccess, withoutNulls } from "../../../ops/clients/account-access";
import type { Clouds } from "../../../ops/clients/clouds";
import { contoso, startTwin, type Twin } from "../../../twin/index";
import { contosoGroups } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { connectAdministrator } from "../../support/administrator";
import { type MadeByHand, type MadeByHandOptions, makeByHand } from "../../support/made-by-hand";

let twin: Twin;
let administrator: Clouds;
let made: MadeByHand;
beforeAll(async () => {
  twin = await startTwin({ frozen: true });
});
beforeEach(async () => {
  twin.reset(accessSeed);
  administrator = await connectAdministrator(twin);
});
afterAll(() => twin.close());

/** Makes a set-up, and decides what declares it without the engine, whose preview would show no changes. */
async function decide(options: MadeByHandOptions, makeMore: () => Promise<unknown> = async () => {}) {
  made = await makeByHand(administrator, options);
  await makeMore();
  const search = await findCandidates(administrator, contoso.tenantId);
  const [candidate] = search.candidates;
  if (!candidate) throw new Error("no candidate");
  const assigned = findAssignments(candidate);
  const { tenantId, accountId } = contoso;
  const declared = buildAdoptedConfig(search, candidate, { tenantId, accountId, assigned });
  const { selection, refused } = await selectUnchangedAccess(
    await readAccountAccess(administrator),
    made.identityProviderId,
    new Map(),
    {
      settings: ({ settings: access }) =>
        Object.fromEntries(
          Object.entries({ ...declared, access }).map(([name, value]) => [`entra-access:${name}`, value]),
        ),
      assigned,
      preview: async () => [],
    },
  );
  expect(refused).toEqual([]);
  const deployer = { id: "", roles: [], isPerson: true };
  const blockers = findBlockers(candidate, "entra-access:entra-access/test", deployer);
  const { application, permissions, identityProvider } = declared as Record<string, Record<string, unknown>>;
  const { owners: _owners, ...others } = application ?? {};
  return {
    application: others,
    permissions,
    identityProvider,
    access: selection.settings,
    selection,
    blockers,
  };
}

const make = async (kind: "groups" | "policies" | "applications", body: object) => {
  const { access } = administrator.cloudflare.zeroTrust;
  const of = access[kind] as unknown as { create(body: object): Promise<{ id: string }> };
  return (await of.create({ account_id: administrator.accountId, ...body })).id;
};
const tutorial = { displayName: "Cloudflare (do not delete)" };
const named = { displayName: "Azure AD", pkceEnabled: false };

it("the tutorial's needs no settings but names", async () => {
  expect(await decide({})).toMatchObject({
    application: tutorial,
    permissions: {},
    identityProvider: named,
    blockers: [],
  });
});

it("the tutorial's for Conditional Access keeps its home page, and stays visible to users", async () => {
  const homePageUrl = "https://wiki.contoso.example";
  const redirectUris = ["https://contoso.cloudflareaccess.com/cdn-cgi/access/callback"];
  const { application, identityProvider } = await decide({
    name: "Microsoft Entra ID - Customer management portal",
    application: { web: { homePageUrl, redirectUris } },
  });
  expect(application).toEqual({ ...tutorial, homepageUrl: homePageUrl });
  expect(identityProvider).toMatchObject({
    displayName: "Microsoft Entra ID - Customer management portal",
  });
});

it("one of Terraform needs no settings for group claims, token version and default access", async () => {
  const names = permissionProfiles["cloudflare-current"];
  const { application, permissions, identityProvider, blockers } = await decide(
    {
      application: {
        displayName: "Cloudflare Access (prod)",
        groupMembershipClaims: "ApplicationGroup",
        api: { requestedAccessTokenVersion: 2 },
        tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
        requiredResourceAccess: [
          {
            resourceAppId: "00000003-0000-0000-c000-000000000000",
            resourceAccess: names.map((name) => ({ id: getPermissionId(name), type: "Scope" })),
          },
        ],
      },
      consented: names,
      config: { pkce_enabled: true },
    },
    () =>
      administrator.graph.api(`/servicePrincipals/${made.servicePrincipalObjectId}/appRoleAssignedTo`).post({
        appRoleId: "00000000-0000-0000-0000-000000000000",
        principalId: contosoGroups.engineers.id,
        resourceId: made.servicePrincipalObjectId,
      }),
  );
  expect({ application, permissions, identityProvider, blockers }).toEqual({
    application: {
      displayName: "Cloudflare Access (prod)",
      tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    },
    permissions: { profile: "cloudflare-current" },
    identityProvider: { displayName: "Azure AD" },
    blockers: [],
  });
});

it("the dashboard's policies have no session duration, and its applications allow every identity provider", async () => {
  const { access, selection } = await decide({}, async () => {
    const azureAD = { id: contosoGroups.engineers.id, identity_provider_id: made.identityProviderId };
    const group = await make("groups", { name: "Engineers", include: [{ azureAD }] });
    const policy = await make("policies", {
      name: "Engineers",
      decision: "allow",
      include: [{ group: { id: group } }],
      session_duration: null,
    });
    await make("applications", {
      name: "Wiki",
      type: "self_hosted",
      domain: "wiki.contoso.example",
      policies: [{ id: policy, precedence: 1 }],
    });
  });
  expect(access).toEqual({
    groups: {
      engineers: { displayName: "Engineers", include: { entraGroups: [contosoGroups.engineers.id] } },
    },
    policies: { engineers: { displayName: "Engineers", include: ["engineers"] } },
  });
  expect(selection.skipped).toEqual([
    expect.stringMatching(
      /^Access application "Wiki" \(.*\): it allows every identity provider; if people need no other, .* then run this again$/,
    ),
  ]);
});

it("policies of one application alone are named with the request that makes them adoptable", async () => {
  let application = "";
  const { selection } = await decide({}, async () => {
    const azureAD = { id: contosoGroups.engineers.id, identity_provider_id: made.identityProviderId };
    const group = await make("groups", { name: "Engineers", include: [{ azureAD }] });
    const policies = [{ name: "Allow", decision: "allow", include: [{ group: { id: group } }] }];
    const wiki = { name: "Wiki", type: "self_hosted", domain: "wiki.contoso.example", policies };
    application = await make("applications", { ...wiki, allowed_idps: [made.identityProviderId] });
  });
  const path = `access/apps/${application}/policies/`;
  expect(selection.skipped).toEqual([
    expect.stringMatching(
      `^Access application "Wiki" .*: its policy "Allow" .* belongs to it alone; .* PUT to ${path}.*/make_reusable`,
    ),
  ]);
  const { cloudflare, accountId } = administrator;
  const [, request] = /PUT to (\S+),/.exec(String(selection.skipped)) ?? [];
  const { put } = cloudflare as unknown as { put(path: string): Promise<unknown> };
  await put.call(cloudflare, `/accounts/${accountId}/${request}`);
  const read = await readAccountAccess(administrator);
  expect(selectAccess(read, made.identityProviderId)).toMatchObject({
    settings: { applications: { wiki: { policies: ["allow"] } } },
    skipped: [],
  });
});

it("a setting that the API shows as null is absent", async () => {
  const wiki = { id: "w", name: "wiki", type: "self_hosted", domain: "wiki.contoso.example" };
  const nothing = {
    policies: null,
    tags: null,
    destinations: null,
    session_duration: null,
    cors_headers: null,
  };
  const found = {
    groups: [],
    policies: [],
    applications: [{ ...wiki, ...nothing, app_launcher_visible: true, allowed_idps: ["idp"] }],
  };
  const access = Object.fromEntries(
    Object.entries(found).map(([kind, list]) => [kind, { list: () => Readable.from(list) }]),
  );
  const cloudflare = { zeroTrust: { access } } as unknown as Clouds["cloudflare"];
  const read = await readAccountAccess({ cloudflare, accountId: "a" });
  expect(selectAccess(read, "idp").settings).toMatchObject({
    applications: { wiki: { hostnames: ["wiki.contoso.example"], policies: [] } },
  });
  const shown = { id: "idp", name: "Azure AD", config: { claims: null }, scim_config: null };
  const identityProvider = withoutNulls(shown);
  const candidate = { identityProvider, application: {}, permissions: [], owners: { application: [] } };
  const target = { tenantId: contoso.tenantId, accountId: contoso.accountId };
  const { identityProvider: declared } = buildAdoptedConfig(
    { teamName: "contoso" } as never,
    candidate as never,
    target,
  );
  expect(declared).toEqual({ ...named, supportGroups: false });
});

it("a policy about addresses alone has a reason of its own, because an application that allows the sign-in uses it", async () => {
  const { access, selection } = await decide({}, async () => {
    const include = [{ email: { email: "kim@contoso.example" } }];
    const board = await make("groups", { name: "Board", include });
    const settings = { name: "Board", decision: "allow", include: [{ group: { id: board } }] };
    const policy = await make("policies", settings);
    await make("applications", {
      name: "Wiki",
      type: "self_hosted",
      domain: "wiki.contoso.example",
      policies: [{ id: policy, precedence: 1 }],
      allowed_idps: [made.identityProviderId],
    });
  });
  expect(access).toEqual({});
  expect(selection.skipped).toEqual([
    expect.stringMatching(/^Access group "Board" .*: it admits its addresses from any identity provider$/),
    expect.stringMatching(/^Access policy "Board" .*: its Access group \S+ is not imported$/),
    expect.stringMatching(/^Access application "Wiki" .*: its policy \S+ is not imported$/),
  ]);
});

it("applications of other types have a reason of their own, and that for devices the setting that declares it", async () => {
  const { selection } = await decide({}, async () => {
    const allowed_idps = [made.identityProviderId];
    await make("applications", { name: "Warp Login App", type: "warp", allowed_idps });
    await make("applications", { name: "App Launcher", type: "app_launcher", allowed_idps });
  });
  expect(selection.skipped).toEqual([
    expect.stringMatching(/^Access application "Warp Login App" .*: .* access.deviceEnrolment afterwards, /),
    expect.stringMatching(
      /^Access application "App Launcher" .*: its type is app_launcher, which no setting/,
    ),
  ]);
});

describe("policies with rules of their own", () => {
  const engineers = () => ({
    azureAD: { id: contosoGroups.engineers.id, identity_provider_id: made.identityProviderId },
  });
  const policy = (name: string, rules: object) => make("policies", { name, decision: "allow", ...rules });
  const wiki = (id: string, ...allowed_idps: string[]) =>
    make("applications", {
      name: "Wiki",
      type: "self_hosted",
      domain: "wiki.contoso.example",
      policies: [{ id, precedence: 1 }],
      allowed_idps,
    });
  const address = { email: { email: "kim@contoso.example" } };

  it("get one Access group for the same rules, with a name of its own, and need no identity provider beside it", async () => {
    const { access, selection } = await decide({}, async () => {
      await make("groups", { name: "First", include: [{ geo: { country_code: "DE" } }] });
      await policy("First", { include: [engineers()] });
      const login = { login_method: { id: made.identityProviderId } };
      await policy("Second", { include: [engineers()], require: [login] });
    });
    expect(access).toEqual({
      groups: {
        first2: { displayName: "First 2", include: { entraGroups: [contosoGroups.engineers.id] } },
      },
      policies: {
        first: { displayName: "First", include: ["first2"] },
        second: { displayName: "Second", include: ["first2"] },
      },
    });
    expect(selection.changes).toEqual([
      'Access policy "First": names the new Access group first2 instead of rules of its own',
      'Access policy "Second": names Access group first2 instead of rules of its own',
    ]);
  });

  it("stay outside with what they alone would create, where one rule cannot be declared", async () => {
    const { access, selection } = await decide({}, async () => {
      await policy("Hardware key", {
        include: [engineers()],
        require: [{ auth_method: { auth_method: "hwk" } }],
      });
      const gmail = await policy("Mail", { include: [{ email_domain: { domain: "gmail.com" } }] });
      await wiki(gmail, made.identityProviderId);
    });
    expect([access, selection.created]).toEqual([{}, []]);
    expect(selection.skipped).toEqual([
      expect.stringMatching(/"Hardware key" .*: no setting expresses its rule of type auth_method$/),
      expect.stringMatching(/"Mail" .*: its include.emailDomains.0 must be a domain of your own; /),
      expect.stringMatching(/"Wiki" .*: its policy \S+ is not imported$/),
    ]);
  });

  it("admit addresses as before: only where every application allows this identity provider alone", async () => {
    const board = { displayName: "Board", include: { emails: [address.email.email] } };
    const makeBoard = async () =>
      wiki(await policy("Board", { include: [address] }), made.identityProviderId);
    expect((await decide({}, makeBoard)).access).toMatchObject({ groups: { board } });
    twin.reset(accessSeed);
    administrator = await connectAdministrator(twin);
    const { access, selection } = await decide({}, async () => {
      await policy("Board", { include: [address, engineers()] }).then((id) => wiki(id));
    });
    expect(access).toEqual({});
    expect(selection.skipped[0]).toContain("it admits its addresses from any identity provider");
  });

  it("keep the identity provider that rules about places require, and so stay outside", async () => {
    const { access, selection } = await decide({}, async () => {
      const login = { login_method: { id: made.identityProviderId } };
      await policy("Abroad", {
        decision: "deny",
        include: [{ geo: { country_code: "AQ" } }],
        require: [login],
      });
    });
    expect([access, selection.created]).toEqual([{}, []]);
    expect(selection.skipped).toEqual([
      expect.stringMatching(
        /"Abroad" .*: it has a rule of type login_method, which must be declared by hand$/,
      ),
    ]);
  });

  it("are assigned with the application only where their Entra groups are today", async () => {
    const required = { servicePrincipal: { appRoleAssignmentRequired: true } };
    const { selection } = await decide(required, () => policy("First", { include: [engineers()] }));
    expect(selection.skipped).toEqual([
      expect.stringContaining(`up would assign its Entra group ${contosoGroups.engineers.id}`),
    ]);
    expect(selection.created).toEqual([]);
  });
});

describe("one that requires assignment", () => {
  const assign = (principalId: string, appRoleId: string) =>
    administrator.graph
      .api(`/servicePrincipals/${made.servicePrincipalObjectId}/appRoleAssignedTo`)
      .post({ appRoleId, principalId, resourceId: made.servicePrincipalObjectId });
  const role = (id: string, value: string) => ({
    id,
    value,
    allowedMemberTypes: ["User"],
    displayName: value,
    description: value,
    isEnabled: true,
  });
  const [user, admin] = ["18d14569-c3bd-439b-9a66-3a2aee01d14f", "b9632174-c057-4f7e-951b-be3adc52bfe6"];
  const required = { servicePrincipal: { appRoleAssignmentRequired: true } };

  it("is declared with the role of default access", async () => {
    const { application } = await decide(required, () =>
      assign(contosoGroups.engineers.id, "00000000-0000-0000-0000-000000000000"),
    );
    expect(application).toEqual({ ...tutorial, appRoleId: "00000000-0000-0000-0000-000000000000" });
  });

  it("is declared with the role that most groups have, or with one for people where no group is assigned", async () => {
    const roles = { application: { appRoles: [role(user, "user"), role(admin, "admin")] } };
    const { application, blockers } = await decide({ ...required, ...roles }, async () => {
      await assign(contosoGroups.engineers.id, user);
      await assign(contosoGroups.engineers.id, admin);
      await assign(contosoGroups.employees.id, admin);
    });
    expect([application, blockers]).toEqual([{ ...tutorial, appRoleId: admin }, []]);
    twin.reset(accessSeed);
    administrator = await connectAdministrator(twin);
    expect((await decide({ ...required, ...roles })).application).toEqual({ ...tutorial, appRoleId: user });
  });
});

it("one that a SAML or OIDC set-up uses too keeps its tags and leaves alone what it cannot declare", async () => {
  const { application, blockers } = await decide({
    application: {
      tags: ["WindowsAzureActiveDirectoryCustomSingleSignOnApplication", "AZ-4711"],
      notes: "x".repeat(1025),
      serviceManagementReference: " CMDB 12",
      groupMembershipClaims: "SecurityGroup",
      optionalClaims: { idToken: [{ name: "groups" }], accessToken: [{ name: "groups" }], saml2Token: [] },
    },
    servicePrincipal: { tags: ["HideApp"], notes: "Owned by Kim" },
  });
  expect([application, blockers]).toEqual([
    {
      ...tutorial,
      tags: ["WindowsAzureActiveDirectoryCustomSingleSignOnApplication", "AZ-4711"],
      hidden: true,
    },
    [],
  ]);
});

describe("one whose identity provider takes the address from an optional claim", () => {
  const config = { email_claim_name: "upn" };

  it("is declared so where the id tokens have the claim", async () => {
    const optionalClaims = { idToken: [{ name: "upn" }], accessToken: [], saml2Token: [] };
    const { identityProvider, blockers } = await decide({ config, application: { optionalClaims } });
    expect([identityProvider, blockers]).toEqual([{ ...named, emailClaimName: "upn" }, []]);
  });

  it("is not taken where they lack it, because an update would change the addresses of people", async () => {
    expect((await decide({ config })).blockers).toMatchObject([
      { subject: "identityProvider.emailClaimName", actual: "upn" },
    ]);
    twin.reset(accessSeed);
    administrator = await connectAdministrator(twin);
    expect((await decide({ config: { email_claim_name: "preferred_username" } })).blockers).toEqual([]);
  });
});

describe("one whose identity provider loads authentication contexts", () => {
  const config = { conditional_access_enabled: true };
  const request = (...permissions: { id: string; type: string }[]) => ({
    requiredResourceAccess: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccess: [{ id: getPermissionId("openid"), type: "Scope" }, ...permissions],
      },
    ],
  });
  const contexts = { id: readConditionalAccessRoleId, type: "Role" };

  it.each([
    ["the application permission", request()],
    ["its consent", request(contexts)],
  ])("is not taken without %s, and the way out is said once", async (_what, application) => {
    const { blockers, permissions } = await decide({ config, application, consented: ["openid"] });
    expect(permissions).toEqual({ names: ["openid"] });
    expect(blockers).toEqual([
      expect.objectContaining({
        subject: "identityProvider.conditionalAccessEnabled",
        advice: expect.stringContaining("Application permissions"),
      }),
    ]);
  });

  it("needs no other application permission, which is named alone", async () => {
    const readAll = { id: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", type: "Role" };
    const { blockers } = await decide({ application: request(readAll, contexts), consented: ["openid"] });
    expect(blockers).toEqual([
      expect.objectContaining({
        subject: "requested permissions",
        actual: "Directory.Read.All:application Policy.Read.ConditionalAccess:application",
      }),
    ]);
  });
});
