import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatRelativeTime } from "../../../twin/home/moment";
import { NOT_ENFORCED } from "../../../twin/home/self";
import { contoso, contosoGroups, contosoUsers, devSeed } from "../../../twin/index";
import { useAccessFixture } from "../access/access-fixture";
import { listWords, readPage } from "./page-text";

const fixture = useAccessFixture();
const DAY = 24 * 3600;

const page = () => readPage(fixture.twin());
const words = async () => listWords(await page());
const made = async (path: string, body: unknown) => {
  const { value } = contoso.tokens.administrator;
  const answer = await fixture.client().accessAs(contoso.accountId, value)("POST", path, body);
  expect(answer.status).toBe(201);
  return answer.body.result;
};

test("shows a tenant with applications, users and groups", async () => {
  const shown = await words();
  expect(shown).toContain(
    `Tenant Contoso Domain contoso.onmicrosoft.com Directory (tenant) ID ${contoso.tenantId} ` +
      "Signs users in for Entra ID, in account Contoso Applications 5",
  );
  const { appId } = fixture.app();
  expect(shown).toContain(
    `Cloudflare Access ${appId} https://contoso.cloudflareaccess.com/cdn-cgi/access/callback ` +
      "enabled for all users of the tenant " +
      "on behalf of all users: openid, email, profile, offline_access, User.Read, Directory.Read.All, Group.Read.All",
  );
  expect(shown).toContain("as itself: Application.ReadWrite.OwnedBy, DelegatedPermissionGrant.ReadWrite.All");
  expect(shown).toContain(
    "Ada Berg ada@contoso.onmicrosoft.com Member enabled Engineers, Employees (nested)",
  );
  expect(shown).toContain(
    "Farida Ghani farida@contoso.onmicrosoft.com Member, Global Administrator enabled none",
  );
  expect(shown).toContain("Emil Garde emil@contoso.onmicrosoft.com Member disabled Employees");
  expect(shown).toContain(`Employees ${contosoGroups.employees.id} Chidi Eze Emil Garde Engineers`);
});

test("shows private networks, and that they are not enforced", async () => {
  const permissions = ["Cloudflare Tunnel Write", "Zero Trust Write", "Access: Apps and Policies Write"];
  const tokens = contoso.account.tokens.map((token) => ({ ...token, permissions }));
  fixture.twin().reset({ tenants: devSeed.tenants, accounts: [{ ...contoso.account, tokens }] });
  expect(await words()).not.toContain("Network policies");
  const { tunnelId: tunnel_id } = contoso;
  const call = fixture.client().accountAs(contoso.accountId, contoso.tokens.administrator.value);
  await call("POST", "/teamnet/routes", { network: "10.20.0.0/16", tunnel_id });
  await call("POST", "/zerotrust/routes/hostname", { hostname: "ledger.internal", tunnel_id });
  const traffic = "net.dst.ip in {10.20.0.0/16}";
  await call("POST", "/gateway/rules", { name: "closed", action: "block", filters: ["l4"], traffic });
  const destinations = [{ type: "private", cidr: "10.20.30.0/24", port_range: "443", l4_protocol: "tcp" }];
  await made("/apps", { type: "self_hosted", name: "Servers", destinations });
  const shown = await words();
  expect(shown).toContain("not enforced: no traffic passes through WARP or a tunnel here.");
  expect(shown).toContain("10.20.0.0/16 default datacenter ledger.internal datacenter");
  expect(shown).toContain(`closed 1000 block, off ${traffic}`);
  expect(shown).toContain("Servers 10.20.30.0/24, tcp 443 (private)");
});

test("shows a missing, disabled or restricted service principal", async () => {
  const { principalId } = fixture.app();
  const path = `/v1.0/servicePrincipals/${principalId}`;
  await fixture.graph("PATCH", path, { appRoleAssignmentRequired: true });
  expect(await words()).toContain("enabled for assigned principals: none");
  const assignment = { principalId: contosoGroups.engineers.id, resourceId: principalId };
  const appRoleId = "00000000-0000-0000-0000-000000000000";
  expect(
    (await fixture.graph("POST", `${path}/appRoleAssignedTo`, { ...assignment, appRoleId })).status,
  ).toBe(201);
  expect(await words()).toContain("enabled for assigned principals: Engineers");
  await fixture.graph("PATCH", path, { accountEnabled: false });
  expect(await words()).toContain("disabled: neither users nor the application itself can sign in");
  await fixture.graph("DELETE", path);
  expect(await words()).toContain("none: unknown in the tenant (AADSTS700016)");
});

