import type { Client } from "@microsoft/microsoft-graph-client";
import { listAllPages } from "../../ops/clients/pages";
import { listAccountObjects } from "../../ops/drift/account/objects";
import type { Stack } from "../../ops/stacks";
import { contoso, fabrikam } from "../../twin/index";
import type { EngineFixture } from "./engine-fixture";

/** Lists everything in both tenants and Contoso's account that a stack can make, as "<kind> <id>". */
async function listObjects(lab: EngineFixture): Promise<string[]> {
  const [own, partner] = [await lab.administrator(contoso), await lab.administrator(fabrikam)];
  const { zeroTrust } = own.cloudflare;
  const at = { account_id: own.accountId };
  const inAccount = (await listAccountObjects(own)).objects.map(({ kind, id }) => `${kind} ${id}`);
  for await (const { id } of zeroTrust.networks.virtualNetworks.list(at))
    inAccount.push(`virtual network ${id}`);
  for await (const { id, type } of zeroTrust.access.applications.list(at))
    if (type === "warp") inAccount.push(`device enrollment ${id}`);
  return [...(await listInTenant(own.graph)), ...(await listInTenant(partner.graph)), ...inAccount];
}

async function listInTenant(graph: Client): Promise<string[]> {
  const list = async (kind: string, path: string) =>
    (await listAllPages<{ id: string }>(graph, path)).map(({ id }) => `${kind} ${id}`);
  const principals = await listAllPages<{ id: string; tags: string[]; appRoles: unknown[] }>(
    graph,
    "/servicePrincipals",
  );
  const assignable = principals.filter(({ appRoles }) => appRoles.length === 1);
  const assignments = assignable.map(({ id }) =>
    list("assignment", `/servicePrincipals/${id}/appRoleAssignedTo`),
  );
  return [
    ...principals.map(({ id }) => `service principal ${id}`),
    ...(await Promise.all([
      list("application", "/applications"),
      list("consent", "/oauth2PermissionGrants"),
      list("group", "/groups"),
      ...assignments,
    ]).then((lists) => lists.flat())),
  ];
}

/** Creates a function that lists what exists now, did not exist before, and is not in the state of the stack. */
export async function watchForLeftovers(lab: EngineFixture): Promise<(stack: Stack) => Promise<string[]>> {
  const before = new Set(await listObjects(lab));
  return async (stack) => {
    const resources: { id?: string }[] = (await stack.export()).deployment.resources ?? [];
    // That of an application made from a template has its service principal as well.
    const ids = new Set(resources.flatMap(({ id = "" }) => id.split("/")));
    const all = await listObjects(lab);
    return all.filter((object) => !before.has(object) && !ids.has(object.split(" ").at(-1) ?? ""));
  };
}
