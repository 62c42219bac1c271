import { contoso, contosoUsers, devSeed, type Seed, type UserSeed } from "../../../twin/index";
import { parseShownJson, useAccessFixture } from "./access-fixture";

const { ada, ben } = contosoUsers;
const users = Object.values(contosoUsers).map(
  (user): UserSeed => (user.id === ada.id ? { ...user, secondFactor: true } : user),
);
const seed: Seed = {
  ...devSeed,
  tenants: devSeed.tenants.map((tenant) => (tenant.id === contoso.tenantId ? { ...tenant, users } : tenant)),
};
const vault = {
  include: [{ email_domain: { domain: contoso.domain } }],
  require: [{ auth_method: { auth_method: "mfa" } }],
};

const fixture = useAccessFixture({ seed });
beforeEach(() => fixture.protect({ policy: vault }));

const enter = async (user: { id: string; password?: string }) =>
  fixture.signInFrom(await fixture.browser().go(fixture.at("wiki.contoso.test/")), user);

test("admits a user with a second factor if a rule requires one", async () => {
  const shown = await enter(ada);
  expect(shown.html).toContain("Cloudflare Access let you in");
  expect(parseShownJson(shown).amr).toEqual(["pwd", "mfa"]);
});

test("refuses users without a second factor", async () => {
  expect(await enter(ben)).toMatchObject({ status: 403, html: expect.stringContaining("No policy matches") });
  expect(await fixture.log()).toMatchObject([{ allowed: false, user_email: ben.mail }]);
});

test("shows users with a second factor on the home page", async () => {
  const words = (await (await fetch(fixture.twin().browserUrl)).text())
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
  expect(words).toContain(`${ada.userPrincipalName} Member enabled with a second factor`);
  expect(words).toContain(`${ben.userPrincipalName} Member enabled Engineers`);
});
