import type { ConfigValues, Stack, StackError } from "../../../ops/stacks";
import type { HttpAnswer, HttpExchange } from "../../../stand-ins/bridge/http";
import { contosoUsers, type Seed } from "../../../twin/index";
import { accessSeed } from "../../support/access-seed";
import { type EngineFixture, engineTimeout, startEngineFixture } from "../../support/engine-fixture";
import { sized } from "../../support/size";
import { Browser } from "../../twin/entra/browser";

jest.setTimeout(sized(engineTimeout, 6 * engineTimeout));

/** May reach the wiki before and after each change; {@link outsider} never may. */
const insider = contosoUsers.ada;
const outsider = contosoUsers.chidi;

const seed: Seed = {
  ...accessSeed,
  tenants: accessSeed.tenants.map((tenant) => ({
    ...tenant,
    principals: tenant.principals.map((one) => ({
      ...one,
      permissions: [...one.permissions, "Group.ReadWrite.All"],
    })),
  })),
};

let lab: EngineFixture;
let stack: Stack;
let browser: Browser;
/** The people who met something else than they should, and what they saw. */
let problems: string[];
/** The writes of an update that the clouds accepted, and how many they accept before they refuse all others. */
let writes: string[];
let accepted = Number.POSITIVE_INFINITY;
let isUpdating = false;
/** Before and after the change, nobody passes Entra but assigned people. */
let isClosed = false;

beforeAll(async () => {
  lab = await startEngineFixture();
  lab.twin.reset(seed);
  browser = new Browser(lab.twin);
  problems = [];
});
afterAll(async () => {
  await browser.close();
  await lab.close();
});

/** Signs somebody in to the wiki with a new browser, and returns the text of the last page. */
async function visit(user: { id: string; password?: string }): Promise<string> {
  browser.cookies = [];
  await browser.go(lab.twin.browserUrlOf("https://wiki.contoso.example/"));
  const { html } = await browser.signIn(user);
  return html.replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, "");
}

async function signPeopleIn(moment: string): Promise<void> {
  const inside = await visit(insider);
  if (!inside.includes("let you in")) problems.push(`${moment}: the insider sees ${inside}`);
  const outside = await visit(outsider);
  const refusal = isClosed ? /AADSTS50105/ : /AADSTS50105|does not have access/;
  if (!refusal.test(outside)) problems.push(`${moment}: the outsider sees ${outside}`);
}

const REFUSED: HttpAnswer = {
  status: 403,
  reason: "Forbidden",
  headers: { "content-type": "application/json" },
  text: JSON.stringify({
    error: { code: "Authorization_RequestDenied", message: "Insufficient privileges" },
    success: false,
    errors: [{ code: 10000, message: "Authentication error" }],
  }),
};

let turn = Promise.resolve();
/** Signs people in after each write, one write at a time. */
async function intercept({ method, url }: HttpExchange, send: () => Promise<HttpAnswer>) {
  const { pathname } = new URL(url);
  if (method === "GET" || pathname.endsWith("/token")) return send();
  const write = turn.then(async () => {
    if (writes.length >= accepted) return REFUSED;
    writes.push(`${method} ${pathname}`);
    const answer = await send();
    if (isUpdating) await signPeopleIn(`${method} ${pathname}`);
    return answer;
  });
  turn = write.then(() => {});
  return write;
}

/** Updates the stack while people sign in. @returns whether it failed */
async function update(most = Number.POSITIVE_INFINITY): Promise<boolean> {
  writes = [];
  accepted = most;
  isUpdating = true;
  const failed = await stack.up().then(
    () => false,
    (error: unknown) => {
      if (most === Number.POSITIVE_INFINITY) throw error;
      return true;
    },
  );
  isUpdating = false;
  return failed;
}

