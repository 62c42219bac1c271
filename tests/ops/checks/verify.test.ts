import type { VerifyRequirements } from "../../../ops/checks/context";
import { deriveExpectedSignIn, type ExpectedSignIn } from "../../../ops/checks/expected-sign-in";
import { VERIFY_CHECKS, type VerifyReport, verifySignIn } from "../../../ops/checks/verify";
import type { Clouds } from "../../../ops/clients/clouds";
import { contoso, contosoGroups, contosoUsers } from "../../../twin/index";
import { engineTimeout } from "../../support/engine-fixture";
import { createScimClient, type ScimClient } from "../../twin/cloudflare/scim-client";
import { Browser } from "../../twin/entra/browser";
import { useDeployedStack } from "./deployed-stack";

jest.setTimeout(engineTimeout);
const deployed = useDeployedStack();

const runVerify = (requirements: VerifyRequirements = {}, expected = deployed.expected()) =>
  verifySignIn(deployed.clouds(), expected, { stack: "test", ...requirements });
const listFailed = ({ checks }: VerifyReport) => checks.filter(({ status }) => status === "failed");
const findCheck = ({ checks }: VerifyReport, checkId: string) => checks.find(({ id }) => id === checkId);

test("every check passes with read permissions when the stack is in sync", async () => {
  const before = deployed.lab().twin.requests.length;
  const report = await runVerify();
  expect(report.checks.filter(({ status }) => status !== "passed").map(({ id }) => id)).toEqual(["sign-in"]);
  expect(report).toMatchObject({ result: "in sync", stack: "test", teamName: "contoso" });
  expect(report.checks.map(({ id }) => id)).toEqual(VERIFY_CHECKS.map(({ id }) => id));
  const requests = deployed.lab().twin.requests.slice(before);
  expect(
    requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/oauth2/v2.0/token")),
  ).toEqual([]);
  expect(new Set(requests.map(({ caller }) => caller))).toEqual(
    new Set([undefined, "auditor", expect.stringContaining("Cloudflare Access")]),
  );
});

type Change = (clouds: Clouds, expected: ExpectedSignIn) => Promise<unknown>;
const application =
  (change: object): Change =>
  ({ graph }, { applicationObjectId: id }) =>
    graph.api(`/applications/${id}`).patch(change);
const servicePrincipal =
  (change: object): Change =>
  ({ graph }, { servicePrincipalObjectId: id }) =>
    graph.api(`/servicePrincipals/${id}`).patch(change);
const identityProvider =
  (change: object, scim: object = {}, name = "Entra ID"): Change =>
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
const consent: (change: object | undefined) => Change =
  (change) =>
  async ({ graph }, { servicePrincipalObjectId: id }) => {
    const { value } = await graph.api(`/oauth2PermissionGrants?$filter=clientId eq '${id}'`).get();
    const grant = graph.api(`/oauth2PermissionGrants/${value[0].id}`);
    return change ? grant.patch(change) : grant.delete();
  };
const getRedirectUri = (team: string) => `https://${team}.cloudflareaccess.com/cdn-cgi/access/callback`;
const twin = () => deployed.lab().twin;

