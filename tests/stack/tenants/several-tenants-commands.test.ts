import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contoso, fabrikam } from "../../../twin/index";
import { type Checkpoint, createCheckpointOf } from "../../support/checkpoint";
import type { ProcessResult } from "../../support/command";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";
import { createOwnProject, type OwnProject } from "../../support/own-project";
import { partner } from "../../support/partner";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let project: OwnProject;
/** The first `up` and a checkpoint after it. */
let first: ProcessResult;
let deployed: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  const { tenantId, accountId, teamName } = contoso;
  const { clientSecret, ...open } = partner;
  const access = JSON.stringify({ identityProviders: { fabrikam: open } });
  project = await createOwnProject(lab, { tenantId, accountId, teamName, access });
  await project.pulumi("config", "set", "--secret", "--path", `${ENTRY}.clientSecret`, clientSecret);
  first = await entraAccess("up");
  deployed = createCheckpointOf(lab.twin, [project.folder], join(lab.folder, "deployed"));
});
beforeEach(() => deployed.restore());
afterAll(async () => {
  await lab.close();
  project.close();
});
const ENTRY = "access.identityProviders.fabrikam";
const entraAccess = (...args: string[]) => project.entraAccess(...args);
const numberOf = (json: string) => {
  const { clientSecret, identityProviders } = JSON.parse(json);
  return [clientSecret.number, identityProviders.fabrikam.clientSecret.number];
};

test("up, rotate and verify report the further tenant, whose deployer's secret stays encrypted in the config", async () => {
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toMatch(/\nCloudflare signs in with client secret number 1 /);
  expect(first.out).toMatch(/\nfabrikam: Cloudflare signs in with client secret number 1 /);

  const rotated = await entraAccess("rotate", "team", "--identity-provider", "fabrikam", "--json");
  expect(rotated).toMatchObject({
    code: 0,
    err: expect.stringContaining(`${ENTRY}.credential.rotation: 2 (in Pulumi.team.yaml)\n`),
  });
  expect(numberOf(rotated.out)).toEqual([1, 2]);
  const settings = readFileSync(join(project.folder, "Pulumi.team.yaml"), "utf8");
  expect(settings).toMatch(/clientSecret:\s+\{?secure: '?v1:/);
  expect(settings).not.toContain(partner.clientSecret);

  const verified = await entraAccess("verify");
  expect(verified).toMatchObject({ code: 0, err: "" });
  expect(verified.out).toContain(`\nfabrikam: tenant ${fabrikam.tenantId}\n✓ tenant issuer: `);
});

test("rotates the stack's own tenant without a name, and refuses an unknown name", async () => {
  const own = await entraAccess("rotate", "--json");
  expect(own.code).toBe(0);
  expect(numberOf(own.out)).toEqual([2, 1]);
  const { code, err } = await entraAccess("rotate", "team", "--identity-provider", "nobody");
  expect(code).toBe(1);
  expect(err).toContain('error: --identity-provider must be a tenant of stack team; found "nobody"\n');
});

test("does not adopt a further tenant, and reports what to do instead", async () => {
  const { code, err } = await entraAccess("adopt", "team", "--yes");
  expect(code).toBe(1);
  expect(err).toContain("it already has an application or an identity provider");
  expect(err).toMatch(/further tenant.*access\.identityProviders/);
});

test("when a further tenant refuses its deployer, verify reports the other and drift reports the reason", async () => {
  await project.pulumi("config", "set", "--secret", "--path", `${ENTRY}.clientSecret`, "another");
  const verified = await entraAccess("verify", "--json");
  expect(verified.code).toBe(1);
  const { result, checks, identityProviders } = JSON.parse(verified.out);
  expect(result).toBe("unknown");
  expect(checks.filter(({ status }: { status: string }) => status === "passed")).toHaveLength(21);
  expect(identityProviders.fabrikam.result).toBe("unknown");

  const drift = await entraAccess("drift", "--json");
  expect(drift.code).toBe(1);
  expect(JSON.parse(drift.out).stacks).toEqual([
    expect.objectContaining({ result: "unknown", cause: expect.stringContaining("AADSTS7000215") }),
  ]);
});
