import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findBrowser, launchBrowser } from "../../ops/demo/browser";

/** Opens reports that are one HTML file in Chromium; a test fails if a page complains or requests anything else. */
export function useReportFixture() {
  let browser: Browser;
  let folder: string;
  let complaints: string[];
  beforeAll(async () => {
    const command = findBrowser();
    if (!command) throw new Error("Chromium is required; install it: npm run dev-tools -- browser");
    folder = mkdtempSync(join(tmpdir(), "report-page-"));
    browser = await launchBrowser(command);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    complaints = [];
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(complaints).toEqual([]);
  });

  return async (html: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const file = join(folder, "page.html");
    writeFileSync(file, html);
    const page = await (await browser.newContext(options)).newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== page.url() && !request.isNavigationRequest()) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return page;
  };
}

/** Windows in which a report must be readable. */
export const WINDOWS = [
  ["in light mode", { viewport: { width: 1200, height: 800 }, colorScheme: "light" }],
  ["in dark mode", { viewport: { width: 1200, height: 800 }, colorScheme: "dark" }],
  ["on a narrow screen", { viewport: { width: 320, height: 800 } }],
] as const;

/** Measures by how many pixels a page is wider than its window. */
export const measureOverflow = (page: Page) =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
