import { contosoGroups, contosoUsers } from "../../../twin/index";
import type { Browser } from "../entra/browser";
import { useProvisioningFixture } from "./provisioning-fixture";

const { ada, ben } = contosoUsers;
const { engineers } = contosoGroups;
const fixture = useProvisioningFixture();
const APPLICATIONS = ["wiki.contoso.test", "ci.contoso.test"];

/** Tells which applications admit a browser, without a new sign-in. */
async function listOpen(browser: Browser): Promise<string[]> {
  const open: string[] = [];
  for (const host of APPLICATIONS) {
    const { url } = await browser.go(fixture.at(host));
    if (url.startsWith(fixture.at(host))) open.push(host);
  }
  return open;
}

/** Signs in again with the same browser. @returns if an application let the person in */
async function canSignInAgain(): Promise<boolean> {
  const host = String(APPLICATIONS[0]);
  const shown = await fixture.signInFrom(await fixture.browser().go(fixture.at(host)), ada);
  return shown.url.startsWith(fixture.at(host)) && shown.status === 200;
}

const disable = () => fixture.graph("PATCH", `/users/${ada.id}`, { accountEnabled: false });
const remove = () => fixture.graph("DELETE", `/users/${ada.id}`);
const unassign = (assignment: string) => fixture.unassign(assignment);
const leaveGroup = () => fixture.graph("DELETE", `/groups/${engineers.id}/members/${ada.id}/$ref`);

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
  await fixture.connect(scim);
  const [assignment] = await fixture.assign(engineers.id);
  const include = [{ azureAD: { id: engineers.id, identity_provider_id: fixture.provider().id } }];
  for (const host of APPLICATIONS) await fixture.protect({ host, policy: { include } });
  await fixture.start();
  await fixture.signInFrom(await fixture.browser().go(fixture.at(String(APPLICATIONS[0]))), ada);
  expect(await listOpen(fixture.browser())).toEqual(APPLICATIONS);

  await happens(String(assignment));
  expect(await listOpen(fixture.browser())).toEqual(APPLICATIONS);
  await fixture.cycle();
  expect({
    open: await listOpen(fixture.browser()),
    seats: await fixture.seats(),
    again: expected.in ? false : await canSignInAgain(),
  }).toEqual({
    open: expected.in ? APPLICATIONS : [],
    seats: [[ada.mail, expected.hasSeat]],
    again: expected.again,
  });
});

test("others stay signed in", async () => {
  await fixture.connect();
  await fixture.assign(engineers.id);
  for (const host of APPLICATIONS) await fixture.protect({ host });
  await fixture.signInFrom(await fixture.browser().go(fixture.at(String(APPLICATIONS[0]))), ben);
  await fixture.start();
  await disable();
  await fixture.cycle();
  expect(await listOpen(fixture.browser())).toEqual(APPLICATIONS);
  expect(await fixture.seats()).toEqual([[ben.mail, true]]);
});
