import { contosoUsers } from "../../twin/index";
import { formatChanges, useEngineFixture } from "../support/engine-fixture";
import { wholeConfig, wholeSeed } from "../support/whole-stack";

const lab = useEngineFixture();

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
    config: { "entra-access:conditionalAccess": reporting },
  });
  // The pack reads the date from the config of the stack.
  expect(late.causes.join("\n")).toContain('state must be "enabled" or "disabled" after 2020-01-31');
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
