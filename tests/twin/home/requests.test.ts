import { useAccessFixture } from "../access/access-fixture";
import { listWords, readPage } from "./page-text";

const fixture = useAccessFixture();

beforeEach(async () => {
  await fixture.test();
  fixture.twin().faults.add({
    on: { service: "graph", method: "GET", path: "/v1.0/me" },
    effect: { kind: "error", status: 503 },
  });
  await fixture.client().send("GET", "/v1.0/me");
});
const shown = async (query: string) => {
  const rows =
    (await readPage(fixture.twin(), query)).split('id="requests"')[1]?.match(/<tr>.*?<\/tr>/gs) ?? [];
  return rows.slice(1).map(listWords);
};

test("chooses requests by service, text and failure", async () => {
  const all = await shown("");
  expect(all).toHaveLength(fixture.twin().requests.length);
  const some = await shown("?service=graph&text=ADA@");
  expect(some.length).toBeGreaterThan(0);
  for (const row of some) expect(row).toMatch(/ graph ada@contoso/);
  expect(await shown("?failed=on")).toEqual([expect.stringMatching(/GET \/v1\.0\/me 503 fault-/)]);
  expect(listWords(await readPage(fixture.twin(), "?text=nothing-like-this"))).toContain(
    "No request matches.",
  );
  expect(listWords(await readPage(fixture.twin(), "?failed=on"))).toContain(
    `Matching requests of ${all.length} 1`,
  );
});

test("shows all requests when the filter is unknown", async () => {
  expect(await shown("?service=mail&failed=maybe")).toEqual(await shown(""));
});

test("keeps the filter in the form, escaped", async () => {
  const html = await readPage(
    fixture.twin(),
    `?service=login&failed=on&text=${encodeURIComponent('"><script>')}`,
  );
  expect(html).toContain("<option selected>login</option>");
  expect(html).toContain('name="failed" checked');
  expect(html).toContain('value="&quot;&gt;&lt;script&gt;"');
});

test("does not find requests by the keys of sign-in sessions", async () => {
  const key =
    fixture.twin().requests.flatMap(({ path }) => /\/signin\/([^/]+)$/.exec(path)?.[1] ?? [])[0] ?? "";
  expect(key.length).toBeGreaterThan(8);
  expect(await shown(`?text=${key}`)).toEqual([]);
});
