import { rmSync } from "node:fs";
import { join } from "node:path";
import { reviewOpenStacks } from "../../../ops/access-review/review-stacks";
import { verifyStack } from "../../../ops/checks/verify-stack";
import { formatDriftLines } from "../../../ops/drift/format";
import { checkStack } from "../../../ops/drift/stack/check";
import { updateClientSecrets } from "../../../ops/recovery/client-secrets/client-secrets-only";
import { requestRotation } from "../../../ops/recovery/client-secrets/rotate";
import { deployStack } from "../../../ops/recovery/deploy";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contoso, contosoUsers } from "../../../twin/index";
import { type Checkpoint, createCheckpoint } from "../../support/checkpoint";
import { checkSignIns } from "../../support/clouds";
import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  setClockToNow,
  startEngineFixture,
} from "../../support/engine-fixture";
import { wholeSeed } from "../../support/whole-stack";
import { Browser } from "../../twin/entra/browser";
import { asPerson } from "../access/company-visitors";

jest.setTimeout(engineTimeout);

const { ada, ben, dana, farida } = contosoUsers;
const HOSTS = { wiki: "wiki.contoso.example", vault: "vault.contoso.example" };
/** A stack with two sign-ins to Contoso's tenant, of which the vault's demands a second factor. */
const config = {
  "entra-access:protect": false,
  "entra-access:access": {
    identityProviders: {
      vault: {
        owned: true,
        tenantId: contoso.tenantId,
        assignedOnly: true,
        application: { displayName: "Vault" },
        identityProvider: { conditionalAccessEnabled: true },
        conditionalAccess: {
          emergencyAccounts: [farida.id],
          policies: { mfa: { state: "enabled", require: ["mfa"] } },
        },
      },
    },
    ownedEntraGroups: { finance: { displayName: "Access Finance", members: [ada.id, dana.id] } },
    groups: {
      staff: { include: { entraGroups: ["Employees"] } },
      finance: { identityProvider: "vault", include: { entraGroups: ["Access Finance"] } },
    },
    policies: { staff: { include: ["staff"] }, finance: { include: ["finance"] } },
    applications: {
      wiki: { hostnames: [HOSTS.wiki], policies: ["staff"] },
      vault: { hostnames: [HOSTS.vault], policies: ["finance"] },
    },
  },
};

let lab: EngineFixture;
let stack: Stack;
let directory: string;
let deployed: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  // The review reads people as well, and Ada has a second factor.
  lab.twin.reset({
    ...wholeSeed,
    tenants: wholeSeed.tenants.map((tenant) => ({
      ...tenant,
      users: (tenant.users ?? []).map((user) =>
        user.id === ada.id ? { ...user, secondFactor: true } : user,
      ),
      principals: tenant.principals.map((one) => ({
        ...one,
        permissions: [...one.permissions, "User.Read.All"],
      })),
    })),
  });
  directory = join(lab.folder, "stack");
  stack = await lab.stack({ directory, config });
  await stack.up();
  setClockToNow(lab);
  deployed = createCheckpoint(lab, directory);
});
beforeEach(() => deployed.restore());
afterAll(() => lab.close());

const progress = new Progress({ write: () => true });
const up = () => deployStack(stack, { progress });

/** Lists the tags of the two applications. */
async function readMarks() {
  const { graph } = await lab.administrator();
  const { value } = (await graph.api("/applications").get()) as { value: Record<string, unknown>[] };
  const own = value.filter(({ displayName }) => /^(Vault|Cloudflare Access)/.test(String(displayName)));
  return Object.fromEntries(own.map(({ displayName, tags }) => [displayName, tags]));
}

test("creates an application for each, with a mark of its own and the stack's provider", async () => {
  expect(await readMarks()).toEqual({
    "Cloudflare Access (contoso)": ["entra-access:entra-access/test"],
    Vault: ["entra-access:entra-access/test:vault"],
  });
  const { resources } = (await stack.export()).deployment as { resources: { type: string }[] };
  expect(resources.filter(({ type }) => type === "pulumi:providers:azuread")).toHaveLength(1);
});

