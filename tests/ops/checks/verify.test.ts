import type { Asked } from "../../../ops/checks/asked";
import type { Demands } from "../../../ops/checks/reading";
import { CHECKS, type VerifyReport, verify } from "../../../ops/checks/verify";
import type { Clouds } from "../../../ops/clients/clouds";
import { contoso, contosoUsers } from "../../../twin/index";
import { engineTimeout } from "../../support/engine-fixture";
import { Browser } from "../../twin/entra/browser";
import { deployedLab } from "./lab";

jest.setTimeout(engineTimeout);
const deployed = deployedLab();

const look = (demands: Demands = {}, asked = deployed.asked()) =>
  verify(deployed.sight(), asked, { stack: "test", ...demands });
const failed = ({ checks }: VerifyReport) => checks.filter(({ status }) => status === "failed");
const finding = ({ checks }: VerifyReport, wanted: string) => checks.find(({ id }) => id === wanted);

test("as declared: every check passes, and who may only read asks for nothing but reading", async () => {
  const before = deployed.lab().twin.requests.length;
  const report = await look();
  expect(report.checks.filter(({ status }) => status !== "passed").map(({ id }) => id)).toEqual(["sign-in"]);
  expect(report).toMatchObject({ result: "as declared", stack: "test", teamName: "contoso" });
  expect(report.checks.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
  const asked = deployed.lab().twin.requests.slice(before);
  expect(
    asked.filter(({ method, path }) => method !== "GET" && !path.endsWith("/oauth2/v2.0/token")),
  ).toEqual([]);
  expect(new Set(asked.map(({ caller }) => caller))).toEqual(
    new Set([undefined, "auditor", expect.stringContaining("Cloudflare Access")]),
  );
});

type Break = (clouds: Clouds, asked: Asked) => Promise<unknown>;
const application =
  (change: object): Break =>
  ({ graph }, { applicationObjectId: id }) =>
    graph.api(`/applications/${id}`).patch(change);
const servicePrincipal =
  (change: object): Break =>
  ({ graph }, { servicePrincipalObjectId: id }) =>
    graph.api(`/servicePrincipals/${id}`).patch(change);
const identityProvider =
  (change: object, scim: object = {}, name = "Entra ID"): Break =>
  async ({ cloudflare, accountId }, { identityProviderId: id }) => {
    const providers = cloudflare.zeroTrust.identityProviders;
    const { config, scim_config } = await providers.get(id, { account_id: accountId });
    const { redirect_url: _, ...settings } = config as Record<string, unknown>;
    const {
      scim_base_url: __,
      secret: ___,
      ...provisioning
    } = (scim_config ?? {}) as Record<string, unknown>;
    const body = {
      account_id: accountId,
      name,
      type: "azureAD",
      config: { ...settings, ...change },
      scim_config: { ...provisioning, ...scim },
    };
    return providers.update(id, body as Parameters<typeof providers.update>[1]);
  };
const consent: (change: object | undefined) => Break =
  (change) =>
  async ({ graph }, { servicePrincipalObjectId: id }) => {
    const { value } = await graph.api(`/oauth2PermissionGrants?$filter=clientId eq '${id}'`).get();
    const grant = graph.api(`/oauth2PermissionGrants/${value[0].id}`);
    return change ? grant.patch(change) : grant.delete();
  };
const twin = () => deployed.lab().twin;

interface Case {
  change: Break;
  fails: string[];
  peopleSee?: string;
  advice?: string;
  demands?: Demands;
}
const cases: Record<string, Case> = {
  "the redirect URI was changed": {
    change: application({ web: { redirectUris: ["https://changed-by-hand.example/callback"] } }),
    fails: ["redirect-uri"],
    peopleSee: "AADSTS50011",
    advice: "pulumi up",
  },
  "another redirect URI was added": {
    change: (clouds, asked) =>
      application({ web: { redirectUris: [asked.redirectUri, "https://other.example/"] } })(clouds, asked),
    fails: ["redirect-uri"],
  },
  "a redirect URI of another platform": {
    change: application({ spa: { redirectUris: ["https://other.example/"] } }),
    fails: ["other-redirect-uris"],
  },
  "open to other tenants": {
    change: application({ signInAudience: "AzureADMultipleOrgs" }),
    fails: ["audience"],
  },
  "implicit grant": {
    change: application({ web: { implicitGrantSettings: { enableIdTokenIssuance: true } } }),
    fails: ["implicit-grant"],
  },
  "the application asks for nothing": {
    change: application({ requiredResourceAccess: [] }),
    fails: ["permissions"],
  },
  "the application was deleted": {
    change: ({ graph }, asked) => graph.api(`/applications/${asked.applicationObjectId}`).delete(),
    fails: ["application", "service-principal"],
    peopleSee: "AADSTS700016",
  },
  "the service principal was deleted": {
    change: ({ graph }, asked) => graph.api(`/servicePrincipals/${asked.servicePrincipalObjectId}`).delete(),
    fails: ["service-principal"],
    peopleSee: "AADSTS700016",
  },
  "the service principal is disabled": {
    change: servicePrincipal({ accountEnabled: false }),
    fails: ["service-principal"],
    peopleSee: "AADSTS7000112",
  },
  "assignment is required": {
    change: servicePrincipal({ appRoleAssignmentRequired: true }),
    fails: ["assignment"],
    peopleSee: "AADSTS50105",
  },
  "the consent was removed": { change: consent(undefined), fails: ["consent"], peopleSee: "AADSTS65001" },
  "a permission is not consented to": {
    change: consent({ scope: "openid User.Read" }),
    fails: ["consent"],
    peopleSee: "AADSTS65001",
  },
  "the client secret was removed": {
    change: ({ graph }, { applicationObjectId, keyId }) =>
      graph.api(`/applications/${applicationObjectId}/removePassword`).post({ keyId }),
    fails: ["client-secret", "client-secret-live"],
    peopleSee: "AADSTS7000215",
    advice: "Run `",
  },
  "the client secret has expired": {
    change: async () => twin().clock.advance(800 * 24 * 60 * 60),
    fails: ["client-secret", "client-secret-live"],
    peopleSee: "AADSTS7000222",
  },
  "the client secret ends sooner than wanted": {
    change: async () => {},
    demands: { secretDays: 700 },
    fails: ["client-secret"],
    advice: "entra-access rotate",
  },
  "the token endpoint does not know the client secret": {
    change: async () => {
      twin().secretDelaySeconds = 3600;
    },
    fails: ["client-secret-live"],
    peopleSee: "AADSTS7000215",
  },
  "the identity provider was deleted": {
    change: ({ cloudflare, accountId }, { identityProviderId: id }) =>
      cloudflare.zeroTrust.identityProviders.delete(id, { account_id: accountId }),
    fails: ["identity-provider"],
    peopleSee: "login page",
  },
  "another client id": {
    change: identityProvider({ client_id: contoso.deployer.appId }),
    fails: ["client-id"],
    peopleSee: "AADSTS700016",
  },
  "another directory": {
    change: identityProvider({ directory_id: contoso.deployer.appId }),
    fails: ["directory-id"],
    peopleSee: "AADSTS90002",
  },
  "groups off": { change: identityProvider({ support_groups: false }), fails: ["groups"] },
  "PKCE off": { change: identityProvider({ pkce_enabled: false }), fails: ["pkce"] },
  "another name": { change: identityProvider({}, {}, "Azure AD"), fails: ["identity-provider-settings"] },
  "another prompt": { change: identityProvider({ prompt: "login" }), fails: ["identity-provider-settings"] },
  "SCIM on": { change: identityProvider({}, { enabled: true }), fails: ["identity-provider-settings"] },
  "nobody signed in": { change: async () => {}, demands: { signInDays: 7 }, fails: ["sign-in"] },
};

test.each(Object.entries(cases))("%s: exactly that fails", async (_name, one) => {
  await one.change(await deployed.administrator(), deployed.asked());
  const report = await look(one.demands);
  const wrong = failed(report);
  expect(wrong.map(({ id }) => id)).toEqual(one.fails);
  expect(report.result).toBe("failed");
  for (const { peopleSee } of wrong) expect(peopleSee ?? "").toContain(one.peopleSee ?? "");
  for (const { advice } of wrong) expect(advice).toContain(one.advice ?? "");
  for (const { found, wanted } of wrong) expect(found).not.toBe(wanted);
});

test("a sign-in on the test page is the proof; it gets old", async () => {
  const browser = new Browser(twin());
  await browser.go(twin().browserUrlOf(deployed.asked().testUrl));
  expect((await browser.signIn(contosoUsers.ada)).html).toContain("Your connection works");
  await browser.close();

  const report = await look({ signInDays: 7 });
  expect(report).toMatchObject({ result: "as declared", byHand: [expect.anything()] });
  const details = { at: expect.stringMatching(/Z$/), by: contosoUsers.ada.mail };
  expect(finding(report, "sign-in")).toMatchObject({ status: "passed", details });

  twin().clock.advance(8 * 24 * 60 * 60);
  expect(failed(await look({ signInDays: 7 })).map(({ id }) => id)).toEqual(["sign-in"]);
  expect(failed(await look())).toEqual([]);
});

test("a tenant that is not there", async () => {
  const report = await look({}, { ...deployed.asked(), tenantId: contoso.accountId });
  expect(failed(report).map(({ id }) => id)).toEqual(["tenant", "directory-id"]);
  expect(finding(report, "tenant")?.found).toMatch(/^AADSTS90002: /);
});

test("another team than the account's: the settings are what to change", async () => {
  const redirectUri = "https://contoso-eu.cloudflareaccess.com/cdn-cgi/access/callback";
  const change = application({ web: { redirectUris: [redirectUri] } });
  await change(await deployed.administrator(), deployed.asked());
  const [only, ...others] = failed(
    await look({}, { ...deployed.asked(), teamName: "contoso-eu", redirectUri }),
  );
  expect(others).toEqual([]);
  expect(only).toMatchObject({ id: "redirect-uri", found: redirectUri, peopleSee: "AADSTS50011" });
  expect(only?.advice).toContain("set teamName");
});

test("more consented to than asked for fails, and keeps nobody out", async () => {
  const { permissions } = deployed.asked();
  const change = consent({ scope: [...permissions, "Mail.Read"].join(" ") });
  await change(await deployed.administrator(), deployed.asked());
  const [only, ...others] = failed(await look());
  expect(others).toEqual([]);
  expect(only).toMatchObject({ id: "consent", found: expect.stringContaining("Mail.Read") });
  expect(only).not.toHaveProperty("peopleSee");
});
