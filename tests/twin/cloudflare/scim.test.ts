import { contoso, contosoUsers, devSeed, fabrikam } from "../../../twin/index";
import { useAccessFixture } from "../access/access-fixture";
import { createScimClient, type ScimClient } from "./scim-client";

const { ada, ben } = contosoUsers;
const USERS = {
  name: "users",
  value: "users_not_a_real_token_0000000000000000000000",
  permissions: ["Access: Users Read"],
};
const fixture = useAccessFixture({
  seed: {
    ...devSeed,
    accounts: [{ ...contoso.account, tokens: [...contoso.account.tokens, USERS] }, fabrikam.account],
  },
});
const WIKI = "wiki.contoso.test";

/** Enables SCIM with these settings. */
async function enable(scim: object = {}): Promise<ScimClient> {
  const { id } = fixture.provider();
  const { body } = await fixture.cloudflare("GET", `/identity_providers/${id}`);
  const { config, name, type } = body.result;
  const settings = { enabled: true, user_deprovision: true, seat_deprovision: true, ...scim };
  const answer = await fixture.cloudflare("PUT", `/identity_providers/${id}`, {
    name,
    type,
    config,
    scim_config: settings,
  });
  const { scim_base_url: baseUrl, secret } = answer.body.result.scim_config;
  return createScimClient(fixture.twin(), baseUrl, secret);
}

const CORE = "urn:ietf:params:scim:schemas:core:2.0:";
const ERROR = { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"] };
/** The User that Entra sends by its default attribute mapping. */
const describeUser = ({ userPrincipalName, mail, displayName }: typeof ada, more: object = {}) => ({
  schemas: [`${CORE}User`, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
  externalId: userPrincipalName.split("@")[0],
  userName: userPrincipalName,
  active: true,
  displayName,
  emails: [{ primary: true, type: "work", value: mail }],
  meta: { resourceType: "User" },
  name: { formatted: displayName, familyName: "x", givenName: "y" },
  roles: [],
  ...more,
});
const describeGroup = (displayName = "Engineers", externalId = "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159") => ({
  schemas: [`${CORE}Group`],
  externalId,
  displayName,
  meta: { resourceType: "Group" },
});
const patch = (...Operations: object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});
const users = async () => {
  const { body } = await fixture.client().accessAs(contoso.accountId, USERS.value)("GET", "/users");
  return body.result as Record<string, unknown>[];
};
const isSignedIn = async () => {
  const shown = await fixture.browser().go(fixture.at(WIKI));
  return shown.url === fixture.at(`${WIKI}/`) || shown.url === fixture.at(WIKI);
};

/** https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups */
test("answers the sequence of requests that Microsoft documents for Entra", async () => {
  const scim = await enable();
  const none = await scim("GET", `/Users?filter=userName eq "5b6b1c27-ef1b-4bd0-b3ac-a1d4d3a6c8e9"`);
  expect(none).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } });

  const created = await scim("POST", "/Users", describeUser(ada));
  expect(created.status).toBe(201);
  const { id } = created.body;
  expect(created.body).toMatchObject({
    userName: ada.userPrincipalName,
    active: true,
    meta: {
      resourceType: "User",
      location: expect.stringMatching(
        `^https://contoso.cloudflareaccess.com/populations/${fixture.provider().id}/scim/v2/Users/${id}$`,
      ),
    },
  });
  expect((await scim("GET", `/Users/${id}`)).body).toEqual(created.body);
  for (const filter of [`userName eq "${ada.userPrincipalName.toUpperCase()}"`, 'externalId eq "ada"'])
    expect((await scim("GET", `/Users?filter=${filter}`)).body).toMatchObject({
      totalResults: 1,
      Resources: [{ id }],
    });
  const changed = await scim(
    "PATCH",
    `/Users/${id}`,
    patch(
      { op: "Replace", path: 'emails[type eq "work"].value', value: "ada.berg@contoso.test" },
      { op: "Replace", path: "name.familyName", value: "Berg" },
    ),
  );
  expect(changed).toMatchObject({
    status: 200,
    body: { emails: [{ type: "work", value: "ada.berg@contoso.test" }], name: { familyName: "Berg" } },
  });

  const group = await scim("POST", "/Groups", { ...describeGroup(), members: [] });
  expect(group).toMatchObject({ status: 201, body: { displayName: "Engineers" } });
  const path = `/Groups/${group.body.id}`;
  expect((await scim("GET", `${path}?excludedAttributes=members`)).body).not.toHaveProperty("members");
  const found = await scim("GET", '/Groups?excludedAttributes=members&filter=displayName eq "Engineers"');
  expect(found.body.totalResults).toBe(1);
  const renamed = await scim("PATCH", path, patch({ op: "Replace", path: "displayName", value: "Builders" }));
  expect(renamed.status).toBe(200);
  const member = { op: "Add", path: "members", value: [{ $ref: null, value: id }] };
  await scim("PATCH", path, patch(member));
  expect((await scim("GET", path)).body).toMatchObject({ displayName: "Builders", members: [{ value: id }] });
  await scim("PATCH", path, patch({ ...member, op: "Remove" }));
  expect((await scim("GET", path)).body.members ?? []).toEqual([]);
  expect((await scim("DELETE", path)).status).toBe(204);

  const disabled = await scim(
    "PATCH",
    `/Users/${id}`,
    patch({ op: "Replace", path: "active", value: "False" }),
  );
  expect(disabled).toMatchObject({ status: 200, body: { active: false } });
  expect((await scim("DELETE", `/Users/${id}`)).status).toBe(204);
  expect(await scim("GET", `/Users/${id}`)).toMatchObject({ status: 404, body: { ...ERROR, status: "404" } });
});