interface Case {
  change: Change;
  fails: string[];
  symptom?: string;
  advice?: string;
  requirements?: VerifyRequirements;
}
const cases: Record<string, Case> = {
  "the redirect URI was changed": {
    change: application({ web: { redirectUris: ["https://changed-by-hand.example/callback"] } }),
    fails: ["redirect-uri"],
    symptom: "AADSTS50011",
    advice: "npx entra-access up",
  },
  "another redirect URI was added": {
    change: application({ web: { redirectUris: [getRedirectUri("contoso"), "https://other.example/"] } }),
    fails: ["redirect-uri"],
  },
  "a redirect URI of another platform was added": {
    change: application({ spa: { redirectUris: ["https://other.example/"] } }),
    fails: ["other-redirect-uris"],
  },
  "the application is open to other tenants": {
    change: application({ signInAudience: "AzureADMultipleOrgs" }),
    fails: ["audience"],
  },
  "the implicit grant is enabled": {
    change: application({ web: { implicitGrantSettings: { enableIdTokenIssuance: true } } }),
    fails: ["implicit-grant"],
  },
  "the application requests no permissions": {
    change: application({ requiredResourceAccess: [] }),
    fails: ["permissions"],
  },
  "the application was deleted": {
    change: ({ graph }, expected) => graph.api(`/applications/${expected.applicationObjectId}`).delete(),
    fails: ["application", "service-principal"],
    symptom: "AADSTS700016",
  },
  "the service principal was deleted": {
    change: ({ graph }, expected) =>
      graph.api(`/servicePrincipals/${expected.servicePrincipalObjectId}`).delete(),
    fails: ["service-principal"],
    symptom: "AADSTS700016",
  },
  "the service principal is disabled": {
    change: servicePrincipal({ accountEnabled: false }),
    fails: ["service-principal"],
    symptom: "AADSTS7000112",
  },
  "assignment is required": {
    change: servicePrincipal({ appRoleAssignmentRequired: true }),
    fails: ["assignment"],
    symptom: "AADSTS50105",
  },
  "the consent was removed": { change: consent(undefined), fails: ["consent"], symptom: "AADSTS65001" },
  "a permission lacks consent": {
    change: consent({ scope: "openid User.Read" }),
    fails: ["consent"],
    symptom: "AADSTS65001",
  },
  "the client secret was removed": {
    change: ({ graph }, { applicationObjectId, keyId }) =>
      graph.api(`/applications/${applicationObjectId}/removePassword`).post({ keyId }),
    fails: ["client-secret", "client-secret-live"],
    symptom: "AADSTS7000215",
    advice: "Run `",
  },
  "the client secret has expired": {
    change: async () => twin().clock.advance(800 * 24 * 60 * 60),
    fails: ["client-secret", "client-secret-live"],
    symptom: "AADSTS7000222",
  },
  "the client secret expires within the required days": {
    change: async () => {},
    requirements: { secretDays: 700 },
    fails: ["client-secret"],
    advice: "entra-access rotate",
  },
  "the token endpoint does not know the client secret": {
    change: async () => {
      twin().secretDelaySeconds = 3600;
    },
    fails: ["client-secret-live"],
    symptom: "AADSTS7000215",
  },
  "the identity provider was deleted": {
    change: ({ cloudflare, accountId }, { identityProviderId: id }) =>
      cloudflare.zeroTrust.identityProviders.delete(id, { account_id: accountId }),
    fails: ["identity-provider"],
    symptom: "login page",
  },
  "the identity provider has another client id": {
    change: identityProvider({ client_id: contoso.deployer.appId }),
    fails: ["client-id"],
    symptom: "AADSTS700016",
  },
  "the identity provider has another directory id": {
    change: identityProvider({ directory_id: contoso.deployer.appId }),
    fails: ["directory-id"],
    symptom: "AADSTS90002",
  },
  "groups are disabled": { change: identityProvider({ support_groups: false }), fails: ["groups"] },
  "PKCE is disabled": { change: identityProvider({ pkce_enabled: false }), fails: ["pkce"] },
  "the identity provider has another name": {
    change: identityProvider({}, {}, "Azure AD"),
    fails: ["identity-provider-settings"],
  },
  "the identity provider has another prompt": {
    change: identityProvider({ prompt: "login" }),
    fails: ["identity-provider-settings"],
  },
  "SCIM is enabled": {
    change: identityProvider({}, { enabled: true }),
    fails: ["identity-provider-settings"],
  },
  "nobody signed in": { change: async () => {}, requirements: { signInDays: 7 }, fails: ["sign-in"] },
};

test.each(Object.entries(cases))("exactly the affected checks fail: %s", async (_name, one) => {
  await one.change(await deployed.administrator(), deployed.expected());
  const report = await runVerify(one.requirements);
  const failed = listFailed(report);
  expect(failed.map(({ id }) => id)).toEqual(one.fails);
  expect(report.result).toBe("failed");
  for (const { symptom } of failed) expect(symptom ?? "").toContain(one.symptom ?? "");
  for (const { advice } of failed) expect(advice).toContain(one.advice ?? "");
  for (const { actual, expected } of failed) expect(actual).not.toBe(expected);
});

test("an optional claim that holds the address is checked where the settings ask for it; claims of others may be there", async () => {
  const settings = {
    "entra-access:application": { emailClaim: true },
    "entra-access:identityProvider": { emailClaimName: "upn" },
  };
  const { idTokenClaims } = deriveExpectedSignIn(settings, {});
  expect(idTokenClaims).toEqual(["email", "upn"]);
  const check = async () =>
    findCheck(await runVerify({}, { ...deployed.expected(), idTokenClaims }), "id-token-claims");
  expect(await check()).toMatchObject({ status: "failed", actual: "none", expected: "email upn" });
  const idToken = ["upn", "email", "ctry"].map((name) => ({ name }));
  await application({ optionalClaims: { idToken } })(await deployed.administrator(), deployed.expected());
  expect(await check()).toMatchObject({ status: "passed", actual: "email upn" });
  expect(findCheck(await runVerify(), "id-token-claims")).toBeUndefined();
});

