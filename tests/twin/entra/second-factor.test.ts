import { decodeJwt } from "jose";
import { contoso, contosoUsers, devSeed, type Seed, type UserSeed } from "../../../twin/index";
import { useEntraFixture } from "./entra-fixture";

const { ada, ben, chidi } = contosoUsers;

/** Contoso, where Ada and, without a password, Chidi have a second factor. */
const users: UserSeed[] = Object.values(contosoUsers).map((user: UserSeed) => {
  if (user.id === ada.id) return { ...user, secondFactor: true };
  const { password: _none, ...withoutPassword } = user;
  return user.id === chidi.id ? { ...withoutPassword, secondFactor: true } : user;
});
const seed: Seed = {
  ...devSeed,
  tenants: devSeed.tenants.map((tenant) => (tenant.id === contoso.tenantId ? { ...tenant, users } : tenant)),
};

const fixture = useEntraFixture({ seed });
const { address, browser, codeOf, redeem } = fixture;
beforeEach(() => browser().go(address()));

const amr = async (user: { id: string; password?: string }) => {
  const { body } = await redeem({ code: codeOf(await browser().signIn(user)) });
  return { access: decodeJwt(body.access_token).amr, id: decodeJwt(body.id_token).amr };
};

test("is requested after the password, and is in the token for Graph", async () => {
  await browser().submit({ user: ada.id });
  const shown = await browser().submit({ user: ada.id, password: ada.password ?? "" });
  expect(shown).toMatchObject({ status: 200, html: expect.stringContaining("Approve sign in request") });
  const back = await browser().submit({ user: ada.id, second_factor: "approve" });
  const { body } = await redeem({ code: codeOf(back) });
  expect(decodeJwt(body.access_token).amr).toEqual(["pwd", "mfa"]);
  // Id tokens of version 2.0 have no such claim.
  expect(decodeJwt(body.id_token)).not.toHaveProperty("amr");
  expect((await browser().go(address())).url).toContain("code=");
});

test("is not requested from a user without one", async () => {
  expect(await amr(ben)).toEqual({ access: ["pwd"], id: undefined });
});

test("is requested even without a password", async () => {
  expect((await browser().submit({ user: chidi.id })).html).toContain("Approve sign in request");
  expect((await browser().submit({ user: chidi.id, second_factor: "approve" })).url).toContain("code=");
});

test("can be denied and tried again", async () => {
  await browser().submit({ user: ada.id });
  await browser().submit({ user: ada.id, password: ada.password ?? "" });
  const denied = await browser().submit({ user: ada.id, second_factor: "deny" });
  expect(denied).toMatchObject({ status: 400, html: expect.stringContaining("AADSTS500121: ") });
  expect((await browser().submit({ user: ada.id, second_factor: "approve" })).url).toContain("code=");
});

test("is not enough alone, or after another user's password", async () => {
  const asked = expect.stringContaining("Enter password");
  expect((await browser().submit({ user: ada.id, second_factor: "approve" })).html).toEqual(asked);
  await browser().submit({ user: chidi.id });
  expect((await browser().submit({ user: ada.id, second_factor: "approve" })).html).toEqual(asked);
});
