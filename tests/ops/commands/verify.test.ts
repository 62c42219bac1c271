import { main } from "../../../ops/cli";
import { Stack } from "../../../ops/stacks";
import { engineTimeout } from "../../support/engine-fixture";
import { deployedLab } from "../checks/lab";

jest.setTimeout(engineTimeout);
const deployed = deployedLab();

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
  jest.spyOn(Stack, "openOwn").mockImplementation(async () => deployed.stack());
});
afterEach(() => jest.restoreAllMocks());

const disable = async () => {
  const { graph } = await deployed.administrator();
  await graph
    .api(`/servicePrincipals/${deployed.asked().servicePrincipalObjectId}`)
    .patch({ accountEnabled: false });
};

test("as declared: exit code 0, and what stays to be done by hand", async () => {
  expect(await main(["verify", "test"])).toBe(0);
  expect(Stack.openOwn).toHaveBeenCalledWith(expect.objectContaining({ name: "test" }));
  expect(out).toContain("\n✓ redirect URI: https://contoso.cloudflareaccess.com/cdn-cgi/access/callback\n");
  expect(out).toContain("\nas declared: 18 of 19 checks passed, 0 failed, 0 could not tell, 1 open\n");
  expect(out).toContain(`\n  Open ${deployed.asked().testUrl}, sign in`);
  expect(err).toBe("");
});

test("a failed check: exit code 2, what people see and what to do", async () => {
  await disable();
  expect(await main(["verify"])).toBe(2);
  expect(out).toContain(
    [
      "✗ service principal: disabled",
      "    wanted      enabled",
      "    looked at   Graph: GET /servicePrincipals/{id}, accountEnabled",
      "    people see  AADSTS7000112",
      "    do          Run `pulumi up`: it restores what the settings say.",
    ].join("\n"),
  );
});

test("--json is the report alone, with the same exit code", async () => {
  await disable();
  expect(await main(["verify", "--json"])).toBe(2);
  const { checks, ...report } = JSON.parse(out);
  expect(report).toEqual({
    schema: "entra-access/verify/1",
    stack: "test",
    tenantId: deployed.asked().tenantId,
    accountId: deployed.asked().accountId,
    teamName: "contoso",
    checkedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    result: "failed",
    testUrl: deployed.asked().testUrl,
    byHand: [expect.any(String), expect.any(String)],
    rights: expect.arrayContaining([expect.stringContaining("Application.Read.All")]),
  });
  expect(checks).toContainEqual({
    id: "service-principal",
    subject: "service principal",
    status: "failed",
    looksAt: "Graph: GET /servicePrincipals/{id}, accountEnabled",
    found: "disabled",
    wanted: "enabled",
    peopleSee: "AADSTS7000112",
    advice: expect.any(String),
  });
});

test("nothing found wrong, and something not looked at: exit code 1", async () => {
  const on = { service: "graph" as const, path: "/v1.0/oauth2PermissionGrants" };
  deployed.lab().twin.faults.add({ on, effect: { kind: "error", status: 500 } });
  expect(await main(["verify"])).toBe(1);
  expect(out).toContain("\n? admin consent to Microsoft Graph: could not tell: ");
});

test("a stack that was never deployed: exit code 1", async () => {
  const stack = await deployed.lab().stack();
  jest.spyOn(Stack, "openOwn").mockResolvedValue(stack);
  expect(await main(["verify"])).toBe(1);
  expect(err).toBe(
    "error: stack test has no outputs: it was never deployed, or not to its end\n  Run `pulumi up` first.\n",
  );
});

test.each(["x", "-1", "12345"])("--secret-days=%s is refused", async (given) => {
  expect(await main(["verify", `--secret-days=${given}`])).toBe(1);
  expect(err).toContain(`--secret-days is "${given}"; want a number of days`);
});
