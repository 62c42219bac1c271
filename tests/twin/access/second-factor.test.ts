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

const it = useAccessFixture({ seed });
beforeEach(() => it.protect({ policy: vault }));

const enter = async (user: { id: string; password?: string }) =>
  it.signInFrom(await it.browser().go(it.at("wiki.contoso.test/")), user);

test("a rule about the second factor lets in who signed in with one", async () => {
  const shown = await enter(ada);
  expect(shown.html).toContain("Cloudflare Access let you in");
  expect(parseShownJson(shown).amr).toEqual(["pwd", "mfa"]);
});

test("and nobody else, whoever they are", async () => {
  expect(await enter(ben)).toMatchObject({ status: 403, html: expect.stringContaining("No policy matches") });
  expect(await it.log()).toMatchObject([{ allowed: false, user_email: ben.mail }]);
});

test("the twin's page says who has one", async () => {
  const words = (await (await fetch(it.twin().browserUrl)).text())
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
  expect(words).toContain(`${ada.userPrincipalName} Member enabled, with a second factor`);
  expect(words).toContain(`${ben.userPrincipalName} Member enabled Engineers`);
});
