import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../ops/stacks";
import { contosoUsers } from "../../twin/index";
import { formatChanges, useEngineFixture } from "../support/engine-fixture";
import { wholeConfig, wholeSeed } from "../support/whole-stack";

const lab = useEngineFixture();

/** Makes a project with this pack and a configuration for it. */
function createConfiguredProject(configuration: object): string {
  const folder = join(lab.folder, "configured");
  mkdirSync(folder);
  cpSync(join(PROJECT_FOLDER, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  symlinkSync(join(PROJECT_FOLDER, "policy"), join(folder, "policy"));
  writeFileSync(join(folder, "policy-config.json"), JSON.stringify(configuration));
  return folder;
}

test("the pack stops a deployment before anything is created, and lets a stack without the violation pass", async () => {
  const before = lab.twin.snapshot().contents;
  const names = ["openid", "Group.ReadWrite.All"];
  const { causes } = await lab.failure("up", {
    policyPack: true,
    config: { "entra-access:permissions": { names } },
  });
  expect(causes.join("\n")).toContain("must not have Group.ReadWrite.All");
  const reporting = {
    emergencyAccounts: [contosoUsers.farida.id],
    policies: { mfa: { require: ["mfa"], decideBy: "2020-01-31" } },
  };
  const late = await lab.failure("preview", {
    policyPack: true,
    projectFolder: createConfiguredProject({ "client-secret-lifetime": { days: 30 } }),
    config: { "entra-access:conditionalAccess": reporting },
  });
  // The pack reads the date from the config of the stack.
  expect(late.causes.join("\n")).toContain('state must be "enabled" or "disabled" after 2020-01-31');
  expect(late.causes.join("\n")).toContain("within 30 days");
  expect(lab.twin.snapshot().contents).toEqual(before);

  // A resource of every type, so that no rule refuses what the documentation offers.
  lab.twin.reset(wholeSeed);
  const stack = await lab.stack({
    policyPack: true,
    config: { ...wholeConfig(), "entra-access:protect": true },
  });
  const { changes, warnings } = await stack.up();
  expect(formatChanges(changes).length).toBeGreaterThan(34);
  expect(warnings).toEqual([]);
});
