import { formatDriftLines, formatDriftRow } from "../../../ops/drift/format";
import { checkStack } from "../../../ops/drift/stack/check";
import type { Stack } from "../../../ops/stacks";
import { contoso, fabrikam } from "../../../twin/index";
import type { Checkpoint } from "../../support/checkpoint";
import { useEngineFixture } from "../../support/engine-fixture";
import { deployBoth, withPartner } from "../../support/partner";

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

const lab = useEngineFixture(seed);
let stack: Stack;
let made: Record<string, string>;
let deployed: Checkpoint;
beforeAll(async () => {
  ({ stack, made, deployed } = await deployBoth(lab));
});
beforeEach(() => deployed.restore());

test("reports the client secret of each tenant, and the topology of the stack's own, when nothing differs", async () => {
  const { drift } = await checkStack(stack);
  expect(drift).toMatchObject({
    result: "in sync",
    rotation: { number: 1, due: false },
    identityProviders: { fabrikam: { rotation: { number: 1, due: false } } },
    topology: { application: "Cloudflare Access (contoso)", identityProvider: "Entra ID" },
  });
  const { rotation, identityProviders } = drift;
  expect(identityProviders?.fabrikam?.rotation?.keyId).not.toBe(rotation?.keyId);
});

test("reports drift and unmanaged objects of the further tenant under its name, with audit log entries", async () => {
  const { graph } = await lab.administrator(fabrikam);
  const application = graph.api(`/applications/${made.applicationObjectId}`);
  await application.patch({ web: { redirectUris: ["https://changed.example/callback"] } });
  const passwordCredential = { displayName: "by hand" };
  await graph.api(`/applications/${made.applicationObjectId}/addPassword`).post({ passwordCredential });

  const { drift } = await checkStack(stack);
  expect(drift.result).toBe("drift");
  expect(drift.unmanaged).toEqual([
    expect.objectContaining({ kind: "client secret", name: "by hand", identityProvider: "fabrikam" }),
  ]);
  const by = `last by \\S+ \\(${fabrikam.administrator.appId}\\): `;
  expect(formatDriftLines(drift)).toEqual([
    expect.stringMatching(new RegExp(`^fabrikam-application web\\.redirectUris.*${by}`)),
    expect.stringMatching(
      new RegExp(`^fabrikam: client secret "by hand" \\(.*\\): unmanaged; since .*${by}`),
    ),
  ]);
});

test("reports an audit log of the stack's own tenant that cannot be read for that tenant only", async () => {
  const { graph } = await lab.administrator();
  const own = (await stack.outputs()).applicationObjectId?.value;
  const passwordCredential = { displayName: "by hand" };
  await graph.api(`/applications/${own}/addPassword`).post({ passwordCredential });
  const lines = formatDriftLines((await checkStack(stack)).drift);
  expect(lines).toEqual([
    expect.stringMatching(/^client secret "by hand" \(\S+\): unmanaged$/),
    expect.stringMatching(/^not checked: audit log of the directory: .*AuditLog\.Read\.All$/),
  ]);
});

test("a due rotation of one tenant affects no other tenant, and is no drift", async () => {
  await stack.configure(withPartner({ credential: { rotation: 2 } }));
  const { drift } = await checkStack(stack);
  expect(drift).toMatchObject({
    result: "in sync",
    rotation: { due: false },
    identityProviders: { fabrikam: { rotation: { number: 1, due: true } } },
  });
  expect(formatDriftRow(drift)).toContain("due");
});
