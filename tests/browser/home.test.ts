import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { contosoGroups, contosoUsers } from "../../twin/index";
import { browserTimeout, expectPage, takeDrawing, useBrowserFixture } from "./browser-fixture";

jest.setTimeout(browserTimeout);
const fixture = useBrowserFixture(false);
const TITLE = "The twin of Microsoft Entra and Cloudflare Access";

/** Fills the page: two applications, a sign-in that was refused by a fault and one that was allowed. */
async function fill() {
  fixture.twin().faults.add({
    on: { service: "graph", method: "GET", path: "/v1.0/me/*" },
    count: { first: 1 },
    effect: { kind: "error", status: 503 },
  });
  await fixture.test(contosoUsers.ada);
  await fixture.openTest();
  const engineers = {
    azureAD: { id: contosoGroups.engineers.id, identity_provider_id: fixture.provider().id },
  };
  await fixture.protect({ application: { name: "Wiki" }, policy: { include: [engineers] } });
  await fixture.protect({ host: "payroll.contoso.test", application: { name: "Payroll" } });
}

/** Opens the twin's page. */
async function openHome(options: BrowserContextOptions = {}, query = ""): Promise<Page> {
  const page = await fixture.open(options);
  await page.goto(`${fixture.twin().browserUrl}/${query}`);
  return page;
}

const size = (width: number) => ({ viewport: { width, height: 800 } });
const overflow = (page: Page) =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const openEverything = (page: Page) =>
  page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");

test.each([
  ["by day", { ...size(1200), colorScheme: "light" }],
  ["by night", { ...size(1200), colorScheme: "dark" }],
  ["on a narrow screen", size(320)],
] as const)("everybody can read it %s", async (name, options) => {
  await fill();
  const page = await openHome(options);
  expect(await overflow(page)).toBe(0);
  await openEverything(page);
  await expectPage(page, TITLE, `home ${name}`);
  expect(await overflow(page)).toBe(0);
});

test("has headings, landmarks and named tables", async () => {
  await fill();
  const page = await openHome();
  await openEverything(page);
  for (const landmark of ["banner", "navigation", "main", "contentinfo"] as const)
    expect(await page.getByRole(landmark).count()).toBe(1);
  const headings = await page.getByRole("heading", { level: 2 }).allTextContents();
  const links = await page.getByRole("navigation").getByRole("link").allTextContents();
  expect(headings).toEqual(links);
  expect(headings).toContain("Tenant Contoso");
  const tables = await page.getByRole("table").all();
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    expect(await table.getAttribute("aria-label")).toBeTruthy();
    expect(await table.getByRole("columnheader").count()).toBeGreaterThan(1);
    expect(await table.getByRole("rowheader").count()).toBeGreaterThan(0);
  }
});

test("shows the way from the tenant to the applications as a picture, with a sign-in to try", async () => {
  await fill();
  const page = await openHome();
  const boxes = page.getByRole("region", { name: "Account Contoso" }).locator(".flow > li");
  expect((await boxes.allInnerTexts()).map((box) => box.split("\n").slice(0, 2).join(" "))).toEqual([
    "Tenant Contoso",
    "Application Cloudflare Access",
    "Identity provider Entra ID",
    "Access applications 2",
  ]);
  const places = await Promise.all((await boxes.all()).map(async (box) => (await box.boundingBox())?.x ?? 0));
  expect(places).toEqual([...places].sort((one, other) => one - other));
});

test("has a visible focus on every control in the order of the page, and no trap", async () => {
  await fill();
  const page = await openHome();
  await openEverything(page);
  const controls = await page.evaluate<number>(`{
    const all = [...document.querySelectorAll("a, summary, select, input, button, .scroll")];
    window.position = () => all.indexOf(document.activeElement);
    all.length }`);
  expect(controls).toBeGreaterThan(50);
  for (let position = 0; position < controls; position++) {
    await page.keyboard.press("Tab");
    expect(
      await page.evaluate("[position(), getComputedStyle(document.activeElement).outlineWidth]"),
    ).toEqual([position, "3px"]);
  }
  await page.keyboard.press("Tab");
  expect(await page.evaluate("position()")).toBe(-1);
});

test("leads by keyboard past the navigation into the details", async () => {
  await fill();
  const page = await openHome();
  const log = page
    .getByRole("region", { name: "Account Contoso" })
    .getByRole("table", { name: "Sign-in log" });
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.getBoundingClientRect().x")).toBeGreaterThanOrEqual(0);
  await page.keyboard.press("Enter");
  const focused = async () => (await page.evaluate<string>("document.activeElement.textContent")).trim();
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Test Entra ID");
  while (!(await focused()).startsWith("Sign-in log")) await page.keyboard.press("Tab");
  expect(await focused()).toBe("Sign-in log 2 1 refused");
  expect(await log.count()).toBe(0);
  await page.keyboard.press("Enter");
  expect(await log.getByRole("row").allInnerTexts()).toEqual([
    expect.stringContaining("Ray ID"),
    expect.stringContaining("allowed"),
    expect.stringContaining("refused"),
  ]);
});

test("filters requests by keyboard, without a script", async () => {
  await fill();
  const page = await openHome({ javaScriptEnabled: false });
  const rows = page.getByRole("region", { name: "Requests" }).getByRole("row");
  expect(await rows.count()).toBe(fixture.twin().requests.length + 1);
  await page.getByLabel("Contains").focus();
  await page.keyboard.type("addPassword");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\?service=&text=addPassword#requests$/);
  const shown = (await rows.allInnerTexts()).slice(1);
  expect(shown.length).toBeGreaterThan(0);
  for (const row of shown) expect(row).toContain("addPassword");
  expect(await page.getByLabel("Contains").inputValue()).toBe("addPassword");
  await page.getByLabel("Service").selectOption("cloudflare");
  await page.getByRole("button", { name: "Filter" }).press("Enter");
  await page.getByText("No request matches.").waitFor();
  await page.getByRole("link", { name: "Show all" }).press("Enter");
  await page.waitForURL(/\/#requests$/);
  expect(await rows.count()).toBe(fixture.twin().requests.length + 1);
});

test("is light by day and dark by night, and loads nothing else", async () => {
  await fill();
  const page = await openHome({ ...size(1080), colorScheme: "light" });
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const brightness = async () => {
    const color = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    return Number(/\d+/.exec(color)?.[0]);
  };
  expect(await brightness()).toBeGreaterThan(200);
  // The picture in the README, which shows what the page has today.
  const drawing = await takeDrawing(page, 'document.querySelector(".flow").closest("section")', "twin");
  const withoutSizes = (svg: string) => svg.slice(svg.indexOf("<style>"));
  const readme = readFileSync(join(__dirname, "../../docs/images/twin.svg"), "utf8");
  expect(withoutSizes(readme).split("<foreignObject")[0]).toBe(
    withoutSizes(drawing).split("<foreignObject")[0],
  );
  for (const text of ["Account Contoso", "prefers-color-scheme: dark", "1 refused"]) {
    expect(drawing).toContain(text);
    expect(readme).toContain(text);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await brightness()).toBeLessThan(50);
  await page.reload();
  expect(requests).toEqual([page.url()]);
});

test("works without scripts", async () => {
  const page = await fixture.open({ javaScriptEnabled: false });
  await fixture.pressTest(page);
  await fixture.signIn(contosoUsers.ada, page);
  await page.getByRole("heading", { name: "Your connection works!" }).waitFor();
});
