import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UpReport } from "../../ops/recovery/report";
import { contoso, fabrikam } from "../../twin/index";
import { type Checkpoint, createCheckpointOf } from "../support/checkpoint";
import { checkSignIns, listCloudflareCopies } from "../support/clouds";
import type { ProcessResult } from "../support/command";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../support/engine-fixture";
import { createOwnProject, type OwnProject } from "../support/own-project";
import { expectPrinted, readSteps, runSteps } from "../support/runbook";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let project: OwnProject;
/** The first `up` and a checkpoint after it. */
let first: ProcessResult;
let deployed: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  const { tenantId, accountId, teamName } = contoso;
  const access = JSON.stringify({ groups: { staff: { include: { emails: ["ada@contoso.com"] } } } });
  project = await createOwnProject(lab, { tenantId, accountId, teamName, access });
  first = await entraAccess("up");
  deployed = createCheckpointOf(lab.twin, [project.folder], join(lab.folder, "deployed"));
});
beforeEach(() => deployed.restore());
afterAll(async () => {
  await lab.close();
  project.close();
});
const entraAccess = (...args: string[]) => project.entraAccess(...args);

test("up and rotate work on an existing stack, report what they did, and refuse a second rotation within the overlap", async () => {
  expect(first).toMatchObject({ code: 0, err: "" });
  // The changes come before the outputs and the client secret.
  expect(first.out).toMatch(
    /\+ create {2}azuread Application entra-application\n[\s\S]*\nSign-in\n {2}testUrl [\s\S]*\nCloudflare signs in with client secret number 1 \([0-9a-f-]{36}\), valid until \S+Z;/,
  );

  const rotated = await entraAccess("rotate", "team");
  expect(rotated).toMatchObject({ code: 0, err: "" });
  expect(rotated.out).toContain("  credential.rotation: 2 (in Pulumi.team.yaml)\n");
  expect(rotated.out).toContain("Cloudflare signs in with client secret number 2 ");
  expect(readFileSync(join(project.folder, "Pulumi.team.yaml"), "utf8")).toContain("rotation: 2\n");

  const { code, out, err } = await entraAccess("rotate", "team", "--json");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/^error: the client secret before number 2 overlaps with it until /m);
  expect(err).toContain("npx entra-access rotate team --force\n");
  expect(err).toContain("npx entra-access rotate team --compromised\n");
  expect(err).not.toMatch(/\n\s+at /);
});

/** Finds the application of the stack as an administrator. */
async function findApplication() {
  const { graph } = await lab.administrator();
  const { value } = await graph.api("/applications").get();
  const { id, passwordCredentials } = value.find(({ tags }: { tags: string[] }) =>
    tags.includes("entra-access:entra-access/team"),
  );
  return { application: graph.api.bind(graph), path: `/applications/${id}`, passwordCredentials };
}

/** Adds a client secret as a person does in the portal. */
async function addByHand(): Promise<void> {
  const { application, path } = await findApplication();
  await application(`${path}/addPassword`).post({ passwordCredential: { displayName: "by hand" } });
}

/** Removes all client secrets as a person does in the portal. */
async function removeClientSecrets(): Promise<void> {
  const { application, path, passwordCredentials } = await findApplication();
  for (const { keyId } of passwordCredentials) await application(`${path}/removePassword`).post({ keyId });
}

