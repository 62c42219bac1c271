import * as pulumi from "@pulumi/pulumi";
import { checkDeployedTargets, checkTarget } from "../../components/preflight";
import { accountId, answers, resources, startProgram, tenantId } from "../support/mocks";

const target = { tenantId, accountId, teamName: "contoso" };

beforeEach(startProgram);
afterEach(async () => expect(await resources()).toEqual({}));

test("passes when both providers are signed in to the target", async () => {
  await expect(checkTarget({ ...target, tenantId: tenantId.toUpperCase() })).resolves.toBe(
    "cloudflareaccess.com",
  );
});

test("passes with a warning when the organization has the next team name already", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  await checkTarget({ ...target, nextTeamName: "contoso-eu" });
  expect(warn).not.toHaveBeenCalled();
  await checkTarget({ ...target, teamName: "contoso-us", nextTeamName: "contoso" });
  expect(warn.mock.calls[0]?.[0]).toContain("set teamName to contoso and remove nextTeamName");
  warn.mockRestore();
});

test("another tenant and another team are both reported, before anything is created", async () => {
  const check = checkTarget({
    ...target,
    tenantId: "9b8c7d6e-0000-4000-8000-000000000000",
    teamName: "fabrikam",
  });
  await expect(check).rejects.toThrow(pulumi.RunError);
  await expect(check).rejects.toThrow(
    `tenantId must be ${tenantId}, the tenant that the azuread provider is signed in to; found ` +
      "9b8c7d6e-0000-4000-8000-000000000000. " +
      "Correct it, or sign in to the other tenant (azuread:tenantId or ARM_TENANT_ID).\n" +
      `teamName must be that of account ${accountId}, whose Cloudflare organization has the domain ` +
      'contoso.cloudflareaccess.com; found "fabrikam" (fabrikam.cloudflareaccess.com). Correct teamName or accountId.',
  );
});

test("a provider that is configured with a domain of the tenant is told the id", async () => {
  answers["azuread:index/getClientConfig:getClientConfig"] = { tenantId: "contoso.onmicrosoft.com" };
  await expect(checkTarget(target)).rejects.toThrow(
    "azuread:tenantId (or ARM_TENANT_ID) must be the id of the tenant, not a domain; found contoso.onmicrosoft.com. " +
      `Set it: pulumi config set azuread:tenantId ${tenantId}`,
  );
});

test("a sign-in that is deployed stays in its account and tenant, and each that does not is told where to go", async () => {
  const other = "9b8c7d6e-0000-4000-8000-000000000000";
  const directory = { tenantId: other };
  const check = (deployed: Record<string, { tenantId?: string; accountId?: string }>) =>
    checkDeployedTargets(
      accountId,
      { entra: { directory }, partner: { directory } },
      (name) => deployed[name] ?? {},
    );
  await expect(check({ entra: { tenantId: other.toUpperCase(), accountId } })).resolves.toBeUndefined();
  const last = "0123456789abcdef0123456789abcdef";
  const move =
    "Create another stack for it (npx entra-access new-stack), or move this one as docs/runbook.md says under";
  const moved = `tenantId must stay ${tenantId}, to which the stack is deployed; found ${other}.`;
  await expect(check({ entra: { tenantId, accountId: last }, partner: { tenantId } })).rejects.toThrow(
    [
      `accountId must stay ${last}, to which the stack is deployed; found ${accountId}. ${move} "The Cloudflare account is gone".`,
      `${moved} ${move} "The tenant is gone".`,
      `access.identityProviders.partner.${moved} Add another entry for it.`,
    ].join("\n"),
  );
});

test("an error of a provider is reported with its own message", async () => {
  answers["azuread:index/getClientConfig:getClientConfig"] = new Error(
    "AADSTS7000215: Invalid client secret",
  );
  answers["cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization"] = new Error(
    '403 Forbidden {"errors":[{"code":10000,"message":"Authentication error"}]}',
  );
  const check = checkTarget(target);
  await expect(check).rejects.toThrow(
    `Could not sign in to tenant ${tenantId} with Microsoft Entra ID: AADSTS7000215: Invalid client secret\n`,
  );
  await expect(check).rejects.toThrow(
    `Could not read the Cloudflare organization of account ${accountId}: 403 Forbidden {"errors":[{"code":10000`,
  );
});
