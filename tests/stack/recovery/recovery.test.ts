import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type DeployResult, deployStack } from "../../../ops/recovery/deploy";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { checkSignIns } from "../../support/clouds";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { killEngine, readLocks, writeLock } from "../../support/locks";

const lab = useEngineFixture();
let directory: string;
beforeEach(() => {
  lab.twin.reset();
  directory = mkdtempSync(join(tmpdir(), "entra-access-recovery-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

let said: string;
const up = (stack: Stack, options: { resend?: boolean } = {}): Promise<DeployResult> => {
  said = "";
  const progress = new Progress({
    write: (text) => {
      said += text;
      return true;
    },
  });
  return deployStack(stack, { progress, ...options });
};

/** Counts the objects that carry the stack's mark or refer to one that does. */
async function inClouds() {
  const { graph, cloudflare, accountId } = await lab.administrator();
  const { value } = await graph.api("/applications").get();
  const apps = value.filter(({ tags }: { tags: string[] }) =>
    tags.includes("entra-access:entra-access/test"),
  );
  const { value: grants } = await graph.api("/oauth2PermissionGrants").get();
  const providers = await cloudflare.zeroTrust.identityProviders.list({ account_id: accountId });
  return {
    applications: apps.length,
    credentials: apps.flatMap((app: { passwordCredentials: unknown[] }) => app.passwordCredentials).length,
    consents: grants.length,
    identityProviders: providers.result.length,
  };
}
const oneOfEach = { applications: 1, credentials: 1, consents: 1, identityProviders: 1 };

async function expectConverged(stack: Stack) {
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  expect(await inClouds()).toEqual(oneOfEach);
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
}

test("imports everything that the stack created when its state is lost", async () => {
  await (await lab.stack({ directory })).up();
  rmSync(join(directory, "state"), { recursive: true });
  const stack = await lab.stack({ directory });
  const { run, removed } = await up(stack);
  expect(formatChanges(run.changes).filter((change) => change.startsWith("import"))).toEqual([
    "import entra-admin-consent",
    "import entra-application",
    "import entra-identity-provider",
    "import entra-service-principal",
  ]);
  // The value of the secret in use is lost, so it is removed after Cloudflare has received another.
  expect(removed).toEqual([expect.objectContaining({ rotation: 1, reason: "orphaned" })]);
  const writes = lab.twin.requests.filter(({ method }) => method !== "GET").map(({ path }) => path);
  const [sent, gone] = ["/access/identity_providers/", "/removePassword"].map((part) =>
    writes.findLastIndex((path) => path.includes(part)),
  );
  expect(gone).toBeGreaterThan(sent ?? 0);
  await expectConverged(stack);
});

test("clears the stale lock, pending creates and orphaned client secret of a killed run", async () => {
  const { id } = lab.twin.faults.add({
    on: { service: "graph", path: "/v1.0/applications/*/addPassword" },
    effect: { kind: "hold", when: "after" },
  });
  const dying = lab.failure("up", { directory, ownPlugins: true, checkpoints: true });
  await lab.twin.faults.waitUntilHeld(id, dying);
  killEngine(directory);
  lab.twin.faults.clear();
  await dying;
  expect(readLocks(directory)).toHaveLength(1);
  expect(await inClouds()).toMatchObject({ credentials: 1 });

  const stack = await lab.stack({ directory });
  const { removed, run } = await up(stack);
  expect(said).toMatch(/Removing a stale lock \(pid \d+\)/);
  expect(said).toContain("client secret number 1");
  expect(removed).toEqual([expect.objectContaining({ reason: "orphaned" })]);
  expect(run.warnings).toEqual([]);
  expect(readLocks(directory)).toEqual([]);
  expect((await stack.export()).deployment.pending_operations ?? []).toEqual([]);
  await expectConverged(stack);
});

test("keeps the lock of another host, and reports its holder and what to do", async () => {
  const stack = await lab.stack({ directory });
  const lock = {
    pid: 1,
    username: userInfo().username,
    hostname: "elsewhere",
    timestamp: "2026-01-01T00:00:00Z",
  };
  writeLock(directory, lock);
  const error = await up(stack).catch((reason) => reason);
  expect(error.message).toBe(
    `up failed: the stack is locked by ${lock.username}@elsewhere (pid 1) since 2026-01-01T00:00:00Z`,
  );
  expect(error.next.join()).toContain("pulumi cancel");
  expect(readLocks(directory)).toEqual([lock]);
});

test("lets one of two operators wait, creates nothing twice and removes nothing of the other", async () => {
  const { id } = lab.twin.faults.add({
    on: { service: "graph", path: "/v1.0/applications/*/addPassword" },
    effect: { kind: "hold", when: "after" },
  });
  const [first, second] = [await lab.stack({ directory }), await lab.stack({ directory })];
  const running = up(first);
  await lab.twin.faults.waitUntilHeld(id, running);
  // As for a moment while the first engine writes them.
  writeFileSync(join(directory, "state/.pulumi/stacks/entra-access/test.json.attrs"), "");
  const refused = await second.refresh().catch((reason) => reason);
  expect(refused.message).toMatch(new RegExp(`locked by \\S+@${hostname()} \\(pid \\d+\\)`));
  lab.twin.faults.clear();
  expect((await running).removed).toEqual([]);
  await expectConverged(first);
});
