import { describeReport } from "../../../ops/checks/describe";
import { verifyStack } from "../../../ops/checks/sight";
import type { VerifyReport } from "../../../ops/checks/verify";
import type { Stack } from "../../../ops/stacks";
import { fabrikam } from "../../../twin/index";
import type { Checkpoint } from "../../support/checkpoint";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";
import { deployBoth, partner, withPartner } from "../../support/partner";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let stack: Stack;
let made: Record<string, string>;
let deployed: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  ({ stack, made, deployed } = await deployBoth(lab));
});
beforeEach(() => deployed.restore());
afterAll(() => lab.close());

const ids = (report: Pick<VerifyReport, "checks"> | undefined, wanted: string) =>
  report?.checks.filter(({ status }) => status === wanted).map(({ id }) => id);
const theirs = ({ identityProviders }: VerifyReport) => identityProviders?.fabrikam;

test("both tenants as declared: each check of each, and two addresses to try", async () => {
  const report = await verifyStack(stack);
  expect(report).toMatchObject({
    result: "as declared",
    testUrl: expect.not.stringContaining(`${made.testUrl}`),
  });
  expect(theirs(report)).toMatchObject({
    tenantId: fabrikam.tenantId,
    result: "as declared",
    testUrl: made.testUrl,
  });
  expect(theirs(report)?.checks.map(({ id }) => id)).toEqual(report.checks.map(({ id }) => id));
  expect(ids(theirs(report), "passed")).toEqual(ids(report, "passed"));
  expect(report.byHand.filter((line) => line.startsWith("Open "))).toHaveLength(2);
});

test("what was changed in the further tenant is found there, under its name", async () => {
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
  const lines = describeReport(report);
  const heading = lines.findIndex((line) => line.includes(`fabrikam: tenant ${fabrikam.tenantId}`));
  expect(heading).toBeGreaterThan(0);
  expect(lines.findIndex((line) => line.includes("redirect URI: none"))).toBeGreaterThan(heading);
  expect(lines).toContainEqual(expect.stringContaining("of 38 checks passed, 2 failed"));
});

test("who cannot sign in to the further tenant is told of the stack's own all the same", async () => {
  await stack.configure(withPartner({ clientSecret: "another" }));
  const report = await verifyStack(stack);
  expect(report.result).toBe("could not tell");
  expect(ids(report, "unknown")).toEqual([]);
  expect(theirs(report)?.checks.find(({ id }) => id === "consent")?.cause).toContain("AADSTS7000215");
  // What is not behind that sign-in.
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

test("settings of the further tenant are what is asked for there: name, permissions, who may sign in", async () => {
  const { tenantId, ...signIn } = partner;
  const wanted = {
    displayName: "Partners",
    permissions: { names: ["openid"] },
    identityProvider: { prompt: "login" },
    assignedOnly: true,
  };
  await stack.configure(withPartner(wanted));
  const before = await verifyStack(stack);
  expect(ids(before, "failed")).toEqual([]);
  expect(ids(theirs(before), "failed")).toEqual([
    "permissions",
    "assignment",
    "consent",
    "identity-provider-settings",
  ]);
  await stack.up();
  expect((await verifyStack(stack)).result).toBe("as declared");

  const tailspin = { ...signIn, tenantId: "0d9f3c5a-8b1e-4c27-a6f4-71e2b95d8c30" };
  await stack.configure({
    "entra-access:access": { identityProviders: { fabrikam: { ...partner, ...wanted }, tailspin } },
  });
  const { result, identityProviders } = await verifyStack(stack);
  expect(result).toBe("could not tell");
  expect(identityProviders?.fabrikam?.result).toBe("as declared");
  expect(identityProviders?.tailspin?.checks).toEqual([
    expect.objectContaining({ status: "unknown", cause: expect.stringContaining("never deployed") }),
  ]);
});
