import { lookAt } from "../../../ops/drift/stack/look";
import { linesOf, rowOf } from "../../../ops/drift/words";
import type { Stack } from "../../../ops/stacks";
import { contoso, fabrikam } from "../../../twin/index";
import type { Checkpoint } from "../../support/checkpoint";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";
import { deployBoth, withPartner } from "../../support/partner";

jest.setTimeout(engineTimeout);

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

let lab: EngineFixture;
let stack: Stack;
let made: Record<string, string>;
let deployed: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  lab.twin.reset(seed);
  ({ stack, made, deployed } = await deployBoth(lab));
});
beforeEach(() => deployed.restore());
afterAll(() => lab.close());

test("nothing differs: the client secret of each tenant, and the names of the stack's own", async () => {
  const { drift } = await lookAt(stack);
  expect(drift).toMatchObject({
    result: "as declared",
    rotation: { number: 1, due: false },
    identityProviders: { fabrikam: { rotation: { number: 1, due: false } } },
    topology: { application: "Cloudflare Access (contoso)", identityProvider: "Entra ID" },
  });
  const { rotation, identityProviders } = drift;
  expect(identityProviders?.fabrikam?.rotation?.keyId).not.toBe(rotation?.keyId);
});

test("what was changed and added in the further tenant is found under its name, and who did it", async () => {
  const { graph } = await lab.administrator(fabrikam);
  const application = graph.api(`/applications/${made.applicationObjectId}`);
  await application.patch({ web: { redirectUris: ["https://changed.example/callback"] } });
  const passwordCredential = { displayName: "by hand" };
  await graph.api(`/applications/${made.applicationObjectId}/addPassword`).post({ passwordCredential });

  const { drift } = await lookAt(stack);
  expect(drift.result).toBe("drift");
  expect(drift.unowned).toEqual([
    expect.objectContaining({ kind: "client secret", name: "by hand", identityProvider: "fabrikam" }),
  ]);
  const by = `last by \\S+ \\(${fabrikam.administrator.appId}\\): `;
  expect(linesOf(drift)).toEqual([
    expect.stringMatching(new RegExp(`^fabrikam-application web\\.redirectUris.*${by}`)),
    expect.stringMatching(
      new RegExp(`^fabrikam: client secret "by hand" \\(.*\\): in no state; since .*${by}`),
    ),
  ]);
});

test("a log that only the stack's own tenant keeps back is a gap of that one", async () => {
  const { graph } = await lab.administrator();
  const own = (await stack.outputs()).applicationObjectId?.value;
  const passwordCredential = { displayName: "by hand" };
  await graph.api(`/applications/${own}/addPassword`).post({ passwordCredential });
  const lines = linesOf((await lookAt(stack)).drift);
  expect(lines).toEqual([
    expect.stringMatching(/^client secret "by hand" \(\S+\): in no state$/),
    expect.stringMatching(/^not looked at: since when and by whom: .*AuditLog\.Read\.All$/),
  ]);
});

test("a rotation that is due in one tenant is none of the other, and no drift", async () => {
  await stack.configure(withPartner({ credential: { rotation: 2 } }));
  const { drift } = await lookAt(stack);
  expect(drift).toMatchObject({
    result: "as declared",
    rotation: { due: false },
    identityProviders: { fabrikam: { rotation: { number: 1, due: true } } },
  });
  expect(rowOf(drift)).toContain("due");
});