test("describes itself", async () => {
  const scim = await enable();
  expect((await scim("GET", "/ServiceProviderConfig")).body).toMatchObject({
    patch: { supported: true },
    filter: { supported: true },
    bulk: { supported: false },
  });
  const names = async (path: string) =>
    (await scim("GET", path)).body.Resources.map(({ name }: { name: string }) => name);
  expect(await names("/ResourceTypes")).toEqual(["User", "Group"]);
  expect(await names("/Schemas")).toEqual(expect.arrayContaining(["User", "Group"]));
});

test("refuses wrong requests, and does not judge what Entra does not send", async () => {
  const scim = await enable();
  const { body: user } = await scim("POST", "/Users", describeUser(ada));
  const cases: [method: string, path: string, body: object | undefined, status: number, scimType?: string][] =
    [
      ["POST", "/Users", describeUser(ada), 409, "uniqueness"],
      ["POST", "/Users", { schemas: [`${CORE}User`] }, 400, "invalidValue"],
      ["POST", "/Users", { userName: "x" }, 400, "invalidSyntax"],
      ["POST", "/Users", describeUser(ben, { favorite: true }), 501],
      ["POST", "/Groups", { ...describeGroup(), members: [{ value: "nobody" }] }, 400, "invalidValue"],
      [
        "PATCH",
        `/Users/${user.id}`,
        patch({ op: "Replace", path: "favorite", value: 1 }),
        400,
        "invalidPath",
      ],
      ["PATCH", "/Users/unknown", patch({ op: "Replace", path: "active", value: false }), 404],
      ["PUT", "/Users/unknown", describeUser(ben), 404],
      ["DELETE", "/Groups/unknown", undefined, 404],
      ["GET", '/Users?filter=displayName eq "Ada"', undefined, 501],
      ["GET", '/Users?filter=userName sw "a"', undefined, 501],
      ["GET", "/Users?startIndex=2", undefined, 501],
      ["POST", "/Bulk", {}, 501],
    ];
  for (const [method, path, body, status, scimType] of cases)
    expect([method, path, await scim(method, path, body)]).toEqual([
      method,
      path,
      {
        status,
        body: expect.objectContaining({ ...ERROR, status: String(status), ...(scimType && { scimType }) }),
      },
    ]);
});

test("requires the token of the identity provider, which must have SCIM on", async () => {
  const scim = await enable();
  expect((await scim("GET", "/Users", undefined, { authorization: "Bearer wrong" })).status).toBe(401);
  const elsewhere = scim.at(scim.baseUrl.replace("contoso", "fabrikam"));
  expect((await elsewhere("GET", "/Users")).status).toBe(401);
  await enable({ enabled: false });
  expect(await scim("GET", "/Users")).toMatchObject({ status: 401, body: { ...ERROR, status: "401" } });
});

test("is what the API lists, and goes with its identity provider", async () => {
  const scim = await enable();
  const { body: user } = await scim("POST", "/Users", describeUser(ada));
  await scim("POST", "/Groups", { ...describeGroup(), members: [{ value: user.id }] });
  const path = `/identity_providers/${fixture.provider().id}`;
  expect((await fixture.cloudflare("GET", `${path}/scim/users`)).body).toMatchObject({
    result: [{ id: user.id, active: true, externalId: "ada", emails: [{ value: ada.mail }] }],
    result_info: { total_count: 1 },
  });
  const groups = await fixture.cloudflare("GET", `${path}/scim/groups`);
  expect(groups.body.result).toMatchObject([{ displayName: "Engineers" }]);
  expect((await fixture.cloudflare("DELETE", path)).status).toBe(202);
  expect((await fixture.cloudflare("GET", `${path}/scim/users`)).status).toBe(404);
});

