import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clouds } from "../../../ops/clients/clouds";
import { contoso } from "../../../twin/index";
import { type Checkpoint, createCheckpointOf } from "../../support/checkpoint";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";
import { type MadeByHand, makeByHand } from "../../support/made-by-hand";
import { createOwnProject, type OwnProject } from "../../support/own-project";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let administrator: Clouds;
let project: OwnProject;
let settings: string;
let start: Checkpoint;
const settingsNow = () => readFileSync(join(project.folder, "Pulumi.team.yaml"), "utf8");
beforeAll(async () => {
  lab = await startEngineFixture();
  administrator = await lab.administrator();
  project = await createOwnProject(lab, { accountId: contoso.accountId });
  settings = settingsNow();
  start = createCheckpointOf(lab.twin, [project.folder], join(lab.folder, "start"));
});
beforeEach(() => start.restore());
afterAll(async () => {
  await lab.close();
  project.close();
});

test("nothing to take over, nothing to undo: the exit code says so", async () => {
  const { code, out, err } = await project.entraAccess("adopt", "team", "--json");
  expect({ code, result: JSON.parse(out).result }).toEqual({ code: 2, result: "nothing found" });
  expect(err).not.toContain("error");
  expect(await project.entraAccess("adopt", "team", "--undo")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error: stack team has no record of an adoption\n/),
  });
});

test("of two candidates one is to be named; it is taken over when agreed to, and forgotten again", async () => {
  const [first, second] = [
    await makeByHand(administrator, { application: { displayName: "Old one" }, name: "Old" }),
    await makeByHand(administrator),
  ] as [MadeByHand, MadeByHand];
  const choose = await project.entraAccess("adopt", "team", "--yes");
  expect(choose).toMatchObject({ code: 2, err: "" });
  for (const { identityProviderId } of [first, second]) expect(choose.out).toContain(identityProviderId);

  const named = ["--identity-provider", second.identityProviderId];
  // Nobody is there to answer.
  const asked = await project.entraAccess("adopt", "team", ...named);
  expect(asked).toMatchObject({ code: 0, err: "" });
  expect(asked.out).toContain("Nothing was changed. With --yes it is taken over.");
  expect(settingsNow()).toBe(settings);

  const agreed = await project.entraAccess("adopt", "team", ...named, "--yes");
  expect(agreed).toMatchObject({ code: 2, err: "" });
  expect(agreed.out).toContain('look Client secret "cloudflare secret"');
  expect(agreed.out).toContain("taken over: a preview is empty.");
  expect(settingsNow()).toContain("displayName: Cloudflare (do not delete)");

  const undone = await project.entraAccess("adopt", "team", "--undo", "--yes");
  expect(undone).toMatchObject({ code: 2, err: "" });
  expect(undone.out).toContain("nobody renews it now");
  expect(settingsNow()).toBe(settings);
  expect(readdirSync(project.folder)).not.toContain("adopted.team.json");
});
