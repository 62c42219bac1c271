import { useAccessFixture } from "../access/access-fixture";
import { listWords, readPage } from "./page-text";

const fixture = useAccessFixture();
const DAY = 24 * 3600;
const page = () => readPage(fixture.twin());
const words = async () => listWords(await page());

test.each([
  [
    { directory_id: "fabrikam.onmicrosoft.com", support_groups: false, pkce_enabled: false },
    "Tenant Fabrikam fabrikam.onmicrosoft.com Application APP_ID no such application (AADSTS700016) Identity provider Entra ID groups off, PKCE off",
  ],
  [{ directory_id: "nowhere.example" }, "Tenant nowhere.example no such tenant (AADSTS90002)"],
  [{ client_secret: "wrong" }, "Application Cloudflare Access client secret not accepted (AADSTS7000215)"],
])("shows in the picture why the identity provider %j cannot work", async (config, expected) => {
  await fixture.connect(config);
  expect(await words()).toContain(expected.replace("APP_ID", fixture.app().appId));
});

test("shows in the picture why an application cannot sign anybody in", async () => {
  const { id, principalId } = fixture.app();
  expect(await page()).not.toContain('class="bad"');
  await fixture.graph("PATCH", `/v1.0/applications/${id}`, {
    web: { redirectUris: ["https://other.example/"] },
  });
  await fixture.graph("PATCH", `/v1.0/servicePrincipals/${principalId}`, { accountEnabled: false });
  expect(await words()).toContain(
    "secret expires in 2 years service principal disabled (AADSTS7000112) redirect URI missing (AADSTS50011)",
  );
  await fixture.graph("DELETE", `/v1.0/servicePrincipals/${principalId}`);
  expect(await words()).toContain("no service principal (AADSTS700016)");
  expect(await page()).toContain('<li class="bad"><small>Application');
});

test("shows identity providers only with the applications that accept them", async () => {
  const pin = await fixture.declare("/identity_providers", { name: "PIN", type: "onetimepin", config: {} });
  await fixture.protect({ application: { allowed_idps: [fixture.provider().id] } });
  for (let n = 1; n <= 6; n++)
    await fixture.protect({ host: `app${n}.contoso.test`, application: { allowed_idps: [pin.id] } });
  const shown = await words();
  expect(shown).toContain("Access applications 1 Application wiki.contoso.test Identity provider PIN");
  expect(shown).toMatch(
    /Identity provider PIN one-time PINs by mail Access applications 6 .* Application app4\.contoso\.test and 2 more Protected/,
  );
});

test("shows in the picture that the client secret has expired", async () => {
  fixture.twin().clock.advance(800 * DAY);
  expect(await words()).toMatch(
    /Application Cloudflare Access secret expired \d+ days ago Identity provider/,
  );
  expect(await page()).toContain('<li class="bad"><small>Application');
});