describe("somebody who is signed in", () => {
  /** Signs Ada in, and provisions her. */
  async function signIn(settings: object) {
    await fixture.protect();
    await fixture.signInFrom(await fixture.browser().go(fixture.at(WIKI)));
    const scim = await enable(settings);
    const { body } = await scim("POST", "/Users", describeUser(ada));
    return { scim, id: body.id as string };
  }
  const seats = async () => (await users()).map(({ email, access_seat }) => [email, access_seat]);

  test.each([
    ["stays with neither setting", { user_deprovision: false, seat_deprovision: false }, true, true],
    ["is signed out, and keeps the seat", { seat_deprovision: false }, false, true],
    ["is signed out and gives the seat back", {}, false, false],
  ])("%s when deprovisioned", async (_what, settings, remains, seat) => {
    const { scim, id } = await signIn(settings);
    expect([await isSignedIn(), await seats()]).toEqual([true, [[ada.mail, true]]]);
    await scim("PATCH", `/Users/${id}`, patch({ op: "Replace", path: "active", value: false }));
    expect([await isSignedIn(), await seats()]).toEqual([remains, [[ada.mail, seat]]]);
  });

  test("is signed out by deletion too, and takes a seat again by another sign-in", async () => {
    const { scim, id } = await signIn({});
    await scim("DELETE", `/Users/${id}`);
    const { html } = await fixture.browser().go(fixture.twin().browserUrl);
    expect(html).toMatch(/<th scope="row">ada@contoso[^<]+<\/th><td>free<\/td>/);
    expect([await isSignedIn(), await seats()]).toEqual([false, [[ada.mail, false]]]);
    await fixture.signInFrom(await fixture.browser().go(fixture.at(WIKI)));
    expect([await isSignedIn(), await seats()]).toEqual([true, [[ada.mail, true]]]);
  });

  test.each([
    ["no_action", true, []],
    ["reauth", false, []],
    ["automatic", true, [{ id: expect.any(String), name: "Engineers" }]],
  ])("whose groups change: %s", async (identity_update_behavior, remains, groups) => {
    const { scim, id } = await signIn({ identity_update_behavior });
    await scim("POST", "/Groups", { ...describeGroup(), members: [{ value: id }] });
    expect(await isSignedIn()).toBe(remains);
    const [{ uid } = {}] = await users();
    const { body } = await fixture.client().accessAs(contoso.accountId, USERS.value)(
      "GET",
      `/users/${uid}/last_seen_identity`,
    );
    const known = body.result.groups.filter(({ id }: { id: string }) => id.startsWith("8aa1"));
    expect(known).toEqual(groups);
  });

  test.each([
    ["automatic", true],
    ["reauth", false],
  ])("is active again after a new sign-in with %s: %s", async (identity_update_behavior, active) => {
    const { scim, id } = await signIn({ identity_update_behavior });
    await scim("PATCH", `/Users/${id}`, patch({ op: "Replace", path: "active", value: false }));
    await fixture.signInFrom(await fixture.browser().go(fixture.at(WIKI)));
    expect((await scim("GET", `/Users/${id}`)).body.active).toBe(active);
  });
});

test("a renewed secret is shown once and replaces the one before; without SCIM there is none", async () => {
  const before = await enable();
  const path = `/identity_providers/${fixture.provider().id}`;
  const { status, body } = await fixture.cloudflare("POST", `${path}/refresh_scim_secret`);
  const { scim_base_url: baseUrl, secret } = body.result.scim_config;
  expect([status, secret]).toEqual([200, expect.stringMatching(/^scim_[0-9a-f]{48}$/)]);
  expect((await fixture.cloudflare("GET", path)).body.result.scim_config.secret).toMatch(/^\*+$/);
  expect((await before("GET", "/Users")).status).toBe(401);
  expect((await createScimClient(fixture.twin(), baseUrl, secret)("GET", "/Users")).status).not.toBe(401);
  await enable({ enabled: false });
  expect((await fixture.cloudflare("POST", `${path}/refresh_scim_secret`)).status).toBe(400);
  expect((await fixture.cloudflare("POST", "/identity_providers/none/refresh_scim_secret")).status).toBe(404);
});

describe("as RFC 7644 says,", () => {
  test.each([
    ["GET", "/ResourceTypes/User", 200],
    ["GET", `/Schemas/${CORE}Group`, 200],
    ["GET", "/Schemas/unknown", 404],
    ["GET", "/Printers", 404],
    ["POST", "/Schemas", 405],
    ["GET", "/Me", 501],
  ])("%s %s is a %i", async (method, path, status) => {
    const scim = await enable();
    const answer = await scim(method, path);
    expect(answer.status).toBe(status);
    if (status >= 400) expect(answer.body).toMatchObject({ ...ERROR, status: String(status) });
  });

  test("the type of a role may be anything, and schemas are returned whatever attributes are selected", async () => {
    const scim = await enable();
    const roles = [{ value: "reader", type: "WindowsAzureActiveDirectoryRole" }];
    const { status, body } = await scim("POST", "/Users", describeUser(ada, { roles }));
    expect([status, body.roles]).toMatchObject([201, roles]);
    const selected = await scim("GET", `/Users/${body.id}?attributes=userName`);
    expect(selected.body).toMatchObject({ schemas: [`${CORE}User`], userName: ada.userPrincipalName });
  });
});