test("--json prints only the report, without the secret", async () => {
  await addByHand();
  const { code, out, err } = await entraAccess("rotate", "team", "--force", "--json");
  expect(code).toBe(2);
  expect(err).toMatch(/^✓ pulumi up \(/m);
  const report = JSON.parse(out) as UpReport;
  const number = report.settings?.["credential.rotation"];
  expect(report).toMatchObject({
    schema: "entra-access/up/1",
    stack: "team",
    result: "action needed",
    settings: { "credential.rotation": number, "credential.force": number },
    clientSecret: { number, keyId: expect.any(String), graceEndsAt: expect.any(String) },
    warnings: [],
    removed: [],
    actionNeeded: [
      { kind: "added by hand", keyId: expect.any(String), text: expect.stringContaining('"by hand"') },
    ],
  });
  expect(report.changes).toContainEqual({
    op: "update",
    type: "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
    name: "entra-identity-provider",
    urn: expect.any(String),
    properties: [{ path: "config.clientSecret", from: '"[secret]"', to: '"[secret]"' }],
  });
  const secrets = listCloudflareCopies(lab.twin).map(({ clientSecret }) => clientSecret);
  expect(secrets).toHaveLength(1);
  expect(out).not.toContain(secrets[0]);
});

test("opens a stack whose engine was killed while it wrote beside the state", async () => {
  const attributes = join(project.folder, "state/.pulumi/stacks/entra-access/team.json.attrs");
  writeFileSync(attributes, "");
  expect((await project.pulumi("cancel", "--yes", "--stack", "team")).err).toContain("EOF");
  const out = expect.stringMatching(/^Sign-in\n {2}testUrl +https:.*^Client secret\n {2}displayName/ms);
  expect(await entraAccess("up", "team")).toMatchObject({ code: 0, err: "", out });
});

test("reports an unknown stack without a stack trace", async () => {
  const { code, out, err } = await entraAccess("up", "nobody");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: stack nobody could not be opened: no stack named 'nobody' found\n {2}List the stacks: pulumi stack ls/,
  );
  expect(out + err).not.toMatch(/\n\s+at /);
});

describe("the runbook works as written when", () => {
  /** Removes a tenant or an account from the twin. */
  function drop(kind: "tenants" | "accounts", id: string): void {
    const snapshot = lab.twin.snapshot();
    const held = snapshot.contents[kind] as { $map: [string, unknown][] };
    held.$map = held.$map.filter(([key]) => key !== id);
    const digest = createHash("sha256").update(JSON.stringify(snapshot.contents)).digest("hex");
    lab.twin.restore({ ...snapshot, digest });
  }
  /** @returns the exit codes of the steps that did not succeed */
  async function carryOut(heading: string, options: Parameters<typeof runSteps>[2] = {}): Promise<number[]> {
    const steps = readSteps(heading);
    expect(steps.length).toBeGreaterThan(0);
    const results = await runSteps(project, steps, options);
    expectPrinted(steps, results);
    return results.map(({ code }) => code).filter((code) => code !== 0);
  }
  /** Lists identity providers and groups at Cloudflare. */
  async function listKept({ accountId, tokens }: typeof contoso | typeof fabrikam) {
    const lists = ["identity_providers", "groups"].map(async (kind) => {
      const url = `${lab.twin.cloudflareUrl}/accounts/${accountId}/access/${kind}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${tokens.auditor.value}` } });
      return ((await answer.json()) as { result: { id: string; name: string }[] }).result;
    });
    return (await Promise.all(lists)).flat().map(({ id, name }) => ({ id, name }));
  }

  test("people cannot sign in", async () => {
    await removeClientSecrets();
    expect(await carryOut("People cannot sign in")).toEqual([2]);
    expect(await checkSignIns(lab.twin)).toEqual(["200"]);
  });

  test("somebody else has the client secret", async () => {
    await addByHand();
    const [before] = listCloudflareCopies(lab.twin);
    expect(await carryOut("Somebody else has the client secret")).toEqual([2]);
    expect(await checkSignIns(lab.twin)).toEqual(["200"]);
    expect(listCloudflareCopies(lab.twin)).not.toContainEqual(before);
  });

  test("the tenant is gone", async () => {
    const before = await listKept(contoso);
    drop("tenants", contoso.tenantId);
    const { tenantId, deployer } = fabrikam;
    const failed = await carryOut("The tenant is gone", {
      values: {
        "<new tenant>": tenantId,
        "<deployer>": deployer.appId,
        "<secret of the deployer>": deployer.secret,
      },
      without: ["ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET"],
    });
    expect(failed).toEqual([]);
    expect(await listKept(contoso)).toEqual(before);
    expect(await checkSignIns(lab.twin)).toEqual(["200"]);
  });

  test("the Cloudflare account is gone", async () => {
    drop("accounts", contoso.accountId);
    const { accountId, teamName, tokens } = fabrikam;
    const failed = await carryOut("The Cloudflare account is gone", {
      values: { "<new account>": accountId, "<new team>": teamName, "<token>": tokens.deployer.value },
      without: ["CLOUDFLARE_API_TOKEN"],
    });
    expect(failed).toEqual([]);
    expect((await listKept(fabrikam)).map(({ name }) => name)).toEqual(["Entra ID", "staff"]);
  });
});
