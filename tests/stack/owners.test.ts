import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clouds } from "../../ops/clients/clouds";
import type { Stack } from "../../ops/stacks";
import { contoso } from "../../twin/index";
import { formatChanges, useEngineFixture } from "../support/engine-fixture";

const lab = useEngineFixture();
let clouds: Clouds;
let deployer: string;
let administrator: string;
let directory: string;
beforeEach(async () => {
  lab.twin.reset();
  clouds = await lab.administrator();
  deployer = await principalOf(contoso.deployer.appId);
  administrator = await principalOf(contoso.administrator.appId);
  directory = mkdtempSync(join(tmpdir(), "entra-access-owners-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function principalOf(appId: string): Promise<string> {
  const { value } = await clouds.graph.api("/servicePrincipals").filter(`appId eq '${appId}'`).get();
  return value[0].id;
}

const config = (owners: string[]) => ({ "entra-access:application": { owners } });
const paths = async (stack: Stack) => {
  const { applicationObjectId, servicePrincipalObjectId } = await stack.outputs();
  return [
    `/applications/${applicationObjectId?.value}`,
    `/servicePrincipals/${servicePrincipalObjectId?.value}`,
  ];
};
const ownersOf = (stack: Stack) => paths(stack).then((all) => Promise.all(all.map(ownersAt)));
async function ownersAt(path: string): Promise<string[]> {
  const { value } = await clouds.graph.api(`${path}/owners`).get();
  return value.map(({ id }: { id: string }) => id).sort();
}
const own = (path: string, id: string) =>
  clouds.graph
    .api(`${path}/owners/$ref`)
    .post({ "@odata.id": `${lab.twin.microsoftUrl}/v1.0/directoryObjects/${id}` });
const both = (property: string) => [
  `update entra-application ${property}`,
  `update entra-service-principal ${property}`,
];

test("owners in the settings own application and service principal from the start, in any order", async () => {
  const stack = await lab.stack({ config: config([deployer, administrator]) });
  await stack.up();
  const all = [deployer, administrator].sort();
  expect(await ownersOf(stack)).toEqual([all, all]);
  await stack.configure(config([administrator, deployer]));
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});

test("the list changes in place", async () => {
  const permissions = [...contoso.deployer.permissions, "Directory.Read.All"];
  const principals = [{ ...contoso.deployer, permissions }, contoso.administrator];
  lab.twin.reset({ tenants: [{ ...contoso.tenant, principals }], accounts: [contoso.account] });
  const stack = await lab.stack();
  await stack.up();
  const before = await stack.outputs();
  const all = [deployer, administrator].sort();
  for (const owners of [all, [deployer]]) {
    await stack.configure(config(owners));
    const changes = (await stack.up()).changes.map(({ op, name }) => `${op} ${name}`).sort();
    expect(changes).toEqual(["update entra-application", "update entra-service-principal"]);
    expect(await ownersOf(stack)).toEqual([owners, owners]);
  }
  expect(await stack.outputs()).toEqual(before);
});

test("removes an owner added by hand; without Directory.Read.All one can only be added at creation, and nothing is lost", async () => {
  const stack = await lab.stack({ directory });
  await stack.up();
  for (const path of await paths(stack)) await own(path, administrator);
  expect(formatChanges((await stack.up()).changes)).toEqual(both("owners[1]"));
  expect(await ownersOf(stack)).toEqual([[deployer], [deployer]]);

  const { message } = await lab.failure("up", { directory, config: config([deployer, administrator]) });
  expect(message).toMatch(/Could not add owners to application .* 403 .*Authorization_RequestDenied/);
  expect(await ownersOf(stack)).toEqual([[deployer], [deployer]]);
  await stack.configure(config([deployer]));
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});

test("a deployer left out locks itself out, until an administrator makes it an owner again", async () => {
  const { message, state } = await lab.failure("up", { directory, config: config([administrator]) });
  // Of service principal and secret, which are refused at the same time, either may be the first.
  expect(message).toMatch(/ 403 .*Authorization_RequestDenied/);
  const made = ((await state()).resources ?? []).map(({ urn }) => urn.split("::").at(-1));
  expect(made).toContain("entra-application");
  expect(made).not.toContain("entra-service-principal");

  const [left] = (
    await clouds.graph.api("/applications").filter(`displayName eq 'Cloudflare Access (contoso)'`).get()
  ).value;
  expect(await ownersAt(`/applications/${left.id}`)).toEqual([administrator]);
  await own(`/applications/${left.id}`, deployer);
  const stack = await lab.stack({ directory, config: config([deployer, administrator]) });
  await stack.up();
  expect((await stack.outputs()).applicationObjectId?.value).toBe(left.id);
});