/** Changes the settings by updates that fail after each number of writes in `breaks`, and one that completes. */
async function change(name: string, settings: ConfigValues, breaks: readonly number[]): Promise<void> {
  await stack.configure(settings);
  const all = Array.from({ length: 30 }, (_, index) => index);
  for (const most of sized(breaks, all)) {
    const failed = await update(most);
    await signPeopleIn(`${name}, after ${most} writes`);
    if (!failed) break;
  }
  await update();
  await signPeopleIn(`${name}, afterwards`);
  expect(problems).toEqual([]);
}

/** Moves the wiki's host name to another application, which nothing would protect in between. */
async function refuseToMoveTheWiki(settings: object): Promise<void> {
  const handbook = { hostnames: ["handbook.contoso.example"], policies: ["engineers"] };
  const applications = { wiki: { ...wiki, policies: ["engineers"] }, handbook };
  await stack.configure({ [key]: { ...settings, applications } });
  await update();
  const moved = {
    wiki: { ...applications.wiki, hostnames: ["old.contoso.example"] },
    handbook: { ...handbook, hostnames: [...handbook.hostnames, ...wiki.hostnames] },
  };
  await stack.configure({ [key]: { ...settings, applications: moved } });
  isUpdating = true;
  const error = await stack.up().catch((reason: StackError) => reason);
  isUpdating = false;
  expect((error as StackError).message).toContain(
    "access.applications.wiki must give up host name wiki.contoso.example before",
  );
  await signPeopleIn("the move of a host name is refused");
  expect(problems).toEqual([]);
  await stack.configure({ [key]: settings });
  await update();
}

const finance = { displayName: "Access Finance", members: [insider.id] };
const wiki = { hostnames: ["wiki.contoso.example"], policies: ["people"] };
const access = {
  ownedEntraGroups: { finance },
  groups: { people: { include: { entraGroups: ["Access Finance"] } } },
  policies: { people: { include: ["people"] } },
  applications: { wiki },
};
const key = "entra-access:access";

test("people reach what they may reach, and nothing else, during changes and failed changes", async () => {
  stack = await lab.stack({ config: { [key]: access }, intercept });
  writes = [];
  await stack.up();
  await signPeopleIn("at first");

  const closed = { ...access, assignedOnly: true };
  await change("assignment becomes required", { [key]: closed }, [1]);
  isClosed = true;
  const renamed = {
    ...closed,
    ownedEntraGroups: { finance: { ...finance, displayName: "Finance people" } },
    groups: { people: { include: { entraGroups: ["Finance people"] } } },
  };
  await change("an owned group is renamed", { [key]: renamed }, []);
  const replaced = {
    ...renamed,
    groups: { engineers: { include: { entraGroups: ["Engineers"] } } },
    policies: { engineers: { include: ["engineers"] } },
    applications: { wiki: { ...wiki, policies: ["engineers"] } },
  };
  await change("a group and a policy are replaced", { [key]: replaced }, [3]);
  isClosed = false;
  await change("assignment is no longer required", { [key]: { ...replaced, assignedOnly: false } }, [1]);

  await refuseToMoveTheWiki({ ...replaced, assignedOnly: false });
  const [teamName, auth_domain] = ["contoso-eu", "contoso-eu.cloudflareaccess.com"];
  await change("the team gets a next name", { "entra-access:nextTeamName": teamName }, []);
  const { cloudflare, accountId } = await lab.administrator();
  await cloudflare.zeroTrust.organizations.update({ account_id: accountId, auth_domain });
  await signPeopleIn("the team is renamed");
  await change(
    "the renamed team is deployed",
    { "entra-access:teamName": teamName, "entra-access:nextTeamName": "" },
    [0],
  );
  const redirectUris = [`https://${auth_domain}/cdn-cgi/access/callback`];
  const { graph } = await lab.administrator();
  const path = `/applications/${(await stack.outputs()).applicationObjectId?.value}`;
  expect((await graph.api(path).get()).web).toMatchObject({ redirectUris });
});
