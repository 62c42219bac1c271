import { contoso, contosoUsers, devSeed, type Seed } from "../../../twin/index";
import { parseShownJson, useAccessFixture } from "./access-fixture";

const { ben } = contosoUsers;
const CA = "/v1.0/identity/conditionalAccess";
const READ_CONTEXTS = "37730810-e9ba-4e46-b07e-8ca78d182097";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const MORE = [
  "Application.Read.All",
  "AppRoleAssignment.ReadWrite.All",
  "Policy.Read.All",
  "Policy.ReadWrite.ConditionalAccess",
];
const administrator = {
  ...contoso.administrator,
  permissions: [...contoso.administrator.permissions, ...MORE],
};
const principals = contoso.tenant.principals.map((one) =>
  one.appId === administrator.appId ? administrator : one,
);
const seed: Seed = {
  ...devSeed,
  tenants: devSeed.tenants.map((tenant) =>
    tenant.id === contoso.tenantId ? { ...tenant, principals } : tenant,
  ),
};

const fixture = useAccessFixture({ seed });
const [WIKI, VAULT] = ["wiki.contoso.test", "vault.contoso.test"];
const open = (host: string) => fixture.browser().go(fixture.at(`${host}/`));
const everybody = { include: [{ email_domain: { domain: contoso.domain } }] };

/** The wiki, open to everybody who signs in, and the vault, which asks for context c1. */
beforeEach(async () => {
  await fixture.connect({ conditional_access_enabled: true });
  await publish(true);
  const policy = {
    displayName: "MFA for the vault",
    state: "enabled",
    conditions: {
      applications: { includeApplications: [], includeAuthenticationContextClassReferences: ["c1"] },
      users: { includeUsers: ["All"] },
      clientAppTypes: ["all"],
    },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
  };
  expect((await fixture.graph("POST", `${CA}/policies`, policy)).status).toBe(201);
  await fixture.protect({ host: WIKI, policy: everybody });
  const context = { id: "vault", ac_id: "c1", identity_provider_id: fixture.provider().id };
  await fixture.protect({ host: VAULT, policy: { ...everybody, require: [{ auth_context: context }] } });
});

const publish = (isAvailable: boolean) =>
  fixture.graph("PATCH", `${CA}/authenticationContextClassReferences/c1`, {
    displayName: "Vault",
    isAvailable,
  });

/** Consents to the application permission with which Cloudflare reads contexts. */
async function consent(): Promise<void> {
  const { value } = (await fixture.graph("GET", `/v1.0/servicePrincipals?$filter=appId eq '${GRAPH}'`)).body;
  const assignment = {
    appRoleId: READ_CONTEXTS,
    principalId: fixture.app().principalId,
    resourceId: value[0].id,
  };
  const path = `/v1.0/servicePrincipals/${value[0].id}/appRoleAssignedTo`;
  expect((await fixture.graph("POST", path, assignment)).status).toBe(201);
}

test("steps up for the application that asks for it, and for no other", async () => {
  await consent();
  const wiki = await fixture.signInFrom(await open(WIKI), ben);
  expect(wiki.html).toContain("Cloudflare Access let you in");
  expect(parseShownJson(wiki)).not.toHaveProperty("acrs");
  const vault = await fixture.signInFrom(await open(VAULT), ben);
  expect(vault.html).toContain("More information required");
  const inside = await fixture.browser().submit({ second_factor: "register" });
  expect(inside.html).toContain("Cloudflare Access let you in");
  expect(parseShownJson(inside)).toMatchObject({ acrs: ["c1"], amr: ["pwd", "mfa"] });
  expect((await open(VAULT)).html).toContain("Cloudflare Access let you in");
});

test("keeps out whoever does not give the second factor", async () => {
  await consent();
  await fixture.signInFrom(await open(VAULT), ben);
  const back = await fixture.browser().submit({ cancel: "1" });
  expect(back.html).not.toContain("Cloudflare Access let you in");
  expect(await fixture.log()).toMatchObject([{ allowed: false }]);
});

test.each<[string, () => Promise<unknown>]>([
  ["the application may not read contexts", async () => {}],
  [
    "the context is not published",
    async () => {
      await consent();
      await publish(false);
    },
  ],
  [
    "the identity provider loads no contexts",
    async () => {
      await consent();
      await fixture.connect({ conditional_access_enabled: false });
    },
  ],
])("admits nobody while %s", async (_what, prepare) => {
  await prepare();
  const shown = await fixture.signInFrom(await open(VAULT), ben);
  expect(shown).toMatchObject({ status: 403, html: expect.stringContaining("No policy matches") });
});
