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
/** The first `up`, and how everything is after it. */
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

test("up and rotate work on a person's own stack, and say what they did in exit code and words", async () => {
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

test("a second rotation within the grace is refused, with what to type instead", async () => {
  await entraAccess("rotate", "team");
  const { code, out, err } = await entraAccess("rotate", "team", "--json");
  expect(code).toBe(1);
  expect(out).toBe("");
  expect(err).toMatch(/^error: the secret before number 2 is in its grace until /m);
  expect(err).toContain("npx entra-access rotate team --force\n");
  expect(err).toContain("npx entra-access rotate team --compromised\n");
  expect(err).not.toMatch(/\n\s+at /);
});

/** Somebody adds a client secret in the portal. */
async function addByHand(): Promise<void> {
  const { graph } = await lab.administrator();
  const { value } = await graph.api("/applications").get();
  const { id } = value.find(({ tags }: { tags: string[] }) =>
    tags.includes("entra-access:entra-access/team"),
  );
  await graph.api(`/applications/${id}/addPassword`).post({ passwordCredential: { displayName: "by hand" } });
}

test("after a compromise what people added is pointed out, with exit code 2 and what is left to do", async () => {
  await addByHand();
  const compromised = await entraAccess("rotate", "team", "--compromised");
  expect(compromised).toMatchObject({ code: 2, err: "" });
  expect(compromised.out).toContain('look Client secret "by hand"');
  expect(compromised.out).toContain("docs/runbook.md");
});

test("--json: the report alone is on standard output, without the secret", async () => {
  await addByHand();
  const { code, out, err } = await entraAccess("rotate", "team", "--force", "--json");
  expect(code).toBe(2);
  expect(err).toMatch(/^✓ pulumi up \(/m);
  const report = JSON.parse(out) as UpReport;
  const number = report.settings?.["credential.rotation"];
  expect(report).toMatchObject({
    schema: "entra-access/up/1",
    stack: "team",
    result: "look",
    settings: { "credential.rotation": number, "credential.force": number },
    clientSecret: { number, keyId: expect.any(String), graceEndsAt: expect.any(String) },
    warnings: [],
    removed: [],
    look: [{ kind: "added by hand", keyId: expect.any(String), text: expect.stringContaining('"by hand"') }],
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

test("a stack whose engine died while it wrote beside the state is opened all the same", async () => {
  const attributes = join(project.folder, "state/.pulumi/stacks/entra-access/team.json.attrs");
  writeFileSync(attributes, "");
  expect((await project.pulumi("cancel", "--yes", "--stack", "team")).err).toContain("EOF");
  expect(await entraAccess("up", "team")).toMatchObject({ code: 0, err: "" });
});

test("a stack that is not there is an error without a stack trace", async () => {
  const { code, out, err } = await entraAccess("up", "nobody");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: stack nobody could not be opened: no stack named 'nobody' found\n {2}pulumi stack ls /,
  );
  expect(out + err).not.toMatch(/\n\s+at /);
});
