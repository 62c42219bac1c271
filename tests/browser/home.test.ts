import type { Page } from "playwright-core";
import { contosoUsers } from "../../twin/index";
import { browserTimeout, expectPage, useBrowserFixture } from "./browser-fixture";

jest.setTimeout(browserTimeout);
const it = useBrowserFixture();
const TITLE = "The twin of Microsoft Entra and Cloudflare Access";

/** A page with something in every table. */
async function fill() {
  await it.test(contosoUsers.ada);
  it.twin().faults.add({
    on: { service: "graph", method: "GET", path: "/v1.0/nothing" },
    effect: { kind: "error", status: 503 },
  });
}

const size = (width: number) => ({ viewport: { width, height: 800 } });
const overflow = (page: Page) =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

test.each([
  ["by day", { ...size(1200), colorScheme: "light" }],
  ["by night", { ...size(1200), colorScheme: "dark" }],
  ["on a narrow screen", size(320)],
] as const)("everybody can read it %s", async (name, options) => {
  await fill();
  const page = await it.open(options);
  await page.goto(it.twin().browserUrl);
  await expectPage(page, TITLE, `home ${name}`);
  expect(await overflow(page)).toBe(0);
});

test("has headings, landmarks and table captions", async () => {
  await fill();
  const page = it.page();
  await page.goto(it.twin().browserUrl);
  for (const landmark of ["banner", "navigation", "main", "contentinfo"] as const)
    expect(await page.getByRole(landmark).count()).toBe(1);
  const headings = await page.getByRole("heading", { level: 2 }).allTextContents();
  const links = await page.getByRole("navigation").getByRole("link").allTextContents();
  expect(headings).toEqual(links);
  expect(headings).toContain("Tenant Contoso");
  const tables = await page.getByRole("table").all();
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    await table.getByRole("caption").waitFor({ state: "attached" });
    expect(await table.getByRole("columnheader").count()).toBeGreaterThan(1);
    expect(await table.getByRole("rowheader").count()).toBeGreaterThan(0);
  }
});

test("has a skip link and a visible focus for keyboards", async () => {
  const page = it.page();
  await page.goto(it.twin().browserUrl);
  await page.keyboard.press("Tab");
  const focused = (what: string) => page.evaluate<unknown>(`(document.activeElement.${what})`);
  expect(await focused("textContent")).toBe("Skip to the content");
  expect(await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")).toBe("3px");
  expect(await focused("getBoundingClientRect().x")).toBeGreaterThanOrEqual(0);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await focused("ariaLabel")).toBe("Identity providers of Contoso");
});

test("works without scripts", async () => {
  const page = await it.open({ javaScriptEnabled: false });
  await it.pressTest(page);
  await it.signIn(contosoUsers.ada, page);
  await page.getByRole("heading", { name: "Your connection works!" }).waitFor();
});
