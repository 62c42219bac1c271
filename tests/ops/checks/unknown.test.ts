import { describeVerifyReport } from "../../../ops/checks/describe";
import { type VerifyReport, verifySignIn } from "../../../ops/checks/verify";
import { UserError } from "../../../ops/errors";
import { contoso } from "../../../twin/index";
import { engineTimeout } from "../../support/engine-fixture";
import { useDeployedStack } from "./deployed-stack";

jest.setTimeout(engineTimeout);
const deployed = useDeployedStack();

const runVerify = (as?: Parameters<typeof deployed.clouds>[0], requirements = {}) =>
  verifySignIn(deployed.clouds(as), deployed.expected(), { stack: "test", ...requirements });
const listIds = ({ checks }: VerifyReport, expected: string) =>
  checks.filter(({ status }) => status === expected).map(({ id }) => id);
const findCheck = ({ checks }: VerifyReport, checkId: string) => checks.find(({ id }) => id === checkId);

const GRAPH_CHECKS = [
  "application",
  "redirect-uri",
  "other-redirect-uris",
  "audience",
  "implicit-grant",
  "permissions",
  "service-principal",
  "assignment",
  "consent",
  "application-consent",
  "client-secret",
];
const CLOUDFLARE_CHECKS = [
  "redirect-uri",
  "identity-provider",
  "client-id",
  "directory-id",
  "groups",
  "pkce",
  "identity-provider-settings",
];

test("checks that need Graph are unknown when Entra refuses the sign-in; the others are carried out", async () => {
  const report = await runVerify({ principal: { ...contoso.auditor, secret: "another" } });
  expect(report.result).toBe("unknown");
  expect(listIds(report, "unknown")).toEqual(GRAPH_CHECKS);
  expect(listIds(report, "failed")).toEqual([]);
  const { cause, advice } = findCheck(report, "consent") ?? {};
  expect(cause).toMatch(/^sign-in refused: AADSTS7000215: /);
  expect(advice).toContain("ARM_CLIENT_SECRET");
  expect(describeVerifyReport(report).filter((line) => line.includes("AADSTS7000215"))).toHaveLength(1);
});

test("checks that need Graph are unknown without its permissions", async () => {
  const { tenant, account } = contoso;
  const principal = { ...contoso.auditor, permissions: [] };
  deployed.lab().twin.reset({ tenants: [{ ...tenant, principals: [principal] }], accounts: [account] });
  const report = await runVerify();
  expect(listIds(report, "unknown")).toEqual(expect.arrayContaining(["application", "service-principal"]));
  expect(findCheck(report, "application")?.cause).toMatch(/^Authorization_RequestDenied: /);
});

test("checks that need Cloudflare are unknown when it refuses the token", async () => {
  const token = { ...contoso.tokens.auditor, value: "another_token_of_the_right_length_0123456789" };
  const report = await runVerify({ token });
  expect(report.result).toBe("unknown");
  expect(listIds(report, "unknown")).toEqual(CLOUDFLARE_CHECKS);
  expect(findCheck(report, "groups")?.cause).toBe("Cloudflare 10000: Authentication error");
  expect(findCheck(report, "groups")?.advice).toContain("CLOUDFLARE_API_TOKEN");
});

test("an error affects no other check", async () => {
  const path = "/v1.0/oauth2PermissionGrants";
  deployed.lab().twin.faults.add({ on: { path }, effect: { kind: "error", status: 500 } });
  const report = await runVerify();
  expect(listIds(report, "unknown")).toEqual(["consent"]);
  expect(report.result).toBe("unknown");
});

test("a failure outweighs what could not be checked", async () => {
  const { graph } = await deployed.administrator();
  const expected = deployed.expected();
  await graph.api(`/servicePrincipals/${expected.servicePrincipalObjectId}`).patch({ accountEnabled: false });
  const report = await runVerify();
  // The disabled principal cannot sign in, so its client secret could not be checked.
  expect(listIds(report, "unknown")).toEqual(["client-secret-live"]);
  expect(findCheck(report, "client-secret-live")?.cause).toContain("AADSTS7000112");
  expect(report.result).toBe("failed");
});

test("the expiry of the client secret is checked with the outputs when the state cannot be decrypted", async () => {
  const readClientSecret = () => Promise.reject(new UserError("incorrect passphrase"));
  const report = await runVerify({ readClientSecret });
  expect(listIds(report, "unknown")).toEqual(["client-secret-live"]);
  expect(findCheck(report, "client-secret")).toMatchObject({
    status: "passed",
    details: {
      keyId: deployed.expected().keyId,
      expires: expect.stringMatching(/Z$/),
      daysLeft: expect.any(Number),
    },
  });
});

test("the permission to read the sign-in log is only needed when a sign-in is required", async () => {
  const token = contoso.tokens.deployer;
  const report = await runVerify({ token });
  expect(report.result).toBe("in sync");
  expect(findCheck(report, "sign-in")).toMatchObject({
    status: "open",
    actual: expect.stringContaining("Access: Audit Logs Read"),
  });
  expect(listIds(await runVerify({ token }, { signInDays: 7 }), "unknown")).toEqual(["sign-in"]);
});

test("the report contains no secret, whatever fails", async () => {
  const { administrator, auditor, deployer, tokens } = contoso;
  const principal = { ...auditor, secret: "refused-secret-value" };
  const reports = [
    await runVerify(),
    await runVerify({ principal }),
    await runVerify({}, { secretDays: 9999 }),
  ];
  deployed.lab().twin.secretDelaySeconds = 3600;
  reports.push(await runVerify());
  const text = reports
    .flatMap((report) => [JSON.stringify(report), ...describeVerifyReport(report)])
    .join("\n");
  const principals = [administrator, auditor, deployer, principal].map(({ secret }) => secret);
  for (const secret of [deployed.clientSecret().value, tokens.auditor.value, ...principals])
    expect(text).not.toContain(secret);
});
