import { describeReport } from "../../../ops/checks/describe";
import { type VerifyReport, verify } from "../../../ops/checks/verify";
import { UserError } from "../../../ops/errors";
import { contoso } from "../../../twin/index";
import { engineTimeout } from "../../support/engine-fixture";
import { deployedLab } from "./lab";

jest.setTimeout(engineTimeout);
const deployed = deployedLab();

const look = (as?: Parameters<typeof deployed.sight>[0], demands = {}) =>
  verify(deployed.sight(as), deployed.asked(), { stack: "test", ...demands });
const ids = ({ checks }: VerifyReport, wanted: string) =>
  checks.filter(({ status }) => status === wanted).map(({ id }) => id);
const finding = ({ checks }: VerifyReport, wanted: string) => checks.find(({ id }) => id === wanted);

const OF_GRAPH = [
  "application",
  "redirect-uri",
  "other-redirect-uris",
  "audience",
  "implicit-grant",
  "permissions",
  "service-principal",
  "assignment",
  "consent",
  "client-secret",
];
const OF_CLOUDFLARE = [
  "redirect-uri",
  "identity-provider",
  "client-id",
  "directory-id",
  "groups",
  "pkce",
  "identity-provider-settings",
];

test("a sign-in that Entra refuses: all that needs Graph could not be told, the rest is looked at", async () => {
  const report = await look({ principal: { ...contoso.auditor, secret: "another" } });
  expect(report.result).toBe("could not tell");
  expect(ids(report, "unknown")).toEqual(OF_GRAPH);
  expect(ids(report, "failed")).toEqual([]);
  const { cause, advice } = finding(report, "consent") ?? {};
  expect(cause).toMatch(/^sign-in refused: AADSTS7000215: /);
  expect(advice).toContain("ARM_CLIENT_SECRET");
  expect(describeReport(report).filter((line) => line.includes("AADSTS7000215"))).toHaveLength(1);
});

test("a principal without the right to read", async () => {
  const { tenant, account } = contoso;
  const principal = { ...contoso.auditor, permissions: [] };
  deployed.lab().twin.reset({ tenants: [{ ...tenant, principals: [principal] }], accounts: [account] });
  const report = await look();
  expect(ids(report, "unknown")).toEqual(expect.arrayContaining(["application", "service-principal"]));
  expect(finding(report, "application")?.cause).toMatch(/^Authorization_RequestDenied: /);
});

test("a token that Cloudflare does not take", async () => {
  const token = { ...contoso.tokens.auditor, value: "another_token_of_the_right_length_0123456789" };
  const report = await look({ token });
  expect(report.result).toBe("could not tell");
  expect(ids(report, "unknown")).toEqual(OF_CLOUDFLARE);
  expect(finding(report, "groups")?.cause).toBe("Cloudflare 10000: Authentication error");
  expect(finding(report, "groups")?.advice).toContain("CLOUDFLARE_API_TOKEN");
});

test("one answer that fails hides nothing else", async () => {
  const path = "/v1.0/oauth2PermissionGrants";
  deployed.lab().twin.faults.add({ on: { path }, effect: { kind: "error", status: 500 } });
  const report = await look();
  expect(ids(report, "unknown")).toEqual(["consent"]);
  expect(report.result).toBe("could not tell");
});

test("what was found wrong counts for more than what could not be told", async () => {
  const { graph } = await deployed.administrator();
  const asked = deployed.asked();
  await graph.api(`/servicePrincipals/${asked.servicePrincipalObjectId}`).patch({ accountEnabled: false });
  const report = await look();
  // The disabled principal cannot sign in, which says nothing of its secret.
  expect(ids(report, "unknown")).toEqual(["client-secret-live"]);
  expect(finding(report, "client-secret-live")?.cause).toContain("AADSTS7000112");
  expect(report.result).toBe("failed");
});

test("a state that cannot be read: the outputs still say which secret it is", async () => {
  const secret = () => Promise.reject(new UserError("incorrect passphrase"));
  const report = await look({ secret });
  expect(ids(report, "unknown")).toEqual(["client-secret-live"]);
  expect(finding(report, "client-secret")).toMatchObject({
    status: "passed",
    details: {
      keyId: deployed.asked().keyId,
      expires: expect.stringMatching(/Z$/),
      daysLeft: expect.any(Number),
    },
  });
});

test("the right to read the sign-in log is missed only where a sign-in is demanded", async () => {
  const token = contoso.tokens.deployer;
  const report = await look({ token });
  expect(report.result).toBe("as declared");
  expect(finding(report, "sign-in")).toMatchObject({
    status: "open",
    found: expect.stringContaining("Access: Audit Logs Read"),
  });
  expect(ids(await look({ token }, { signInDays: 7 }), "unknown")).toEqual(["sign-in"]);
});

test("no secret is in a report, whatever fails", async () => {
  const { administrator, auditor, deployer, tokens } = contoso;
  const principal = { ...auditor, secret: "refused-secret-value" };
  const reports = [await look(), await look({ principal }), await look({}, { secretDays: 9999 })];
  deployed.lab().twin.secretDelaySeconds = 3600;
  reports.push(await look());
  const text = reports.flatMap((report) => [JSON.stringify(report), ...describeReport(report)]).join("\n");
  const principals = [administrator, auditor, deployer, principal].map(({ secret }) => secret);
  for (const secret of [deployed.secret().value, tokens.auditor.value, ...principals])
    expect(text).not.toContain(secret);
});