// Each cell is a real sign-in, then the visit of both applications with the same session.
test.each([
  ["Ada at the stack's own", ada, "wiki", { wiki: "in", vault: "other provider" }],
  ["Ada at the vault's", ada, "vault", { wiki: "other provider", vault: "in" }],
  ["Ben at the stack's own", ben, "wiki", { wiki: "in", vault: "other provider" }],
  ["Ben at the vault's", ben, "vault", { wiki: "in", vault: "AADSTS50105" }],
] as const)("%s sign-in opens only its own application", async (_who, person, first, expected) => {
  const browser = new Browser(lab.twin);
  const visit = (key: keyof typeof HOSTS) =>
    asPerson(person, "")(browser, lab.twin.browserUrlOf(`https://${HOSTS[key]}/`), lab.twin);
  const outcome = await visit(first);
  const other = first === "wiki" ? "vault" : "wiki";
  expect({ [first]: outcome, [other]: await visit(other) }).toEqual(expected);
  await browser.close();
});

test("the vault's sign-in alone demands the second factor", async () => {
  const isAsked = async (host: string) => {
    const browser = new Browser(lab.twin);
    await browser.go(lab.twin.browserUrlOf(`https://${host}/`));
    const { html } = await browser.signIn(dana);
    await browser.close();
    return html.includes('value="register"');
  };
  expect([await isAsked(HOSTS.wiki), await isAsked(HOSTS.vault)]).toEqual([false, true]);
});

test("verify and drift check both, and the review knows who gets in by which", async () => {
  const report = await verifyStack(stack);
  expect(report).toMatchObject({ result: "in sync", identityProviders: { vault: { result: "in sync" } } });
  expect((await checkStack(stack)).drift).toMatchObject({ result: "in sync", unmanaged: [] });
  for (const isDeclared of [false, true]) {
    const { reviews, population } = await reviewOpenStacks([stack], isDeclared);
    const [account] = reviews;
    const admitted = account?.context.rules.applications.map((application) => {
      const { outcomes } = account.reviewApplication(application);
      return [
        application.name,
        outcomes.flatMap(({ outcome, people }) =>
          [...people].map((at) => [outcome.provider.name, population.people[at]?.name.split(" ")[0]]),
        ),
      ];
    });
    expect(Object.fromEntries(admitted ?? [])).toMatchObject({
      vault: [
        ["Entra ID (vault)", "Ada"],
        ["Entra ID (vault)", "Dana"],
      ],
      wiki: expect.arrayContaining([
        ["Entra ID", "Ada"],
        ["Entra ID", "Ben"],
      ]),
    });
  }
});

test("drift by hand and unmanaged objects are reported for the sign-in that they belong to", async () => {
  const { graph } = await lab.administrator();
  const { applicationObjectId } = (await stack.outputs()).identityProviders?.value.vault ?? {};
  const passwordCredential = { displayName: "by hand" };
  await graph.api(`/applications/${applicationObjectId}/addPassword`).post({ passwordCredential });
  await graph.api(`/applications/${applicationObjectId}`).patch({ tags: [] });
  const { drift } = await checkStack(stack);
  expect(drift.unmanaged).toMatchObject([{ kind: "client secret", identityProvider: "vault" }]);
  expect(formatDriftLines(drift).filter((line) => line.includes("vault-application"))).toHaveLength(1);
});

test("rotates one's client secret alone, also while the rest of the stack fails", async () => {
  const read = async () => {
    const { rotation, identityProviders } = await stack.outputs();
    return [rotation?.value.displayName, identityProviders?.value.vault.rotation.displayName];
  };
  const own = "entra-access:entra-access/test#1 cloudflare-access";
  expect(await read()).toEqual([own, "entra-access:entra-access/test:vault#1 cloudflare-access"]);
  await requestRotation(stack, "regular", undefined, "vault");
  const { updated, failed } = await updateClientSecrets(stack, progress);
  expect({ updated, failed }).toEqual({ updated: ["vault"], failed: [] });
  expect(await read()).toEqual([own, "entra-access:entra-access/test:vault#2 cloudflare-access"]);
  expect(await checkSignIns(lab.twin)).toEqual(["200", "200"]);
});

test("imports each application into its own resource when the state is lost", async () => {
  rmSync(join(directory, "state"), { recursive: true });
  stack = await lab.stack({ directory, config });
  const { run, removed, further } = await up();
  expect(formatChanges(run.changes)).toEqual(
    expect.arrayContaining([
      "import entra-application",
      "import vault-application",
      "import vault-identity-provider",
      "import vault-conditional-access-mfa",
    ]),
  );
  expect([removed, further.vault?.removed]).toEqual([
    [expect.objectContaining({ reason: "orphaned" })],
    [expect.objectContaining({ reason: "orphaned" })],
  ]);
  expect(await readMarks()).toEqual({
    "Cloudflare Access (contoso)": ["entra-access:entra-access/test"],
    Vault: ["entra-access:entra-access/test:vault"],
  });
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});
