import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { accountId, tenantId } from "./support/mocks";
import { runProgram } from "./support/run-loop";

// The options of Pulumi's Node.js language host (@pulumi/pulumi/cmd/run), which runs the program in production.
const host = `
  require("ts-node").register({
    compiler: "typescript", transpileOnly: undefined, project: "tsconfig.json", skipProject: false, compilerOptions: {},
  });
  console.log(typeof require("./index"));
`;

test("index.ts loads under ts-node as `pulumi up` loads it, and is a program to call", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", host], {
    cwd: resolve(__dirname, ".."),
    encoding: "utf8",
  });
  expect({ stdout, stderr }).toEqual({ stdout: "function\n", stderr: "" });
});

test("each kind of error shows at once in Pulumi's run loop", async () => {
  const { errors, stdout, exitCode } = await runProgram("tests/support/failing-program.ts", {
    functions: {
      "azuread:index/getClientConfig:getClientConfig": { tenantId, objectId: accountId },
      "azuread:index/getServicePrincipals:getServicePrincipals": {
        servicePrincipals: [{ objectId: accountId, clientId: "00000003-0000-0000-c000-000000000000" }],
      },
      "azuread:index/getGroups:getGroups": "No groups found with the given prefix",
      "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization": {
        authDomain: "contoso.cloudflareaccess.com",
      },
    },
    outputs: { rotation: { number: 3, dueAt: "2099-01-01T00:00:00Z", graceEndsAt: "2098-01-01T00:00:00Z" } },
  });
  const times = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(times.filter(({ seconds }) => seconds >= 3)).toEqual([]);
  expect(times).toHaveLength(errors.length);
  const shown = Object.fromEntries(times.map(({ name }, index) => [name, errors[index]]));
  expect(shown).toEqual({
    configuration: expect.stringMatching(/^1 problem in the stack's configuration/),
    preflight: expect.stringMatching(/^teamName must be/),
    "group names": expect.stringMatching(/^Entra groups could not be resolved/),
    rotation: expect.stringMatching(/^credential.rotation must not be above 3/),
    "provider function": expect.stringMatching(/no answer for azuread/),
    apply: "thrown in an apply",
    "type error": expect.stringMatching(/text.map is not a function/),
    cause: expect.stringMatching(/with a cause/),
    zod: expect.stringMatching(/ZodError/),
  });
  expect(exitCode).toBe(32);
});
