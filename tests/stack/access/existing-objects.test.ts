import { checkStack } from "../../../ops/drift/stack/check";
import { deployStack } from "../../../ops/recovery/deploy";
import type { ConfigValues, Stack, StackError } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture();
let stack: Stack;
beforeEach(async () => {
  lab.twin.reset(accessSeed);
  stack = await lab.stack({ config: settings() });
});

const access = {
  identityProviders: { emergency: { oneTimePin: true, owned: true } },
  groups: { employees: { include: { entraGroups: ["Employees"] } } },
  policies: { employees: { include: ["employees"] } },
  applications: { wiki: { hostnames: ["wiki.contoso.example"], policies: ["employees"] } },
  deviceEnrolment: { policies: ["employees"] },
};
const settings = (changed: object = {}): ConfigValues => ({
  "entra-access:access": { ...access, ...changed },
  "entra-access:protect": false,
});
const progress = new Progress({ write: () => true });
const up = (imports = new Map<string, string>()) =>
  deployStack(stack, { progress, decisions: { imports, creates: new Set() } });
const countWrites = () =>
  lab.twin.requests.filter(({ method, service }) => method !== "GET" && service !== "login").length;
const fail = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "",
    ({ causes }: StackError) => causes.join("\n"),
  );

test("names what an account has once before anything is made, and its advice uses or imports that", async () => {
  const { cloudflare, accountId: account_id } = await lab.administrator();
  const { identityProviders, access: accessApi } = cloudflare.zeroTrust;
  const pin = await identityProviders.create({ account_id, name: "PIN", type: "onetimepin", config: {} });
  const { id: enrollment = "" } = await accessApi.applications.create({
    account_id,
    type: "warp",
    allowed_idps: [String(pin.id)],
    auto_redirect_to_identity: true,
  });

  const before = countWrites();
  const pinFailure = await fail(stack.preview());
  expect(pinFailure).toContain("must not have an identity provider for one-time PINs yet; found");
  expect(pinFailure).toContain(
    `up test --import emergency-identity-provider=${pin.id}. To use it as it is, `,
  );
  expect(pinFailure).toContain(
    `set access.identityProviders.emergency to {"id": "${pin.id}", "oneTimePin": true}`,
  );
  expect(pinFailure).toContain(
    `The account also has an application for the enrollment of devices, ${enrollment}. If that is not the stack's yet, import both`,
  );
  expect(pinFailure).toContain(`with access-device-enrolment=${enrollment}.`);
  await stack.configure(settings({ identityProviders: { emergency: { id: pin.id, oneTimePin: true } } }));
  const enrollmentFailure = await fail(stack.preview());
  expect(enrollmentFailure).toContain(
    "must not have an application for the enrollment of devices yet; found",
  );
  expect(enrollmentFailure).toContain(`up test --import access-device-enrolment=${enrollment}`);
  expect(countWrites()).toBe(before);

  const { run } = await up(new Map([["access-device-enrolment", enrollment]]));
  expect(formatChanges(run.changes).join("\n")).toContain("import access-device-enrolment");
});

test("warns at preview of a service token that the API token cannot list", async () => {
  const groups = { backup: { include: { serviceTokens: ["f174e90a-fafe-4643-bbbc-4a0ed4fc8415"] } } };
  await stack.configure({ "entra-access:access": { groups } });
  expect((await stack.preview()).warnings.join()).toContain(
    'f174e90a-fafe-4643-bbbc-4a0ed4fc8415 could not be checked, because Cloudflare did not list them. Give the API token "Access: Service Tokens Read"',
  );
});

test("names the command that completes an interrupted update where a bare one meets its object", async () => {
  await stack.configure(settings({ identityProviders: {} }));
  await up();
  const tagged = { wiki: { ...access.applications.wiki, tags: ["internal"] } };
  await stack.configure(settings({ identityProviders: {}, applications: tagged }));
  expect(await fail(stack.preview())).toContain(
    "access-application-wiki must refer to tags that the account has; found internal",
  );
  lab.twin.faults.add({
    on: { service: "cloudflare", method: "POST", path: "/client/v4/accounts/*/access/apps" },
    count: { first: 1 },
    effect: { kind: "reset", when: "after" },
  });
  const git = { hostnames: ["git.contoso.example"], policies: ["employees"] };
  await stack.configure(settings({ identityProviders: {}, applications: { ...access.applications, git } }));
  expect(await fail(stack.up())).toContain("socket hang up");
  expect(await fail(stack.preview())).toMatch(
    /an application with the host name git\.contoso\.example yet; .* npx entra-access up test completes that one/,
  );
  const { run } = await up();
  expect(formatChanges(run.changes).join("\n")).toContain("import access-application-git");

  // Somebody deletes an application and makes it again.
  const { cloudflare, accountId: account_id } = await lab.administrator();
  const { applications } = cloudflare.zeroTrust.access;
  for await (const { id, name } of applications.list({ account_id }) as AsyncIterable<{
    id: string;
    name: string;
  }>)
    if (name === "git") await applications.delete(id, { account_id });
  await applications.create({ account_id, type: "self_hosted", name: "git", domain: "git.contoso.example" });
  expect(await fail(stack.preview())).toContain("--import access-application-git=");
  const { drift } = await checkStack(stack);
  expect(drift).toMatchObject({
    result: "drift",
    differences: [{ kind: "deleted", resource: "access-application-git" }],
  });
});