test("shows the consent of a single user", async () => {
  fixture.use(await fixture.make({ consent: null }));
  await fixture.connect({ support_groups: false });
  await fixture.test();
  await fixture.browser().submit({ consent: "accept" });
  expect(await words()).toContain("on behalf of Ada Berg: openid, profile, email, offline_access");
});

test("shows the remaining time of secrets by the twin's clock", async () => {
  const endDateTime = new Date(fixture.twin().clock.now().getTime() + 30 * DAY * 1000 + 60_000).toISOString();
  fixture.use(await fixture.make({ endDateTime }));
  expect(await words()).toMatch(
    /test \S{3}… [0-9a-f-]{36} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC expires in 30 days/,
  );
  fixture.twin().clock.advance(29 * DAY);
  expect(await words()).toMatch(/expires in 24 hours/);
  fixture.twin().clock.advance(3 * DAY);
  expect(await words()).toContain("expired 47 hours ago");
  expect(await words()).toContain("Client secrets 6 1 expired");
  expect(await words()).toContain("this machine's time was 32 days ago");
});

test("shows that a new secret is not valid yet", async () => {
  fixture.twin().secretDelaySeconds = 30;
  await fixture.make({});
  expect(await words()).toContain("new: not valid at sign-in yet");
  expect(await words()).toContain("New client secrets are valid after 30 seconds");
  fixture.twin().clock.advance(31);
  expect(await words()).not.toContain("new: not valid");
});

test.each([
  [0, "in 0 seconds"],
  [-1, "1 second ago"],
  [119, "in 119 seconds"],
  [120, "in 2 minutes"],
  [7200, "in 2 hours"],
  [-2 * DAY, "2 days ago"],
  [729 * DAY, "in 729 days"],
  [730 * DAY + 1, "in 2 years"],
])("%i seconds from now is %s", (seconds, expected) => {
  const now = new Date("2030-01-01T00:00:00Z");
  expect(formatRelativeTime(now, new Date(now.getTime() + seconds * 1000))).toBe(expected);
});

test("shows an account with identity providers, applications, policies and rule groups", async () => {
  const id = fixture.provider().id;
  const group = await made("/groups", {
    name: "Builders",
    include: [{ azureAD: { id: contosoGroups.engineers.id, identity_provider_id: id } }],
    exclude: [{ email: { email: "eve@contoso.com" } }],
  });
  const policy = await made("/policies", {
    name: "Builders only",
    decision: "allow",
    include: [{ group: { id: group.id } }],
    require: [{ login_method: { id } }],
  });
  await made("/apps", {
    type: "self_hosted",
    name: "Wiki",
    domain: "wiki.contoso.com",
    policies: [policy.id],
  });
  const shown = await words();
  expect(shown).toContain("Team domain contoso.cloudflareaccess.com");
  expect(shown).toContain(
    "Tenant Contoso contoso.onmicrosoft.com Application Cloudflare Access secret expires in 2 years " +
      "Identity provider Entra ID groups on, PKCE on Test Entra ID Access applications 1 Wiki Protected",
  );
  expect(await page()).toContain(`href="${fixture.team(`/test-idp/${id}`)}"`);
  expect(shown).toContain("Wiki wiki.contoso.com all of the account's Builders only");
  expect(shown).toContain("Builders only allow one of: group Builders and all of: login_method Entra ID");
  expect(shown).toContain("Builders one of: azureAD Engineers Entra ID but none of: email eve@contoso.com");
});

test("shows the sign-in log, the last requests and the faults", async () => {
  expect(await words()).toContain("No sign-ins yet.");
  fixture.twin().faults.add({
    on: { service: "graph", method: "GET", path: "/v1.0/me/*" },
    count: { first: 1 },
    effect: { kind: "error", status: 429, retryAfter: 7 },
  });
  await fixture.test();
  await fixture.openTest();
  const shown = await words();
  expect(shown).toMatch(/UTC ada@contoso\.onmicrosoft\.com contoso\.cloudflareaccess\.com login allowed/);
  expect(shown).toMatch(/UTC unknown contoso\.cloudflareaccess\.com login refused [0-9a-f]{16}/);
  const call = "GET /v1.0/me/transitiveMemberOf";
  const fault = fixture.twin().faults.list[0]?.id;
  expect(shown).toContain(`graph not recognized ${call} 429 ${fault}`);
  expect(shown).toContain(`graph ada@contoso.onmicrosoft.com ${call} 200 `);
  expect(shown).toContain(`${fault} graph GET /v1.0/me/*, the first 1 error, status 429, retryAfter 7 2 1 0`);
});

