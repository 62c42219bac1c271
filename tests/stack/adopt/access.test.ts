import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordAdoption, runAdoption } from "../../../ops/adopt/adopt";
import { planAdoption } from "../../../ops/adopt/plan";
import { readAdoptionRecord } from "../../../ops/adopt/record";
import { undoAdoption } from "../../../ops/adopt/undo";
import type { Clouds } from "../../../ops/clients/clouds";
import { connectClouds } from "../../../ops/clients/deployer";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contosoGroups, contosoUsers } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { useEngineFixture } from "../../support/engine-fixture";
import { type MadeByHand, makeByHand } from "../../support/made-by-hand";
import { Browser } from "../../twin/entra/browser";

const lab = useEngineFixture();
let administrator: Clouds;
let directory: string;
let made: MadeByHand;
beforeEach(async () => {
  lab.twin.reset(accessSeed);
  directory = mkdtempSync(join(tmpdir(), "entra-access-adopt-access-"));
  administrator = await lab.administrator();
  made = await makeByHand(administrator);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Said in each test, whose deployer has no permission for Conditional Access. */
const UNREADABLE = "Conditional Access: could not be read, which needs the permission Policy.Read.All";

type Body = Record<string, unknown>;
/** Creates an object as a person does in the dashboard. @returns its id */
async function make(kind: "groups" | "policies" | "applications", body: Body): Promise<string> {
  const { cloudflare, accountId } = administrator;
  const { create } = cloudflare.zeroTrust.access[kind] as unknown as {
    create(body: Body): Promise<{ id: string }>;
  };
  const of = cloudflare.zeroTrust.access[kind];
  return (await create.call(of, { account_id: accountId, ...body })).id;
}

const azureAD = (id: string) => ({ azureAD: { id, identity_provider_id: made.identityProviderId } });
const group = (id: string) => ({ group: { id } });
const ofHost = (host: string, ...policies: string[]) => ({
  name: host,
  type: "self_hosted",
  domain: `${host}.contoso.example`,
  policies: policies.map((id, index) => ({ id, precedence: index + 1 })),
  allowed_idps: [made.identityProviderId],
  auto_redirect_to_identity: true,
  session_duration: "24h",
  app_launcher_visible: true,
  http_only_cookie_attribute: true,
});

/** Creates two applications with their policies and groups, as a person does by hand. */
async function makeAccess() {
  const office = await make("groups", { name: "Office (HQ)", include: [{ ip: { ip: "198.51.100.0/24" } }] });
  const engineers = await make("groups", {
    name: "Engineers",
    // In another order than that of the stack.
    include: [contosoGroups.engineers.id, contosoGroups.employees.id].sort().reverse().map(azureAD),
  });
  const board = await make("groups", {
    name: "board",
    include: [{ email: { email: "kim@contoso.example" } }],
    require: [{ login_method: { id: made.identityProviderId } }],
  });
  // Its session duration is "same as application", the dashboard's default.
  const staff = await make("policies", {
    name: "Staff",
    decision: "allow",
    include: [group(engineers), group(board)],
  });
  const careful = await make("policies", {
    name: "Staff, carefully",
    decision: "allow",
    session_duration: "8h",
    include: [group(engineers)],
    require: [group(office), { auth_method: { auth_method: "mfa" } }],
  });
  const wiki = await make("applications", ofHost("wiki", staff));
  const vault = await make("applications", { ...ofHost("vault", careful), app_launcher_visible: false });
  return { office, engineers, board, staff, careful, wiki, vault };
}

const open = () => lab.stack({ directory });
const deployer = async (stack: Stack) => connectClouds(await stack.providerSettings());
const silent = new Progress({ write: () => true });

async function inCloudflare() {
  const { cloudflare, accountId: account_id } = administrator;
  const { access } = cloudflare.zeroTrust;
  const found: unknown[] = [];
  for (const list of [access.groups, access.policies, access.applications])
    for await (const one of list.list({ account_id })) found.push({ ...one, updated_at: "" });
  return found;
}

test("imports groups, policies and applications unchanged while people get in, and undo keeps them", async () => {
  const { office, engineers, board, staff, careful, wiki, vault } = await makeAccess();
  // As most people write them: the rules are the policy's own.
  const own = await make("policies", {
    name: "Git users",
    decision: "allow",
    session_duration: "24h",
    include: [azureAD(contosoGroups.employees.id), { email: { email: "kim@contoso.example" } }],
    exclude: [{ geo: { country_code: "AQ" } }],
  });
  const git = await make("applications", ofHost("git", own));
  const before = await inCloudflare();
  const stack = await open();
  const { candidate, access, created, report } = await planAdoption(stack, await deployer(stack));
  expect(report).toMatchObject({ result: "can be adopted", blockers: [] });
  expect(report.notImported).toEqual([expect.stringMatching(/^client secret/), UNREADABLE]);
  expect(
    report.imports
      .slice(4)
      .map(({ kind, id }) => `${kind} ${id}`)
      .sort(),
  ).toEqual(
    [
      ...[office, engineers, board].map((id) => `accessGroup ${id}`),
      ...[staff, careful, own].map((id) => `accessPolicy ${id}`),
      ...[wiki, vault, git].map((id) => `accessApplication ${id}`),
    ].sort(),
  );
  expect(report.settings["entra-access:access"]).toEqual({
    groups: {
      officeHQ: { displayName: "Office (HQ)", include: { ipRanges: ["198.51.100.0/24"] } },
      engineers: { displayName: "Engineers", include: { entraGroups: expect.any(Array) } },
      board: { include: { emails: ["kim@contoso.example"] } },
      gitUsers: {
        displayName: "Git users",
        include: { entraGroups: [contosoGroups.employees.id], emails: ["kim@contoso.example"] },
      },
      gitUsersExcluded: { displayName: "Git users (excluded)", include: { countries: ["AQ"] } },
    },
    policies: {
      staff: { displayName: "Staff", include: ["engineers", "board"] },
      staffCarefully: {
        displayName: "Staff, carefully",
        include: ["engineers"],
        require: ["officeHQ"],
        mfa: true,
        sessionDuration: "8h",
      },
      gitUsers: {
        displayName: "Git users",
        include: ["gitUsers"],
        exclude: ["gitUsersExcluded"],
        sessionDuration: "24h",
      },
    },
    applications: {
      wiki: { hostnames: ["wiki.contoso.example"], policies: ["staff"] },
      vault: { hostnames: ["vault.contoso.example"], policies: ["staffCarefully"], launcher: false },
      git: { hostnames: ["git.contoso.example"], policies: ["gitUsers"] },
    },
  });
  expect(report.changes).toContain(
    'Access policy "Git users": names the new Access group gitUsersExcluded, the new Access group gitUsers instead of rules of its own',
  );

  const browser = new Browser(lab.twin);
  const visit = async (host: string) => {
    let shown = await browser.go(lab.twin.browserUrlOf(`https://${host}.contoso.example/`));
    if (shown.html.includes("Pick an account")) shown = await browser.signIn(contosoUsers.ada);
    return /Cloudflare Access let you in/.test(shown.html) ? "in" : shown.html;
  };
  const visitBoth = async () => [await visit("wiki"), await visit("git")];
  expect(await visitBoth()).toEqual(["in", "in"]);
  const record = await recordAdoption(stack, candidate ?? fail(), report, access, created);
  const { run, remainingChanges } = await runAdoption(stack, record, silent);
  expect(run.changes.filter(({ op }) => op === "import")).toHaveLength(4 + 9);
  expect(remainingChanges).toEqual([]);
  expect(await visitBoth()).toEqual(["in", "in"]);
  const ids = (all: unknown[]) => all.map((one) => (one as { id: string }).id);
  const more = ids(await inCloudflare()).filter((id) => !ids(before).includes(id));
  expect(more).toHaveLength(2);

  const again = await runAdoption(stack, readAdoptionRecord(stack) ?? record, silent);
  expect([again.run.changes, again.remainingChanges]).toEqual([[], []]);
  await undoAdoption(stack, record, await deployer(stack));
  expect(ids(await inCloudflare()).sort()).toEqual([...ids(before), ...more].sort());
  expect(await visitBoth()).toEqual(["in", "in"]);
  await browser.close();
});

const fail = (): never => {
  throw new Error("there is no candidate");
};

test("skips what the settings cannot express and what refers to it, with the reason", async () => {
  const { engineers, staff } = await makeAccess();
  const anyAddress = await make("groups", {
    name: "Anybody's",
    include: [azureAD(contosoGroups.engineers.id), { email_domain: { domain: "contoso.example" } }],
  });
  const mixed = await make("groups", {
    name: "Mixed",
    include: [azureAD(contosoGroups.engineers.id), { geo: { country_code: "DE" } }],
  });
  const direct = await make("policies", {
    name: "Direct",
    decision: "allow",
    include: [{ login_method: { id: made.identityProviderId } }],
  });
  const over = await make("policies", { name: "Over mixed", decision: "allow", include: [group(mixed)] });
  const everybody = await make("policies", {
    name: "Open",
    decision: "allow",
    include: [group(engineers), { everyone: {} }],
  });
  await make("applications", {
    ...ofHost("every", staff),
    allowed_idps: [],
    auto_redirect_to_identity: false,
  });
  await make("applications", ofHost("direct", staff, direct));
  await make("applications", { ...ofHost("denied", staff), custom_deny_message: "Ask Kim" });
  const admin = { name: "wordpress", domain: "wordpress.contoso.example/wp-admin" };
  await make("applications", { ...ofHost("wordpress", staff), ...admin });
  const stack = await open();
  const { access, report } = await planAdoption(stack, await deployer(stack));
  expect(report.result).toBe("can be adopted");
  const application = (name: string, reason: string) =>
    expect.stringMatching(new RegExp(`^Access application "${name}" \\S+ ${reason}$`));
  const [, ...leftOut] = report.notImported;
  expect(leftOut).toEqual([
    `Access group "Anybody's" (${anyAddress}): it admits its addresses from any identity provider`,
    `Access group "Mixed" (${mixed}): it includes subjects of different kinds (people, places, services)`,
    `Access policy "Direct" (${direct}): it has a rule of type login_method, which must be declared by hand`,
    `Access policy "Over mixed" (${over}): its Access group ${mixed} is not imported`,
    `Access policy "Open" (${everybody}): it has a rule of type everyone, which must be declared by hand`,
    application("every", "it allows every identity provider; .* then run this again"),
    application("direct", `its policy ${direct} is not imported`),
    application("denied", "up would change customDenyMessage"),
    application(
      "wordpress",
      'its hostnames.0 must be on a host that is protected as a whole; found "wordpress.contoso.example/wp-admin". The rest .*',
    ),
    UNREADABLE,
  ]);
  expect(access).toHaveLength(7);

  const { report: without } = await planAdoption(stack, await deployer(stack), { withoutAccess: true });
  expect(without.imports).toHaveLength(4);
  expect(without.settings).not.toHaveProperty("entra-access:access");
  expect(without.notImported).toContainEqual(
    `Access group "Engineers" (${engineers}): excluded by --without-access`,
  );
});