describe("people who are provisioned to Cloudflare", () => {
  const { ada, emil } = contosoUsers;
  const enabled = () => ({
    ...deployed.expected(),
    identityProvider: { ...deployed.expected().identityProvider, enabled: true },
  });
  const runCheck = async (id = "provisioned-people", more: Partial<ExpectedSignIn> = {}) =>
    findCheck(await runVerify({}, { ...enabled(), ...more }), id);
  /** Turns SCIM on, and returns a client of its endpoint. */
  async function turnOn() {
    const clouds = await deployed.administrator();
    const { scim_config } = await identityProvider({}, { enabled: true })(clouds, deployed.expected()).then(
      (provider) => provider as { scim_config: { scim_base_url: string; secret: string } },
    );
    return createScimClient(twin(), scim_config.scim_base_url, scim_config.secret);
  }
  const provision = (scim: ScimClient, userName: string, active = true) => {
    const emails = [{ type: "work", value: userName }];
    return scim("POST", "/Users", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName,
      active,
      emails,
    });
  };

  test("pass while they are enabled in Entra, and fail with their names when they are not", async () => {
    const scim = await turnOn();
    expect(await runCheck()).toMatchObject({ status: "open", actual: "nobody is provisioned" });
    await provision(scim, ada.userPrincipalName.toUpperCase());
    const { body: disabled } = await provision(scim, emil.userPrincipalName, false);
    expect(await runCheck()).toMatchObject({ status: "passed" });
    await provision(scim, "gone@contoso.onmicrosoft.com");
    await scim("PATCH", `/Users/${disabled.id}`, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "Replace", path: "active", value: "True" }],
    });
    const failed = await runCheck();
    expect(failed).toMatchObject({
      status: "failed",
      actual: `not in Entra, or disabled: ${emil.userPrincipalName}, gone@contoso.onmicrosoft.com`,
      details: { people: 2 },
    });
    expect(failed?.advice).toContain("40 minutes");
  });

  test("are missed in groups within groups, which are named", async () => {
    const groups = Object.values(contosoGroups).map(({ displayName, id }) => [displayName, id]);
    const entraGroups = { ...Object.fromEntries(groups), Gone: deployed.expected().applicationObjectId };
    expect(await runCheck("nested-groups", { entraGroups })).toMatchObject({
      status: "open",
      actual: "Engineers in Employees",
    });
    const { Employees: _employees, ...others } = entraGroups;
    expect(await runCheck("nested-groups", { entraGroups: others })).toMatchObject({ status: "passed" });
  });
});

test("a sign-in on the test page passes until it is too old", async () => {
  const browser = new Browser(twin());
  await browser.go(twin().browserUrlOf(deployed.expected().testUrl));
  expect((await browser.signIn(contosoUsers.ada)).html).toContain("Your connection works");
  await browser.close();

  const report = await runVerify({ signInDays: 7 });
  expect(report).toMatchObject({ result: "in sync", manualSteps: [expect.anything()] });
  const details = { at: expect.stringMatching(/Z$/), by: contosoUsers.ada.mail };
  expect(findCheck(report, "sign-in")).toMatchObject({ status: "passed", details });

  twin().clock.advance(8 * 24 * 60 * 60);
  expect(listFailed(await runVerify({ signInDays: 7 })).map(({ id }) => id)).toEqual(["sign-in"]);
  expect(listFailed(await runVerify())).toEqual([]);
});

test("fails for a tenant that does not exist", async () => {
  const report = await runVerify({}, { ...deployed.expected(), tenantId: contoso.accountId });
  expect(listFailed(report).map(({ id }) => id)).toEqual(["tenant", "directory-id"]);
  expect(findCheck(report, "tenant")?.actual).toMatch(/^AADSTS90002: /);
});

test("advises to change teamName when the account has another team", async () => {
  const redirectUri = getRedirectUri("contoso-eu");
  const change = application({ web: { redirectUris: [redirectUri] } });
  await change(await deployed.administrator(), deployed.expected());
  const [only, ...others] = listFailed(
    await runVerify({}, { ...deployed.expected(), teamName: "contoso-eu" }),
  );
  expect(others).toEqual([]);
  expect(only).toMatchObject({ id: "redirect-uri", actual: redirectUri, symptom: "AADSTS50011" });
  expect(only?.advice).toContain("set teamName");
});

test.each([
  { teamName: "contoso", nextTeamName: "contoso-eu" },
  { teamName: "contoso-us", nextTeamName: "contoso" },
])("expects both redirect URIs while a team is renamed: %j", async (names) => {
  const redirectUris = Object.values(names).map(getRedirectUri);
  const change = application({ web: { redirectUris } });
  const failed = async () =>
    listFailed(await runVerify({}, { ...deployed.expected(), ...names })).map(({ id }) => id);
  expect(await failed()).toEqual(["redirect-uri"]);
  await change(await deployed.administrator(), deployed.expected());
  expect(await failed()).toEqual([]);
});

test("an additional consent fails without a symptom", async () => {
  const { permissions } = deployed.expected();
  const change = consent({ scope: [...permissions, "Mail.Read"].join(" ") });
  await change(await deployed.administrator(), deployed.expected());
  const [only, ...others] = listFailed(await runVerify());
  expect(others).toEqual([]);
  expect(only).toMatchObject({ id: "consent", actual: expect.stringContaining("Mail.Read") });
  expect(only).not.toHaveProperty("symptom");
});

test("an application permission that lacks request and consent fails", async () => {
  const expected = { ...deployed.expected(), applicationPermissions: ["Policy.Read.ConditionalAccess"] };
  const report = await runVerify({}, expected);
  expect(listFailed(report).map(({ id }) => id)).toEqual(["permissions", "application-consent"]);
  expect(findCheck(report, "application-consent")).toMatchObject({
    actual: "none",
    expected: "Policy.Read.ConditionalAccess",
  });
});
