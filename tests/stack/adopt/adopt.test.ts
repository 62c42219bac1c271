import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeAdoption } from "../../../ops/adopt/describe";
import { planAdoption } from "../../../ops/adopt/plan";
import type { Clouds } from "../../../ops/clients/clouds";
import { connectClouds } from "../../../ops/clients/deployer";
import type { Stack } from "../../../ops/stacks";
import { contoso } from "../../../twin/index";
import { useEngineFixture } from "../../support/engine-fixture";
import { findPrincipalId, makeByHand } from "../../support/made-by-hand";

const lab = useEngineFixture();
let administrator: Clouds;
let directory: string;
beforeEach(async () => {
  lab.twin.reset();
  administrator = await lab.administrator();
  directory = mkdtempSync(join(tmpdir(), "entra-access-adopt-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const plan = async (stack: Stack, identityProviderId?: string) =>
  (await planAdoption(stack, await connectClouds(await stack.providerSettings()), { identityProviderId }))
    .report;
const writes = () =>
  lab.twin.requests.filter(({ method, service }) => method !== "GET" && service !== "login").length;

test("finds the set-up of the tutorial, declares it in the config, and changes nothing", async () => {
  const made = await makeByHand(administrator, {
    config: { prompt: "select_account", claims: ["oid"] },
    capitals: true,
  });
  const stack = await lab.stack({ directory, config: { "azuread:clientSecret": contoso.deployer.secret } });
  const [before, settings] = [writes(), readFileSync(stack.settingsFile, "utf8")];
  const report = await plan(stack);
  expect([writes(), readFileSync(stack.settingsFile, "utf8")]).toEqual([before, settings]);

  const owners = [contoso.administrator, contoso.deployer].map(({ appId }) =>
    findPrincipalId(administrator, appId),
  );
  expect(report).toMatchObject({
    result: "can be adopted",
    imports: [
      { kind: "application", name: "Cloudflare (do not delete)", id: made.applicationObjectId },
      { kind: "servicePrincipal", id: made.servicePrincipalObjectId },
      { kind: "consent", id: made.consentId },
      { kind: "identityProvider", name: "Azure AD", id: made.identityProviderId },
    ],
    settings: {
      "entra-access:tenantId": contoso.tenantId,
      "entra-access:accountId": contoso.accountId,
      "entra-access:teamName": contoso.teamName,
      "entra-access:application": {
        displayName: "Cloudflare (do not delete)",
        owners: (await Promise.all(owners)).sort(),
      },
      "entra-access:identityProvider": {
        displayName: "Azure AD",
        prompt: "select_account",
        claims: ["oid"],
        pkceEnabled: false,
      },
    },
    changes: [
      'entra-application tags: [] -> ["entra-access:entra-access/test"]',
      expect.stringMatching(/^entra-identity-provider config.clientId: "[0-9A-F-]{36}" -> "[0-9a-f-]{36}"$/),
      `entra-identity-provider config.directoryId: "${contoso.tenantId.toUpperCase()}" -> "${contoso.tenantId}"`,
    ],
    blockers: [],
    notImported: [
      expect.stringMatching(`^client secret "cloudflare secret" \\(${made.keyId}, `),
      "Access policies: the API token lacks the permission to read them",
      "Access applications: the API token lacks the permission to read them",
      "Conditional Access: could not be read, which needs the permission Policy.Read.All",
    ],
  });
  expect(report.settings).not.toHaveProperty("entra-access:permissions");
  expect(JSON.stringify(report)).not.toContain(contoso.deployer.secret);
  expect(describeAdoption(report).join("\n")).toContain(`app registration   Cloudflare (do not delete)`);
});

test("lists all blockers at once", async () => {
  await makeByHand(administrator, {
    owned: false,
    application: {
      web: {
        redirectUris: [
          "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
          "https://wiki.contoso.example/callback",
        ],
        implicitGrantSettings: { enableIdTokenIssuance: true },
      },
      spa: { redirectUris: ["https://app.contoso.example"] },
      tags: ["entra-access:entra-access/other"],
    },
    servicePrincipal: { appRoleAssignmentRequired: true },
    consented: ["openid", "User.Read"],
  });
  const report = await plan(await lab.stack({ directory }));
  expect(report.result).toBe("blocked");
  expect(report.blockers.map(({ subject }) => subject)).toEqual([
    "tags",
    "admin consent",
    "permissions of the deployer",
    "entra-application singlePageApplication",
    "entra-application web.implicitGrant.idTokenIssuanceEnabled",
    "entra-application web.redirectUris[1]",
  ]);
});

test("lists several candidates, and refuses an id that is none of them", async () => {
  const [old, made] = [
    await makeByHand(administrator, { application: { displayName: "Old one" } }),
    await makeByHand(administrator),
  ];
  const stack = await lab.stack({ directory });
  const report = await plan(stack);
  expect(report.result).toBe("choice needed");
  expect(report.candidates.map(({ identityProviderId }) => identityProviderId).sort()).toEqual(
    [old, made].map(({ identityProviderId }) => identityProviderId).sort(),
  );
  await expect(plan(stack, "another")).rejects.toMatchObject({
    message: "--identity-provider must be the id of a candidate; found another",
    next: [expect.stringContaining(made.identityProviderId)],
  });
});
