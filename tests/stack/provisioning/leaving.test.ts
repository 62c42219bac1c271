import { verifyStack } from "../../../ops/checks/verify-stack";
import type { Clouds } from "../../../ops/clients/clouds";
import { checkStack } from "../../../ops/drift/stack/check";
import type { Stack } from "../../../ops/stacks";
import { contoso, contosoGroups, contosoUsers } from "../../../twin/index";
import { useEngineFixture } from "../../support/engine-fixture";
import { TwinClient } from "../../twin/client";
import { Browser } from "../../twin/entra/browser";
import { asPerson } from "../access/company-visitors";
import { managedConfig, managedSeed, readManaged, usersToken } from "./managed-stack";

const lab = useEngineFixture(managedSeed);
const { ada, ben } = contosoUsers;
const [adasMail, bensMail] = [ada, ben].map(({ mail }) => String(mail)) as [string, string];
const { contractors } = contosoGroups;

let stack: Stack;
let hand: Clouds;
let before: unknown;
beforeAll(async () => {
  before = await listInTenant();
  hand = await lab.administrator();
  stack = await lab.stack({ config: { ...managedConfig(), "entra-access:protect": false } });
  await stack.up();
  await lab.twin.runProvisioning();
});

/** Lists the ids of applications, service principals and grants. */
async function listInTenant(): Promise<string[]> {
  const { graph } = await lab.administrator();
  const lists = ["applications", "servicePrincipals", "oauth2PermissionGrants"].map(async (kind) => {
    const { value }: { value: { id: string }[] } = await graph.api(`/${kind}`).get();
    return value.map(({ id }) => id);
  });
  return (await Promise.all(lists)).flat();
}
const open = (browser: Browser, person: { id: string }, name: string) =>
  asPerson(person, "Entra ID")(browser, lab.twin.browserUrlOf(`https://${name}.contoso.test/`), lab.twin);
/** Opens both applications; a person who is not signed in is asked to. */
const openBoth = async (browser: Browser, person: { id: string }) => [
  await open(browser, person, "wiki"),
  await open(browser, person, "ci"),
];
/** Opens both applications without signing in. */
async function visitBoth(browser: Browser): Promise<boolean[]> {
  const admitted: boolean[] = [];
  for (const name of ["wiki", "ci"]) {
    const { html } = await browser.go(lab.twin.browserUrlOf(`https://${name}.contoso.test/`));
    admitted.push(html.includes("Cloudflare Access let you in"));
  }
  return admitted;
}
async function readSeats(): Promise<Record<string, boolean>> {
  const call = new TwinClient(lab.twin).accessAs(contoso.accountId, usersToken.value);
  const { body } = await call("GET", "/users");
  const users: { email: string; access_seat: boolean }[] = body.result;
  return Object.fromEntries(users.map(({ email, access_seat }) => [email, access_seat]));
}
/** The checks of provisioning that do not pass, with what they found. */
async function listProblems(): Promise<Record<string, string>> {
  const { checks } = await verifyStack(stack);
  const found = checks.filter(({ id, status }) => /^provision/.test(id) && status !== "passed");
  return Object.fromEntries(found.map(({ id, actual, cause }) => [id, actual || String(cause)]));
}

it("puts a person who is disabled in Entra out of every application after one cycle, and frees the seat", async () => {
  const [adas, bens] = [new Browser(lab.twin), new Browser(lab.twin)];
  expect(await openBoth(adas, ada)).toEqual(["in", "in"]);
  expect(await openBoth(bens, ben)).toEqual(["in", "in"]);
  expect(await readSeats()).toEqual({ [adasMail]: true, [bensMail]: true });

  await hand.graph.api(`/users/${ada.id}`).patch({ accountEnabled: false });
  expect(await visitBoth(adas)).toEqual([true, true]);
  expect(await listProblems()).toEqual({
    "provisioned-people": `not in Entra, or disabled: ${adasMail}`,
  });
  lab.twin.clock.advance(40 * 60);
  await lab.twin.runProvisioning();
  expect(await visitBoth(adas)).toEqual([false, false]);
  expect(await visitBoth(bens)).toEqual([true, true]);
  expect(await readSeats()).toEqual({ [adasMail]: false, [bensMail]: true });
  expect(await listProblems()).toEqual({});
});

it("is found by verify and drift where somebody changes it by hand", async () => {
  hand = await lab.administrator();
  const { principal, job, listAssigned } = await readManaged(stack, hand);
  const [assignment] = await listAssigned();
  await hand.graph.api(`${principal}/appRoleAssignedTo/${assignment?.id}`).delete();
  await hand.graph.api(`${principal}/appRoleAssignedTo`).post({
    principalId: contractors.id,
    resourceId: principal.split("/").at(-1),
    appRoleId: assignment?.appRoleId,
  });
  await hand.graph.api(`${job}/pause`).post({});
  expect(await listProblems()).toEqual({
    "provisioning-groups": "not assigned: Engineers; in no rule: Contractors",
    "provisioning-job": "paused",
  });
  const { drift } = await checkStack(stack);
  expect(drift.differences.map(({ resource }) => resource).sort()).toEqual([
    `entra-scim-assignment-${contosoGroups.engineers.id}`,
    "entra-scim-job",
  ]);
  expect(drift.unmanaged).toMatchObject([{ kind: "assignment for provisioning", name: "Contractors" }]);
});

it("leaves nothing behind when the stack is destroyed", async () => {
  await stack.destroy();
  expect(await listInTenant()).toEqual(before);
});
