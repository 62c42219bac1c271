import { join } from "node:path";
import type { UserError } from "../../../ops/errors";
import { type DeployResult, deployStack } from "../../../ops/recovery/deploy";
import type { OrphanDecisions } from "../../../ops/recovery/orphans/find";
import { type Stack, StackError } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { watchForLeftovers } from "../../support/leftovers";
import { wholeAccess, wholeConfig, wholeSeed } from "../../support/whole-stack";

const lab = useEngineFixture();
let stack: Stack;
beforeEach(() => lab.twin.reset(wholeSeed));

const progress = new Progress({ write: () => true });
const up = (decisions?: OrphanDecisions): Promise<DeployResult> =>
  deployStack(stack, { progress, decisions });

const account = (path: string) => ["cloudflare", `/client/v4/accounts/*${path}`] as const;
const graph = (path: string) => ["graph", path] as const;

/** The creating request of each type of resource, and the type. */
const CREATES = [
  [...graph("/v1.0/applications"), "application:Application"],
  [...graph("/v1.0/servicePrincipals"), "servicePrincipal:ServicePrincipal"],
  [...graph("/v1.0/oauth2PermissionGrants"), "ServicePrincipalDelegatedPermissionGrant"],
  [...graph("/v1.0/servicePrincipals/*/appRoleAssignedTo"), "AppRoleAssignment"],
  [...graph("/beta/groups"), "group:Group"],
  [...graph("/v1.0/identity/conditionalAccess/namedLocations"), "NamedLocation"],
  [...graph("/v1.0/identity/conditionalAccess/policies"), "ConditionalAccessPolicy"],
  [...account("/access/identity_providers"), "ZeroTrustAccessIdentityProvider"],
  [...account("/access/groups"), "ZeroTrustAccessGroup"],
  [...account("/access/policies"), "ZeroTrustAccessPolicy"],
  [...account("/access/apps"), "ZeroTrustAccessApplication"],
  [...account("/gateway/rules"), "ZeroTrustGatewayPolicy"],
  [...account("/teamnet/routes"), "ZeroTrustTunnelCloudflaredRoute"],
  [...account("/teamnet/virtual_networks"), "ZeroTrustTunnelCloudflaredVirtualNetwork"],
  [...account("/zerotrust/routes/hostname"), "ZeroTrustNetworkHostnameRoute"],
] as const;

const { groups, policies, applications, identityProviders: _further, ...others } = wholeAccess;
/** At least one resource of each of these types, and few more. */
const oneOfEach = wholeConfig({
  ...others,
  groups: { employees: groups.employees, finance: groups.finance },
  policies: { employees: policies.employees, finance: { include: ["finance"] } },
  applications: { ledger: { ...applications.ledger, policies: ["finance"] } },
});

test("imports the object of each type whose create took effect and got no response", async () => {
  stack = await lab.stack({ config: oneOfEach });
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

test("leaves what another stack has, and asks about an object with other settings", async () => {
  const create = (path: string, when: "before" | "after") =>
    lab.twin.faults.add({
      on: { service: "cloudflare", method: "POST", path: `/client/v4/accounts/*/access/${path}` },
      count: { first: 1 },
      effect: { kind: "reset", when },
    });
  const access = (sessionDuration: string) => ({
    "entra-access:access": {
      groups: { office: wholeAccess.groups.office },
      policies: { office: { decision: "deny", include: ["office"], sessionDuration } },
    },
  });
  const directory = join(lab.folder, "stacks");
  await (await lab.stack({ directory, config: access("8h") })).up();
  const application = { displayName: "Cloudflare Access (other)" };
  const config = { ...access("8h"), "entra-access:application": application };
  stack = await lab.stack({ name: "other", directory, config });
  create("groups", "before");
  await expect(up()).rejects.toThrow("socket hang up");
  const findLeftovers = await watchForLeftovers(lab);
  // Stack "test" has an equal group.
  create("policies", "after");
  const interrupted: StackError = await up().catch((error) => error);
  expect(formatChanges(interrupted.result.changes)).toContain("create access-group-office");

  await stack.configure(access("1h"));
  const asked: UserError = await up().catch((error) => error);
  const [, id] =
    /^access-policy-office: after an interrupted run, .* found (\S+) \(another value of session_duration\)$/.exec(
      asked.message,
    ) ?? [];
  expect(asked.next).toContain(
    `Import ${id} and give it the settings of the stack: npx entra-access up other --import access-policy-office=${id}`,
  );
  const imports = new Map([["access-policy-office", String(id)]]);
  const { run } = await up({ imports, creates: new Set() });
  expect(formatChanges(run.changes).join("\n")).toContain("import access-policy-office");
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  expect(await findLeftovers(stack)).toEqual([]);
});
