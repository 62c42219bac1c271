import { BadRequestError, PermissionDeniedError } from "cloudflare/core/error";
import { Accounts } from "cloudflare/resources/accounts/accounts";
import { ZeroTrust } from "cloudflare/resources/zero-trust/zero-trust";
import { createClient } from "cloudflare/tree-shakable";
import { contoso, startTwin, type Twin } from "../../../twin/index";

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin();
});
afterAll(() => twin.close());
beforeEach(() => twin.reset());

const account_id = contoso.accountId;
const client = ({ value }: { value: string }) =>
  createClient({
    resources: [Accounts, ZeroTrust],
    apiToken: value,
    baseURL: twin.cloudflareUrl,
    maxRetries: 0,
  });
const gone = { status: 404 };

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

const settings = {
  account_id,
  name: "Entra ID",
  type: "azureAD" as const,
  config: { client_id: "id", client_secret: "not-a-real-secret", directory_id: contoso.tenantId },
};

test("lets Cloudflare's client create, list, change and delete an identity provider", async () => {
  const { identityProviders } = client(contoso.tokens.deployer).zeroTrust;
  const made = await identityProviders.create(settings);
  const id = String(made.id);
  expect((await all(identityProviders.list({ account_id }))).map((one) => one.id)).toEqual([id]);
  expect(await identityProviders.update(id, { ...settings, name: "Renamed" })).toMatchObject({
    name: "Renamed",
  });
  await identityProviders.delete(id, { account_id });
  await expect(identityProviders.get(id, { account_id })).rejects.toMatchObject(gone);
});

test("lets it create a group, a policy with it and an application with that", async () => {
  const { access, identityProviders } = client(contoso.tokens.administrator).zeroTrust;
  const { groups, policies, applications } = access;
  const provider = String((await identityProviders.create(settings)).id);

  const azureAD = { id: "4f0a937c-9524-4e04-9a6a-abe931b756ad", identity_provider_id: provider };
  const body = { account_id, name: "Engineers", include: [{ azureAD }] };
  const group = String((await groups.create(body)).id);
  expect(await groups.get(group, { account_id })).toMatchObject({
    name: "Engineers",
    include: [{ azureAD }],
  });
  const require = [{ auth_method: { auth_method: "mfa" } }];
  expect(await groups.update(group, { ...body, require })).toMatchObject({ require });
  expect(await all(groups.list({ account_id, name: "Engineers", per_page: 1 }))).toHaveLength(1);

  const rules = {
    account_id,
    name: "Staff",
    decision: "allow" as const,
    include: [{ group: { id: group } }],
  };
  const policy = String((await policies.create(rules)).id);
  const longer = await policies.update(policy, { ...rules, session_duration: "12h" });
  expect(longer).toMatchObject({ session_duration: "12h", reusable: true });
  expect((await all(policies.list({ account_id }))).map(({ id }) => id)).toEqual([policy]);

  const wiki = { account_id, type: "self_hosted" as const, name: "Wiki", domain: "wiki.contoso.com" };
  const application = await applications.create({
    ...wiki,
    allowed_idps: [provider],
    auto_redirect_to_identity: true,
    policies: [{ id: policy, precedence: 1 }],
  });
  const id = String(application.id);
  expect(await policies.get(policy, { account_id })).toMatchObject({ app_count: 1 });
  expect(await applications.update(id, { ...wiki, name: "Renamed" })).toMatchObject({ name: "Renamed" });
  expect((await all(applications.list({ account_id }))).map((one) => one.id)).toEqual([id]);

  await expect(policies.delete(policy, { account_id })).rejects.toMatchObject({ status: 409 });
  await applications.delete(id, { account_id });
  await policies.delete(policy, { account_id });
  await groups.delete(group, { account_id });
  await identityProviders.delete(provider, { account_id });
  await expect(applications.get(id, { account_id })).rejects.toMatchObject(gone);
  await expect(policies.get(policy, { account_id })).rejects.toMatchObject(gone);
  await expect(groups.get(group, { account_id })).rejects.toMatchObject(gone);
});

test("lets it read the organization and verify its token", async () => {
  const { zeroTrust, accounts } = client(contoso.tokens.administrator);
  const { organizations } = zeroTrust;
  const changed = await organizations.update({ account_id, name: "Renamed", session_duration: "8h" });
  expect(changed).toMatchObject({ name: "Renamed", auth_domain: "contoso.cloudflareaccess.com" });
  expect(await organizations.list({ account_id })).toMatchObject({ session_duration: "8h" });
  expect(await accounts.tokens.verify({ account_id })).toMatchObject({ status: "active" });
  const name = contoso.tokens.deployer.permissions[0] as string;
  const [group] = await all(accounts.tokens.permissionGroups.list({ account_id, name }));
  expect(group?.name).toBe(name);
});

