import { describeVerifyReport } from "../../../ops/checks/describe";
import type { VerifyReport } from "../../../ops/checks/verify";
import { verifyStack } from "../../../ops/checks/verify-stack";
import type { Stack } from "../../../ops/stacks";
import { fabrikam } from "../../../twin/index";
import type { Checkpoint } from "../../support/checkpoint";
import { useEngineFixture } from "../../support/engine-fixture";
import { deployBoth, partner, withPartner } from "../../support/partner";

const lab = useEngineFixture();
let stack: Stack;
let made: Record<string, string>;
let deployed: Checkpoint;
beforeAll(async () => {
  ({ stack, made, deployed } = await deployBoth(lab));
});
beforeEach(() => deployed.restore());

const ids = (report: Pick<VerifyReport, "checks"> | undefined, expected: string) =>
  report?.checks.filter(({ status }) => status === expected).map(({ id }) => id);
const theirs = ({ identityProviders }: VerifyReport) => identityProviders?.fabrikam;

test("runs all checks for both tenants, and lists two addresses to test", async () => {
  const report = await verifyStack(stack);
  expect(report).toMatchObject({
    result: "in sync",
    testUrl: expect.not.stringContaining(`${made.testUrl}`),
  });
  expect(theirs(report)).toMatchObject({
    tenantId: fabrikam.tenantId,
    result: "in sync",
    testUrl: made.testUrl,
  });
  expect(theirs(report)?.checks.map(({ id }) => id)).toEqual(report.checks.map(({ id }) => id));
  expect(ids(theirs(report), "passed")).toEqual(ids(report, "passed"));
  expect(report.manualSteps.filter((line) => line.startsWith("Open "))).toHaveLength(2);
});

test("reports changes of the further tenant under its name", async () => {
  const { graph } = await lab.administrator(fabrikam);
  await graph.api(`/applications/${made.applicationObjectId}`).patch({ web: { redirectUris: [] } });
  const consents = `/oauth2PermissionGrants?$filter=clientId eq '${made.servicePrincipalObjectId}'`;
  const { value } = await graph.api(consents).get();
  await graph.api(`/oauth2PermissionGrants/${value[0].id}`).delete();

  const report = await verifyStack(stack);
  expect(report.result).toBe("failed");
  expect(ids(report, "failed")).toEqual([]);
  expect(theirs(report)?.result).toBe("failed");
  expect(ids(theirs(report), "failed")).toEqual(["redirect-uri", "consent"]);
  const lines = describeVerifyReport(report);
  const heading = lines.findIndex((line) => line.includes(`fabrikam: tenant ${fabrikam.tenantId}`));
  expect(heading).toBeGreaterThan(0);
  expect(lines.findIndex((line) => line.includes("redirect URI: none"))).toBeGreaterThan(heading);
  expect(lines).toContainEqual(expect.stringContaining("of 44 checks passed, 2 failed"));
});

test("checks the stack's own tenant even if the further one refuses the sign-in", async () => {
  await stack.configure(withPartner({ clientSecret: "another" }));
  const report = await verifyStack(stack);
  expect(report.result).toBe("unknown");
  expect(ids(report, "unknown")).toEqual([]);
  expect(theirs(report)?.checks.find(({ id }) => id === "consent")?.cause).toContain("AADSTS7000215");
  // Everything that does not need that sign-in.
  expect(ids(theirs(report), "passed")).toEqual(
    expect.arrayContaining(["tenant", "client-secret-live", "groups"]),
  );

  const { graph } = await lab.administrator();
  const own = (await stack.outputs()).applicationObjectId?.value;
  await graph.api(`/applications/${own}`).patch({ web: { redirectUris: [] } });
  const broken = await verifyStack(stack);
  expect(broken.result).toBe("failed");
  expect(ids(broken, "failed")).toEqual(["redirect-uri"]);
});

test("compares the further tenant with its own settings", async () => {
  const { tenantId, ...signIn } = partner;
  const expected = {
    displayName: "Partners",
    permissions: { names: ["openid"] },
    identityProvider: { prompt: "login" },
    assignedOnly: true,
  };
  await stack.configure(withPartner(expected));
  const before = await verifyStack(stack);
  expect(ids(before, "failed")).toEqual([]);
  expect(ids(theirs(before), "failed")).toEqual([
    "permissions",
    "assignment",
    "consent",
    "identity-provider-settings",
  ]);
  await stack.up();
  expect((await verifyStack(stack)).result).toBe("in sync");

  const tailspin = { ...signIn, tenantId: "0d9f3c5a-8b1e-4c27-a6f4-71e2b95d8c30" };
  await stack.configure({
    "entra-access:access": { identityProviders: { fabrikam: { ...partner, ...expected }, tailspin } },
  });
  const { result, identityProviders } = await verifyStack(stack);
  expect(result).toBe("unknown");
  expect(identityProviders?.fabrikam?.result).toBe("in sync");
  expect(identityProviders?.tailspin?.checks).toEqual([
    expect.objectContaining({ status: "unknown", cause: expect.stringContaining("never deployed") }),
  ]);
});
