import { contoso, fabrikam } from "../../../twin/index";
import { formatChanges, type Organization, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture();
beforeEach(() => lab.twin.reset());

test("two stacks in two tenants do not affect each other", async () => {
  const contosos = await lab.stack();
  const fabrikams = await lab.stack({ of: fabrikam, config: { "entra-access:protect": false } });
  await contosos.up();
  await fabrikams.up();
  const [ours, theirs] = [await contosos.outputs(), await fabrikams.outputs()];
  expect(ours.redirectUri?.value).toBe("https://contoso.cloudflareaccess.com/cdn-cgi/access/callback");
  expect(theirs.redirectUri?.value).toBe("https://fabrikam.cloudflareaccess.com/cdn-cgi/access/callback");
  expect(theirs.tenantId?.value).toBe(fabrikam.tenantId);

  await fabrikams.destroy();
  expect(formatChanges((await contosos.preview()).changes)).toEqual([]);
  expect(await names(fabrikam)).toEqual([]);
  expect(await names(contoso)).toEqual(["Cloudflare Access (contoso)"]);
});

test("two stacks of one team in one tenant need different names or a suffix", async () => {
  const named = { "entra-access:application": { displayName: "Shared", uniqueSuffix: true } };
  const [one, other] = [await lab.stack({ config: named }), await lab.stack({ config: named })];
  await one.up();
  await other.up();
  const shared = (await names(contoso)).filter((name) => /^Shared [a-z0-9]{6}$/.test(name));
  expect(new Set(shared).size).toBe(2);
});

/** Lists the display names of the applications that stacks created. */
async function names(of: Organization): Promise<string[]> {
  const { graph } = await lab.administrator(of);
  const { value } = (await graph.api("/applications").get()) as { value: { displayName: string }[] };
  return value.map(({ displayName }) => displayName).filter((name) => /^(Cloudflare|Shared)/.test(name));
}