test("lets it create a virtual network, routes and a Gateway rule", async () => {
  const permissions = ["Cloudflare Tunnel Write", "Zero Trust Write", "Access: Apps and Policies Write"];
  const tokens = contoso.account.tokens.map((token) => ({ ...token, permissions }));
  twin.reset({ tenants: [contoso.tenant], accounts: [{ ...contoso.account, tokens }] });
  const { access, gateway, networks, tunnels } = client(contoso.tokens.administrator).zeroTrust;
  const [tunnel] = await all(tunnels.cloudflared.list({ account_id, is_deleted: false }));
  const tunnel_id = String(tunnel?.id);
  const { id: virtual_network_id } = await networks.virtualNetworks.create({ account_id, name: "Lab" });
  const edited = await networks.virtualNetworks.edit(virtual_network_id, { account_id, comment: "spare" });
  expect(edited).toMatchObject({ name: "Lab", comment: "spare", is_default_network: false });
  expect(await all(networks.virtualNetworks.list({ account_id }))).toHaveLength(2);

  const route = { network: "10.20.0.0/16", tunnel_id, virtual_network_id };
  const { id: routeId = "" } = await networks.routes.create({ account_id, ...route });
  expect(await networks.routes.get(routeId, { account_id })).toMatchObject(route);
  expect(await all(networks.routes.list({ account_id, virtual_network_id }))).toMatchObject([
    { ...route, tunnel_name: "datacenter", virtual_network_name: "Lab" },
  ]);
  const ledger = { hostname: "ledger.contoso.internal", tunnel_id };
  const { id: hostname = "" } = await networks.hostnameRoutes.create({ account_id, ...ledger });
  expect(await networks.hostnameRoutes.edit(hostname, { account_id, comment: "books" })).toMatchObject(
    ledger,
  );

  const rule = {
    account_id,
    name: "closed",
    action: "block" as const,
    filters: ["l4" as const],
    enabled: true,
    traffic: `net.vnet_id == "${virtual_network_id}" and net.dst.ip in {10.20.0.0/16}`,
  };
  const { id: ruleId = "" } = await gateway.rules.create({ ...rule, precedence: 1000 });
  expect(await gateway.rules.update(ruleId, { ...rule, precedence: 900 })).toMatchObject({ precedence: 900 });
  expect(await all(gateway.rules.list({ account_id }))).toMatchObject([{ name: "closed", version: 2 }]);

  const destination = { type: "private" as const, cidr: "10.20.30.0/24", vnet_id: virtual_network_id };
  const application = {
    account_id,
    type: "self_hosted" as const,
    name: "Servers",
    destinations: [destination],
  };
  expect(await access.applications.create(application)).toMatchObject({
    destinations: [destination],
  });
  await networks.hostnameRoutes.delete(hostname, { account_id });
  await networks.routes.delete(routeId, { account_id });
  await gateway.rules.delete(ruleId, { account_id });
  await networks.virtualNetworks.delete(virtual_network_id, { account_id });
  await expect(networks.routes.get(routeId, { account_id })).rejects.toMatchObject(gone);
});

test("lets it read the first page of the account's audit log", async () => {
  const { identityProviders } = client(contoso.tokens.deployer).zeroTrust;
  for (const name of ["A", "B"]) await identityProviders.create({ ...settings, name });
  const { audit } = client(contoso.tokens.auditor).accounts.logs;
  const asked = { account_id, since: "2026-01-01", before: "2999-01-01" };
  expect((await all(audit.list(asked))).map(({ action }) => action?.type)).toEqual(["create", "create"]);
  expect(await all(audit.list({ ...asked, limit: 1 }))).toHaveLength(1);
});

test("makes the client throw its own errors", async () => {
  const { policies } = client(contoso.tokens.deployer).zeroTrust.access;
  await expect(all(policies.list({ account_id }))).rejects.toBeInstanceOf(PermissionDeniedError);
  const { groups } = client(contoso.tokens.deployer).zeroTrust.access;
  await expect(groups.create({ account_id, name: "Empty", include: [] })).rejects.toBeInstanceOf(
    BadRequestError,
  );
});
