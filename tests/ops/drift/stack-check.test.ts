import { formatDriftLines } from "../../../ops/drift/format";
import { checkStack } from "../../../ops/drift/stack/check";
import type { ResourceChange } from "../../../ops/stacks/run/changes";
import { contoso } from "../../../twin/index";
import { engineTimeout } from "../../support/engine-fixture";
import { useDeployedStack } from "../checks/deployed-stack";

jest.setTimeout(engineTimeout);
const deployed = useDeployedStack();

// Other tests cover the preview; here it returns these changes.
let changes: ResourceChange[];
beforeEach(() => {
  changes = [];
  jest
    .spyOn(deployed.stack(), "preview")
    .mockImplementation(async () => ({ changes, warnings: [], output: "" }));
});
afterEach(() => jest.restoreAllMocks());

const readLines = async () => {
  const { drift } = await checkStack(deployed.stack());
  return { result: drift.result, lines: formatDriftLines(drift) };
};
const NO_LOG = expect.stringMatching(
  /^not checked: audit log of the directory: .*; requires the permission AuditLog\.Read\.All$/,
);

test("reports rotation, topology and the managed objects of the account when nothing differs", async () => {
  const { drift, account } = await checkStack(deployed.stack());
  expect(drift).toEqual({
    stack: "test",
    result: "in sync",
    tenantId: contoso.tenantId,
    accountId: contoso.accountId,
    teamName: "contoso",
    differences: [],
    unmanaged: [],
    unchecked: [],
    rotation: expect.objectContaining({ number: 1, keyId: deployed.expected().keyId, due: false }),
    topology: expect.objectContaining({
      application: "Cloudflare Access (contoso)",
      identityProvider: "Entra ID",
    }),
  });
  expect(account).toEqual({
    accountId: contoso.accountId,
    managedIds: [deployed.expected().identityProviderId],
    checked: { since: expect.stringMatching(/^20\d\d-.*Z$/), changed: {} },
  });
});

test("reports unmanaged objects of the application", async () => {
  const { graph } = await deployed.administrator();
  const own = deployed.expected().servicePrincipalObjectId;
  const assignment = { principalId: own, resourceId: own, appRoleId: "00000000-0000-0000-0000-000000000000" };
  await graph.api(`/servicePrincipals/${own}/appRoleAssignedTo`).post(assignment);
  expect(await readLines()).toEqual({
    result: "drift",
    lines: [
      expect.stringMatching(/^application permission "Cloudflare Access \(contoso\) 0{8}-.*: unmanaged$/),
      NO_LOG,
    ],
  });
});

test("is unknown when a part could not be checked for another reason than a missing permission", async () => {
  const on = { service: "graph" as const, path: "/v1.0/oauth2PermissionGrants" };
  deployed.lab().twin.faults.add({ on, effect: { kind: "error", status: 500 } });
  expect(await readLines()).toEqual({
    result: "unknown",
    lines: [expect.stringMatching(/^not checked: every consent: /)],
  });
});

test("is unknown when the stack was updated during the check", async () => {
  const stack = deployed.stack();
  const [{ urn, type } = { urn: "", type: "" }] = ((await stack.export()).deployment.resources ?? []).filter(
    (one: { type: string }) => one.type.endsWith(":Application"),
  );
  changes = [{ op: "update", type, urn, name: "entra-application", properties: [{ path: "displayName" }] }];
  expect(await readLines()).toMatchObject({ result: "drift" });
  const state = await stack.export();
  const later = structuredClone(state);
  later.deployment.manifest.time = "2099-01-01T00:00:00Z";
  jest.spyOn(stack, "export").mockResolvedValueOnce(state).mockResolvedValue(later);
  expect(await readLines()).toEqual({ result: "unknown", lines: ["the stack was updated during the check"] });
});

test("is unknown when the stack was never deployed", async () => {
  const { drift } = await checkStack(await deployed.lab().stack());
  expect(drift).toMatchObject({
    result: "unknown",
    cause: "the stack was never deployed completely",
  });
});
