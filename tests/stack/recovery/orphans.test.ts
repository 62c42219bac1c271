import { join } from "node:path";
import { type DeployResult, deployStack } from "../../../ops/recovery/deploy";
import { type Stack, StackError } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  startEngineFixture,
} from "../../support/engine-fixture";
import { watchForLeftovers } from "../../support/leftovers";
import { wholeConfig, wholeSeed } from "../../support/whole-stack";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let stack: Stack;
beforeAll(async () => {
  lab = await startEngineFixture();
  lab.twin.reset(wholeSeed);
  stack = await lab.stack({ directory: join(lab.folder, "stack"), config: wholeConfig() });
});
afterAll(() => lab.close());

const progress = new Progress({ write: () => true });
const up = (): Promise<DeployResult> => deployStack(stack, { progress });

const account = (path: string) => ["cloudflare", `/client/v4/accounts/*${path}`] as const;
const graph = (path: string) => ["graph", path] as const;

/** The creating request of each type of resource, and the type. */
const CREATES = [
  [...graph("/v1.0/applications"), "application:Application"],
  [...graph("/v1.0/servicePrincipals"), "servicePrincipal:ServicePrincipal"],
  [...graph("/v1.0/oauth2PermissionGrants"), "ServicePrincipalDelegatedPermissionGrant"],
  [...graph("/v1.0/servicePrincipals/*/appRoleAssignedTo"), "AppRoleAssignment"],
  [...graph("/beta/groups"), "group:Group"],
  [...account("/access/identity_providers"), "ZeroTrustAccessIdentityProvider"],
  [...account("/access/groups"), "ZeroTrustAccessGroup"],
  [...account("/access/policies"), "ZeroTrustAccessPolicy"],
  [...account("/access/apps"), "ZeroTrustAccessApplication"],
  [...account("/gateway/rules"), "ZeroTrustGatewayPolicy"],
  [...account("/teamnet/routes"), "ZeroTrustTunnelCloudflaredRoute"],
  [...account("/teamnet/virtual_networks"), "ZeroTrustTunnelCloudflaredVirtualNetwork"],
  [...account("/zerotrust/routes/hostname"), "ZeroTrustNetworkHostnameRoute"],
] as const;

test("imports the object of each type whose create took effect and got no response", async () => {
  for (const [service, path] of CREATES)
    lab.twin.faults.add({
      on: { service, method: "POST", path },
      count: { first: 1 },
      effect: { kind: "reset", when: "after" },
    });
  const findLeftovers = await watchForLeftovers(lab);
  const imported = new Set<string>();
  // Several faults occur in each run, because the engine creates several resources at once.
  const messages: string[] = [];
  for (let isDone = false; !isDone && messages.length < CREATES.length; ) {
    const { changes } = await up().then(
      ({ run }) => {
        isDone = true;
        return run;
      },
      (error: unknown) => {
        if (!(error instanceof StackError)) throw error;
        messages.push(error.message);
        return error.result;
      },
    );
    for (const { op, type } of changes) if (op === "import") imported.add(type);
  }
  for (const message of messages) expect(message).toContain("socket hang up");
  const missing = CREATES.filter(([, , type]) => ![...imported].some((one) => one.endsWith(type)));
  expect(missing).toEqual([]);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  expect(await findLeftovers(stack)).toEqual([]);
});
