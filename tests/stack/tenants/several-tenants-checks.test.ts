import { describeVerifyReport } from "../../../ops/checks/describe";
import type { VerifyReport } from "../../../ops/checks/verify";
import { verifyStack } from "../../../ops/checks/verify-stack";
import { formatDriftLines, formatDriftRow } from "../../../ops/drift/format";
import { checkStack } from "../../../ops/drift/stack/check";
import type { Stack } from "../../../ops/stacks";
import { contoso, fabrikam } from "../../../twin/index";
import type { Checkpoint } from "../../support/checkpoint";
import { useEngineFixture } from "../../support/engine-fixture";
import { deployBoth, partner, withPartner } from "../../support/partner";

/** Fabrikam's deployer may read the directory's audit log, Contoso's may not. */
const { tenant } = fabrikam;
const principals = tenant.principals.map((principal) =>
  principal.appId === fabrikam.deployer.appId
    ? { ...principal, permissions: [...principal.permissions, "AuditLog.Read.All"] }
    : principal,
);
const seed = {
  tenants: [contoso.tenant, { ...tenant, principals }],
  accounts: [contoso.account, fabrikam.account],
};

const lab = useEngineFixture(seed);
let stack: Stack;
let made: Record<string, string>;
let deployed: Checkpoint;
beforeAll(async () => {
  ({ stack, made, deployed } = await deployBoth(lab));
});
beforeEach(() => deployed.restore());

describe("drift", () => {
  test("reports the client secret of each tenant, and the topology of the stack's own, when nothing differs", async () => {
    const { drift } = await checkStack(stack);
    expect(drift).toMatchObject({
      result: "in sync",
      rotation: { number: 1, due: false },
      identityProviders: { fabrikam: { rotation: { number: 1, due: false } } },
      topology: { application: "Cloudflare Access (contoso)", identityProvider: "Entra ID" },
    });
    const { rotation, identityProviders } = drift;
    expect(identityProviders?.fabrikam?.rotation?.keyId).not.toBe(rotation?.keyId);
  });

  test("reports drift and unmanaged objects of the further tenant under its name, with audit log entries", async () => {
    const { graph } = await lab.administrator(fabrikam);
    const application = graph.api(`/applications/${made.applicationObjectId}`);
    await application.patch({ web: { redirectUris: ["https://changed.example/callback"] } });
    const passwordCredential = { displayName: "by hand" };
    await graph.api(`/applications/${made.applicationObjectId}/addPassword`).post({ passwordCredential });

    const { drift } = await checkStack(stack);
    expect(drift.result).toBe("drift");
    expect(drift.unmanaged).toEqual([
      expect.objectContaining({ kind: "client secret", name: "by hand", identityProvider: "fabrikam" }),
    ]);
    const by = `last by \\S+ \\(${fabrikam.administrator.appId}\\): `;
    expect(formatDriftLines(drift)).toEqual([
      expect.stringMatching(new RegExp(`^fabrikam-application web\\.redirectUris.*${by}`)),
      expect.stringMatching(
        new RegExp(`^fabrikam: client secret "by hand" \\(.*\\): unmanaged; since .*${by}`),
      ),
    ]);
  });

  test("reports an audit log of the stack's own tenant that cannot be read for that tenant only", async () => {
    const { graph } = await lab.administrator();
    const own = (await stack.outputs()).applicationObjectId?.value;
    const passwordCredential = { displayName: "by hand" };
    await graph.api(`/applications/${own}/addPassword`).post({ passwordCredential });
    const lines = formatDriftLines((await checkStack(stack)).drift);
    expect(lines).toEqual([
      expect.stringMatching(/^client secret "by hand" \(\S+\): unmanaged$/),
      expect.stringMatching(/^not checked: audit log of the directory: .*AuditLog\.Read\.All$/),
    ]);
  });

  test("a due rotation of one tenant affects no other tenant, and is no drift", async () => {
    await stack.configure(withPartner({ credential: { rotation: 2 } }));
    const { drift } = await checkStack(stack);
    expect(drift).toMatchObject({
      result: "in sync",
      rotation: { due: false },
      identityProviders: { fabrikam: { rotation: { number: 1, due: true } } },
    });
    expect(formatDriftRow(drift)).toContain("due");
  });
});

describe("verify", () => {
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
});
