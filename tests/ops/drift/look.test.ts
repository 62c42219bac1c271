import { lookAt } from "../../../ops/drift/stack/look";
import { linesOf } from "../../../ops/drift/words";
import type { Change } from "../../../ops/stacks/plan";
import { contoso } from "../../../twin/index";
import { engineTimeout } from "../../support/engine-fixture";
import { deployedLab } from "../checks/lab";

jest.setTimeout(engineTimeout);
const deployed = deployedLab();

// What a preview finds is the matter of other tests; here it finds what it is told to.
let changes: Change[];
beforeEach(() => {
  changes = [];
  jest
    .spyOn(deployed.stack(), "preview")
    .mockImplementation(async () => ({ changes, warnings: [], output: "" }));
});
afterEach(() => jest.restoreAllMocks());

const linesNow = async () => {
  const { drift } = await lookAt(deployed.stack());
  return { result: drift.result, lines: linesOf(drift) };
};
const NO_LOG = expect.stringMatching(
  /^not looked at: since when and by whom: .*; it takes AuditLog\.Read\.All$/,
);

test("nothing differs: the rotation and what belongs together are told, and what the stack owns of its account", async () => {
  const { drift, account } = await lookAt(deployed.stack());
  expect(drift).toEqual({
    stack: "test",
    result: "as declared",
    tenantId: contoso.tenantId,
    accountId: contoso.accountId,
    teamName: "contoso",
    differences: [],
    unowned: [],
    gaps: [],
    rotation: expect.objectContaining({ number: 1, keyId: deployed.asked().keyId, due: false }),
    topology: expect.objectContaining({
      application: "Cloudflare Access (contoso)",
      identityProvider: "Entra ID",
    }),
  });
  expect(account).toEqual({
    accountId: contoso.accountId,
    owned: [deployed.asked().identityProviderId],
    looked: { since: expect.stringMatching(/^20\d\d-.*Z$/), changed: {} },
  });
});

test("what hangs on the application and is in no state", async () => {
  const { graph } = await deployed.administrator();
  const own = deployed.asked().servicePrincipalObjectId;
  const assignment = { principalId: own, resourceId: own, appRoleId: "00000000-0000-0000-0000-000000000000" };
  await graph.api(`/servicePrincipals/${own}/appRoleAssignedTo`).post(assignment);
  expect(await linesNow()).toEqual({
    result: "drift",
    lines: [
      expect.stringMatching(/^application permission "Cloudflare Access \(contoso\) 0{8}-.*: in no state$/),
      NO_LOG,
    ],
  });
});

test("what could not be looked at for another reason than a right is not as declared", async () => {
  const on = { service: "graph" as const, path: "/v1.0/oauth2PermissionGrants" };
  deployed.lab().twin.faults.add({ on, effect: { kind: "error", status: 500 } });
  expect(await linesNow()).toEqual({
    result: "could not tell",
    lines: [expect.stringMatching(/^not looked at: consents: /)],
  });
});

test("a state that changed meanwhile tells of somebody else's run, and its changes are no drift", async () => {
  const stack = deployed.stack();
  const [{ urn, type } = { urn: "", type: "" }] = ((await stack.export()).deployment.resources ?? []).filter(
    (one: { type: string }) => one.type.endsWith(":Application"),
  );
  changes = [{ op: "update", type, urn, name: "entra-application", properties: [{ path: "displayName" }] }];
  expect(await linesNow()).toMatchObject({ result: "drift" });
  const state = await stack.export();
  const later = structuredClone(state);
  later.deployment.manifest.time = "2099-01-01T00:00:00Z";
  jest.spyOn(stack, "export").mockResolvedValueOnce(state).mockResolvedValue(later);
  expect(await linesNow()).toEqual({ result: "could not tell", lines: ["somebody brought it up meanwhile"] });
});

test("a stack that was never deployed", async () => {
  const { drift } = await lookAt(await deployed.lab().stack());
  expect(drift).toMatchObject({
    result: "could not tell",
    cause: "it was never deployed, or not to its end",
  });
});
