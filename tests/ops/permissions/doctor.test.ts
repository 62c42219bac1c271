/** The checks of permissions in `doctor`, which need no engine. */
import { FEATURES, type FeatureName, JOB_NAMES, listNeededPermissions } from "../../../config/deployer/jobs";
import { runCheck } from "../../../ops/checks/check";
import { DoctorContext } from "../../../ops/doctor/context";
import { PERMISSION_CHECKS } from "../../../ops/doctor/permissions";
import { describeGraphGrant } from "../../../ops/permissions/grants";
import type { Stack } from "../../../ops/stacks";
import type { Engine } from "../../../ops/tools/engine";
import permissionTable from "../../../twin/graph/permission-table.json";
import { contoso } from "../../../twin/index";

const open = async () => {
  const config = { "cloudflare:accountId": "another's", "acme:accountId": contoso.accountId };
  return { providerSettings: async () => ({ config, env: {} }) } as unknown as Stack;
};

/** Checks a person with these directory roles, who deploys a stack with these settings. */
function checkPerson(wids: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const claims = Buffer.from(JSON.stringify({ scp: "user_impersonation", wids })).toString("base64url");
  const check = PERMISSION_CHECKS.find(({ id }) => id === "graph-permissions");
  const person = {
    job: "deploy",
    graphToken: async () => `e30.${claims}.`,
    setting: async (name: string) => settings[name] ?? "",
  } as unknown as DoctorContext;
  return runCheck(check as (typeof PERMISSION_CHECKS)[number], person);
}

test("reads the settings of the project, whatever its name", async () => {
  const at = new DoctorContext({ engine: {} as Engine, open });
  expect([await at.setting("accountId"), await at.setting("teamName")]).toEqual([contoso.accountId, ""]);
});

test.each([
  [["158c047a-c907-4556-b7ef-446551a6b5f7"], "all", "passed"],
  [["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"], "all", "passed"],
  [["62e90394-69f5-4237-9190-012177145e10"], "all; too much: Global Administrator", "open"],
  [
    ["e8611ab8-c189-46e8-94e1-60213ab1f814"],
    "all but Cloud Application Administrator; too much: Privileged Role Administrator",
    "failed",
  ],
  [[], "all but Cloud Application Administrator", "failed"],
])("people have directory roles: %j", async (wids, actual, status) => {
  expect(await checkPerson(wids)).toMatchObject({ actual, status });
});

test("a person who can't do the job with az login is told to deploy with an application", async () => {
  expect(await checkPerson([], { conditionalAccess: '{"policies":{"mfa":{}}}' })).toMatchObject({
    actual: "`az login` gets no permission on Conditional Access",
    advice: "Deploy with an application instead (docs/commands/bootstrap.md).",
    status: "failed",
  });
});

test("knows the id of every Microsoft Graph permission that may be missing", () => {
  const features = Object.keys(FEATURES) as FeatureName[];
  const permissions = JOB_NAMES.flatMap((job) => listNeededPermissions(job, features).graph);
  expect(permissions.length).toBeGreaterThan(10);
  for (const permission of permissions) {
    const id = permissionTable.application[permission as keyof typeof permissionTable.application];
    expect(describeGraphGrant("app", [permission])).toContain(` --api-permissions ${id}=Role &&`);
  }
});
