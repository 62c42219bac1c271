import { decodeProtectedHeader } from "jose";
import { contoso, contosoUsers } from "../../../twin/index";
import { useEntraFixture } from "./entra-fixture";

const { address, browser, client, codeOf, redeem, twin } = useEntraFixture();

const published = async () =>
  (await client().send("GET", `/${contoso.tenantId}/discovery/v2.0/keys`)).body.keys.map(
    ({ kid }: { kid: string }) => kid,
  );
const me = async (token: string) =>
  (await client().send("GET", "/v1.0/me", { headers: { authorization: `Bearer ${token}` } })).status;

test("signs with a rotated key at once, and verifies with the previous key until the next rotation", async () => {
  const signedIn = async () => {
    const shown = await browser().go(address());
    const back = shown.html.includes("Pick an account") ? await browser().signIn(contosoUsers.ada) : shown;
    return (await redeem({ code: codeOf(back) })).body;
  };
  const first = await signedIn();
  const [before] = await published();
  expect(decodeProtectedHeader(first.id_token).kid).toBe(before);

  await twin().rotateSigningKey();
  const second = await signedIn();
  const kid = decodeProtectedHeader(second.id_token).kid;
  expect(kid).not.toBe(before);
  expect(await published()).toEqual([kid, before]);
  expect([await me(first.access_token), await me(second.access_token)]).toEqual([200, 200]);

  await twin().rotateSigningKey();
  expect(await published()).toEqual([expect.any(String), kid]);
  expect([await me(first.access_token), await me(second.access_token)]).toEqual([401, 200]);
});
