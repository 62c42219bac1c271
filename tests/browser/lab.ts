import { join } from "node:path";
import { source as axe } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findBrowser, launchBrowser } from "../../ops/tools/browser";
import type { contosoUsers } from "../../twin/index";
import { lab as accessLab } from "../twin/access/lab";

/** A folder for pictures of what people see. Default: none are taken. */
const { SCREENSHOTS } = process.env;
/** For what never comes: a busy machine is no failure. */
const PATIENCE_MS = 120_000;

/** A test that opens a browser takes seconds, on a busy machine many. */
export const browserTimeout = 600_000;

type Named = Pick<(typeof contosoUsers)["ada"], "displayName"> & { password?: string };

/** The twin with an application and its identity provider before each test, and a person at Chromium. */
export function lab() {
  const it = accessLab();
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    const command = findBrowser();
    if (!command) throw new Error("Chromium is required; install it: npx entra-access browser");
    browser = await launchBrowser(command);
  }, browserTimeout);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    page = await open();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    // What a page tried and was not let to: scripts, styles, frames.
    expect(complaints).toEqual([]);
  });

  /** Somebody else's browser: no cookies, and settings of its own. */
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    const opened = await context.newPage();
    opened.on("pageerror", (error) => complaints.push(error.message));
    opened.on("console", (message) => {
      // Chromium says of every page with an error status that it failed to load.
      if (message.type() === "error" && !/^Failed to load resource/.test(message.text()))
        complaints.push(message.text());
    });
    return opened;
  }

  /** Picks an account and enters its password. */
  async function signIn({ displayName, password }: Named, at = page): Promise<void> {
    await at.getByRole("button", { name: displayName }).click();
    if (password === undefined) return;
    await at.getByLabel("Password").fill(password);
    await at.getByRole("button", { name: "Sign in" }).click();
  }

  return {
    ...it,
    open,
    signIn,
    page: () => page,
    /** Opens the twin's page and presses Test. */
    async pressTest(at = page): Promise<void> {
      await at.goto(it.twin().browserUrl);
      await at.getByRole("link", { name: "Test Entra ID" }).last().click();
    },
  };
}

/** Waits for the page under this heading, takes its picture where pictures are wanted, and finds nothing that keeps anybody from using it. */
export async function sees(page: Page, heading: string | RegExp, picture: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${picture}.png`), fullPage: true });
  expect(await barriers(page)).toEqual([]);
}

/** What axe-core finds by WCAG 2.2 AA and its best practices, as "rule: elements". */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run({ resultTypes: ["violations"] })',
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
