import { main } from "../../../ops/cli";
import { Stack } from "../../../ops/stacks";
import { engineTimeout } from "../../support/engine-fixture";
import { useDeployedStack } from "../checks/deployed-stack";

jest.setTimeout(engineTimeout);
const deployed = useDeployedStack();

let out: string;
let err: string;
beforeEach(() => {
  out = err = "";
  const stdout = (text: string | Uint8Array) => {
    out += text;
    return true;
  };
  jest.spyOn(process.stdout, "write").mockImplementation(stdout);
  jest.spyOn(console, "log").mockImplementation((text) => void stdout(`${text}\n`));
  jest.spyOn(console, "error").mockImplementation((text) => {
    err += `${text}\n`;
  });
  jest.spyOn(Stack, "openExisting").mockImplementation(async () => deployed.stack());
});
afterEach(() => jest.restoreAllMocks());

const disable = async () => {
  const { graph } = await deployed.administrator();
  await graph
    .api(`/servicePrincipals/${deployed.expected().servicePrincipalObjectId}`)
    .patch({ accountEnabled: false });
};

test("returns 0 and lists the manual steps when the stack is in sync", async () => {
  expect(await main(["verify", "test"])).toBe(0);
  expect(Stack.openExisting).toHaveBeenCalledWith(expect.objectContaining({ name: "test" }));
  expect(out).toContain("\n✓ redirect URI: https://contoso.cloudflareaccess.com/cdn-cgi/access/callback\n");
  expect(out).toContain("\nin sync: 21 of 22 checks passed, 0 failed, 0 could not be checked, 1 open\n");
  expect(out).toContain(`\n  Open ${deployed.expected().testUrl}, sign in`);
  expect(err).toBe("");
});

test("returns 2 and prints symptom and advice when a check fails", async () => {
  await disable();
  expect(await main(["verify"])).toBe(2);
  expect(out).toContain(
    [
      "✗ service principal: disabled",
      "    expected  enabled",
      "    source    Graph: GET /servicePrincipals/{id}, accountEnabled",
      "    symptom   AADSTS7000112",
      "    advice    Run `npx entra-access up`: it restores the settings.",
    ].join("\n"),
  );
});

test("--json prints only the report, with the same exit code", async () => {
  await disable();
  expect(await main(["verify", "--json"])).toBe(2);
  const { checks, ...report } = JSON.parse(out);
  expect(report).toEqual({
    schema: "entra-access/verify/1",
    stack: "test",
    tenantId: deployed.expected().tenantId,
    accountId: deployed.expected().accountId,
    teamName: "contoso",
    checkedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    result: "failed",
    testUrl: deployed.expected().testUrl,
    manualSteps: [expect.any(String), expect.any(String)],
    permissions: expect.arrayContaining([expect.stringContaining("Directory.Read.All")]),
  });
  expect(checks).toContainEqual({
    id: "service-principal",
    subject: "service principal",
    status: "failed",
    source: "Graph: GET /servicePrincipals/{id}, accountEnabled",
    actual: "disabled",
    expected: "enabled",
    symptom: "AADSTS7000112",
    advice: expect.any(String),
  });
});

test("returns 1 when nothing fails but something could not be checked", async () => {
  const on = { service: "graph" as const, path: "/v1.0/oauth2PermissionGrants" };
  deployed.lab().twin.faults.add({ on, effect: { kind: "error", status: 500 } });
  expect(await main(["verify"])).toBe(1);
  expect(out).toContain("\n? admin consent for Microsoft Graph: could not be checked: ");
});

test("returns 1 when the stack was never deployed", async () => {
  const stack = await deployed.lab().stack();
  jest.spyOn(Stack, "openExisting").mockResolvedValue(stack);
  expect(await main(["verify"])).toBe(1);
  expect(err).toBe(
    "error: stack test has no outputs: it was never deployed completely\n  Run `npx entra-access up` first.\n",
  );
});

test.each(["x", "-1", "12345"])("refuses --secret-days=%s", async (given) => {
  expect(await main(["verify", `--secret-days=${given}`])).toBe(1);
  expect(err).toContain(`--secret-days must be a whole number from 0 to 9999; found "${given}"`);
});
