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

test("exits with 2 when nothing is found, and with 1 when there is nothing to undo", async () => {
  const { code, out, err } = await project.entraAccess("adopt", "team", "--json");
  expect({ code, result: JSON.parse(out).result }).toEqual({ code: 2, result: "nothing found" });
  expect(err).not.toContain("error");
  expect(await project.entraAccess("adopt", "team", "--undo")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error: stack team has no record of an adoption\n/),
  });
});

test("adopts one of two candidates after a confirmation, and reverses the adoption", async () => {
  const [first, second] = [
    await makeByHand(administrator, { application: { displayName: "Old one" }, name: "Old" }),
    await makeByHand(administrator),
  ] as [MadeByHand, MadeByHand];
  const undecided = await project.entraAccess("adopt", "team", "--yes");
  expect(undecided).toMatchObject({ code: 2, err: "" });
  for (const { identityProviderId } of [first, second]) expect(undecided.out).toContain(identityProviderId);

  const named = ["--identity-provider", second.identityProviderId];
  // Without a terminal, the confirmation is declined.
  const declined = await project.entraAccess("adopt", "team", ...named);
  expect(declined).toMatchObject({ code: 0, err: "" });
  expect(declined.out).toContain("Nothing was changed. Use --yes to adopt it without a question.");
  expect(settingsNow()).toBe(settings);

  const adopted = await project.entraAccess("adopt", "team", ...named, "--yes");
  expect(adopted).toMatchObject({ code: 2, err: "" });
  expect(adopted.out).toContain('action needed: Client secret "cloudflare secret"');
  expect(adopted.out).toContain("adopted; a preview shows no changes.");
  expect(settingsNow()).toContain("displayName: Cloudflare (do not delete)");

  expect(await project.entraAccess("adopt", "team", "--undo")).toMatchObject({ code: 1, err: "" });
  const undone = await project.entraAccess("adopt", "team", "--undo", "--yes");
  expect(undone).toMatchObject({ code: 2, err: "" });
  expect(undone.out).toContain("replace it by hand before that");
  expect(settingsNow()).toBe(settings);
  expect(readdirSync(project.folder)).not.toContain("adopted.team.json");
});