test("says what to do next in an empty twin", async () => {
  const bare = { id: contoso.tenantId, displayName: "Bare", domain: "bare.example", principals: [] };
  fixture.twin().reset({ tenants: [bare], accounts: [contoso.account] });
  const shown = await words();
  for (const line of [
    "No application is registered. Create one with pulumi up",
    "No users: they come from a seed.",
    "No groups: they come from a seed",
    "No identity provider. Create one with npm run local",
    "No application is protected.",
    "No sign-ins yet. Press Test",
    "The twin has not received a request yet.",
    "No fault is active.",
  ])
    expect(shown).toContain(line);
  fixture.twin().reset({ tenants: [], accounts: [] });
  expect(await words()).toContain(
    "The twin holds no tenant and no account. Reset it with a seed that has some.",
  );
});

test("stays below 100 KB, and counts objects beyond fifty", async () => {
  const users = Array.from({ length: 130 }, (_none, n) => ({
    id: `0000000${n}-0000-4000-8000-000000000000`.slice(-36),
    userPrincipalName: `user${n}@contoso.example`,
    displayName: `User ${n}`,
  }));
  const groups = users.map(({ id, displayName }) => ({
    id: id.replace("-4", "-5"),
    displayName,
    members: [],
  }));
  fixture.twin().reset({ ...devSeed, tenants: [{ ...contoso.tenant, users, groups }] });
  for (let n = 1; n <= 60; n++) await fixture.protect({ host: `application${n}.contoso.test` });
  const html = await page();
  const shown = listWords(html);
  expect(shown).toContain("Users 130 Name");
  expect(shown).toContain("user49@contoso.example");
  expect(shown).not.toContain("user50@contoso.example");
  expect(shown).toContain("and 80 more");
  expect(html.length).toBeLessThan(100_000);
  expect(html.length).toBeGreaterThan(50_000);
});

test("shows no secret in any encoding", async () => {
  const sent = "cloudflares-copy-of-a-secret";
  await fixture.connect({ client_secret: sent });
  const browser = fixture.browser();
  await fixture.test();
  await browser.go(fixture.team(`/test-idp/${fixture.provider().id}?client_secret=${sent}&code=${sent}`));
  const { deployer, administrator, auditor, tokens } = contoso;
  const people = Object.values(contosoUsers).flatMap((user) => ("password" in user ? [user.password] : []));
  const secrets = [
    sent,
    fixture.app().secret,
    deployer.secret,
    administrator.secret,
    auditor.secret,
    ...people,
  ];
  const all = [...secrets, ...Object.values(tokens).map(({ value }) => value)];
  const cookies = browser.cookies.map(({ value }) => value).filter((value) => value.length > 8);
  const html = await page();
  for (const secret of [...all, ...cookies]) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
      expect(html).not.toContain(form);
  }
  expect(all.length).toBeGreaterThan(12);
});

test("escapes names", async () => {
  const hostile = `</style><script>alert(1)</script><img src=x onerror=alert(2)>"'`;
  await fixture.make({ application: { displayName: hostile } });
  await fixture.graph("POST", "/v1.0/groups", {
    displayName: hostile,
    mailEnabled: false,
    mailNickname: "hostile",
    securityEnabled: true,
  });
  await made("/identity_providers", {
    name: hostile,
    type: "azureAD",
    config: { client_id: hostile, client_secret: "x", directory_id: contoso.tenantId },
  });
  await made("/groups", { name: hostile, include: [{ email: { email: "eve@contoso.com" } }] });
  await fixture.client().send("GET", `/v1.0/${encodeURI(hostile)}`);
  const html = await page();
  expect(html.match(/&lt;script&gt;alert/g)?.length).toBeGreaterThan(6);
  expect(html).not.toMatch(/<script|<img|onerror="|"'/);
});

test("has a single page for browsers", async () => {
  const answer = await fetch(fixture.twin().browserUrl);
  expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect((await fetch(`${fixture.twin().browserUrl}/x`)).status).toBe(404);
  expect((await fetch(fixture.twin().browserUrl, { method: "POST" })).status).toBe(404);
  expect(fixture.twin().requests.filter(({ path }) => path === "/")).toEqual([]);
});

test("has the same list of limits as docs/twin.md", () => {
  const docs = readFileSync(join(__dirname, "../../../docs/twin.md"), "utf8").replace(/\s+/g, " ");
  expect(docs).toContain(`## What it does not enforce ${NOT_ENFORCED.join(", ")}.`);
});
