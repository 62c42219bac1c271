import { contosoGroups, contosoUsers } from "../../../twin/index";
import type { Browser } from "../entra/browser";
import { useProvisioningFixture } from "./provisioning-fixture";

const { ada, ben } = contosoUsers;
const { engineers } = contosoGroups;
const it = useProvisioningFixture();
const APPLICATIONS = ["wiki.contoso.test", "ci.contoso.test"];

/** Tells which applications admit a browser, without a new sign-in. */
async function listOpen(browser: Browser): Promise<string[]> {
  const open: string[] = [];
  for (const host of APPLICATIONS) {
    const { url } = await browser.go(it.at(host));
    if (url.startsWith(it.at(host))) open.push(host);
  }
  return open;
}

/** Signs in again with the same browser. @returns if an application let the person in */
async function canSignInAgain(): Promise<boolean> {
  const host = String(APPLICATIONS[0]);
  const shown = await it.signInFrom(await it.browser().go(it.at(host)), ada);
  return shown.url.startsWith(it.at(host)) && shown.status === 200;
}

const disable = () => it.graph("PATCH", `/users/${ada.id}`, { accountEnabled: false });
const remove = () => it.graph("DELETE", `/users/${ada.id}`);
const unassign = (assignment: string) => it.unassign(assignment);
const leaveGroup = () => it.graph("DELETE", `/groups/${engineers.id}/members/${ada.id}/$ref`);

interface Expected {
  /** Whether the person is still in all applications, or in none, one cycle later. */
  in: boolean;
  hasSeat: boolean;
  /** Whether the person can sign in again. */
  again: boolean;
}
const OUT: Expected = { in: false, hasSeat: false, again: false };
const both = {};
const none = { user_deprovision: false, seat_deprovision: false };
const session = { seat_deprovision: false };
const reauth = { ...none, identity_update_behavior: "reauth" };

/** Each row is a real sign-in to both applications, what happens to the person, and a cycle. */
test.each<
  [what: string, happens: (assignment: string) => Promise<unknown>, scim: object, expected: Expected]
>([
  ["disabled", disable, both, OUT],
  ["deleted", remove, both, OUT],
  ["disabled, with sessions ended only", disable, session, { ...OUT, hasSeat: true }],
  ["disabled, without deprovisioning", disable, none, { in: true, hasSeat: true, again: false }],
  ["no longer assigned", unassign, both, { in: false, hasSeat: false, again: true }],
  [
    "out of the group that policies name, with reauth",
    leaveGroup,
    reauth,
    { in: false, hasSeat: true, again: false },
  ],
  ["out of the group that policies name", leaveGroup, none, { in: true, hasSeat: true, again: false }],
])("somebody who is signed in and then %s", async (_what, happens, scim, expected) => {
  await it.connect(scim);
  const [assignment] = await it.assign(engineers.id);
  const include = [{ azureAD: { id: engineers.id, identity_provider_id: it.provider().id } }];
  for (const host of APPLICATIONS) await it.protect({ host, policy: { include } });
  await it.start();
  await it.signInFrom(await it.browser().go(it.at(String(APPLICATIONS[0]))), ada);
  expect(await listOpen(it.browser())).toEqual(APPLICATIONS);

  await happens(String(assignment));
  expect(await listOpen(it.browser())).toEqual(APPLICATIONS);
  await it.cycle();
  expect({
    open: await listOpen(it.browser()),
    seats: await it.seats(),
    again: expected.in ? false : await canSignInAgain(),
  }).toEqual({
    open: expected.in ? APPLICATIONS : [],
    seats: [[ada.mail, expected.hasSeat]],
    again: expected.again,
  });
});

test("others stay signed in", async () => {
  await it.connect();
  await it.assign(engineers.id);
  for (const host of APPLICATIONS) await it.protect({ host });
  await it.signInFrom(await it.browser().go(it.at(String(APPLICATIONS[0]))), ben);
  await it.start();
  await disable();
  await it.cycle();
  expect(await listOpen(it.browser())).toEqual(APPLICATIONS);
  expect(await it.seats()).toEqual([[ben.mail, true]]);
});
