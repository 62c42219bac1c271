import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UpReport } from "../../ops/recovery/report";
import { contoso } from "../../twin/index";
import { type Checkpoint, createCheckpointOf } from "../support/checkpoint";
import { listCloudflareCopies } from "../support/clouds";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../support/engine-fixture";
import { createOwnProject, type OwnProject, type ProcessResult } from "../support/own-project";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let project: OwnProject;
/** The first `up` and a checkpoint after it. */
let first: ProcessResult;
let deployed: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  const { tenantId, accountId, teamName } = contoso;
  project = await createOwnProject(lab, { tenantId, accountId, teamName });
  first = await entraAccess("up");
  deployed = createCheckpointOf(lab.twin, [project.folder], join(lab.folder, "deployed"));
});
beforeEach(() => deployed.restore());
afterAll(async () => {
  await lab.close();
  project.close();
});
const entraAccess = (...args: string[]) => project.entraAccess(...args);

test("up and rotate work on an existing stack and report what they did", async () => {
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("+ create  azuread Application entra-application");
  expect(first.out).toMatch(
    /Cloudflare signs in with client secret number 1 \([0-9a-f-]{36}\), valid until \S+Z;/,
  );

  const rotated = await entraAccess("rotate", "team");
  expect(rotated).toMatchObject({ code: 0, err: "" });
  expect(rotated.out).toContain("  credential.rotation: 2\n");
  expect(rotated.out).toContain("Cloudflare signs in with client secret number 2 ");
  expect(readFileSync(join(project.folder, "Pulumi.team.yaml"), "utf8")).toContain("rotation: 2\n");
});

test("refuses a second rotation within the overlap, with the commands to use instead", async () => {
  await entraAccess("rotate", "team");
  const { code, out, err } = await entraAccess("rotate", "team", "--json");
  expect(code).toBe(1);
  expect(out).toBe("");
  expect(err).toMatch(/^error: the client secret before number 2 overlaps with it until /m);
  expect(err).toContain("npx entra-access rotate team --force\n");
  expect(err).toContain("npx entra-access rotate team --compromised\n");
  expect(err).not.toMatch(/\n\s+at /);
});

/** Adds a client secret as a person does in the portal. */
async function addByHand(): Promise<void> {
  const { graph } = await lab.administrator();
  const { value } = await graph.api("/applications").get();
  const { id } = value.find(({ tags }: { tags: string[] }) =>
    tags.includes("entra-access:entra-access/team"),
  );
  await graph.api(`/applications/${id}/addPassword`).post({ passwordCredential: { displayName: "by hand" } });
}

test("reports a secret that was added by hand after a compromise, with exit code 2", async () => {
  await addByHand();
  const compromised = await entraAccess("rotate", "team", "--compromised");
  expect(compromised).toMatchObject({ code: 2, err: "" });
  expect(compromised.out).toContain('action needed: Client secret "by hand"');
  expect(compromised.out).toContain("docs/runbook.md");
});

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
  expect(await entraAccess("up", "team")).toMatchObject({ code: 0, err: "" });
});

test("reports an unknown stack without a stack trace", async () => {
  const { code, out, err } = await entraAccess("up", "nobody");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: stack nobody could not be opened: no stack named 'nobody' found\n {2}List the stacks: pulumi stack ls/,
  );
  expect(out + err).not.toMatch(/\n\s+at /);
});
