import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { source as axe } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findBrowser, launchBrowser } from "../../ops/demo/browser";
import type { contosoUsers } from "../../twin/index";
import { useAccessFixture } from "../twin/access/access-fixture";

/** Folder for screenshots. Default: none are taken. */
const { SCREENSHOTS } = process.env;
/** Timeout of browser actions, long enough for a busy machine. */
const PATIENCE_MS = 120_000;

/** Timeout of a test with a browser on a busy machine. */
export const browserTimeout = 600_000;

type NamedUser = Pick<(typeof contosoUsers)["ada"], "displayName"> & { password?: string };

/**
 * Sets up a twin with an application and its identity provider before each test, and Chromium.
 *
 * @param hasPage opens a page before each test
 */
export function useBrowserFixture(hasPage = true) {
  const fixture = useAccessFixture();
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    const command = findBrowser();
    if (!command) throw new Error("Chromium is required; install it: npm run dev-tools -- browser");
    browser = await launchBrowser(command);
  }, browserTimeout);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    if (hasPage) page = await open();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    // Violations of the content security policy: scripts, styles, frames.
    expect(complaints).toEqual([]);
  });

  /** Opens a page in a new browser context, without cookies. */
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    const opened = await context.newPage();
    opened.on("pageerror", (error) => complaints.push(error.message));
    opened.on("console", (message) => {
      // Chromium reports every page with an error status as failed to load.
      if (message.type() === "error" && !/^Failed to load resource/.test(message.text()))
        complaints.push(message.text());
    });
    return opened;
  }

  /** Picks an account and enters its password. */
  async function signIn({ displayName, password }: NamedUser, at = page): Promise<void> {
    await at.getByRole("button", { name: displayName }).click();
    if (password === undefined) return;
    await at.getByLabel("Password").fill(password);
    await at.getByRole("button", { name: "Sign in" }).click();
  }

  return {
    ...fixture,
    open,
    signIn,
    page: () => page,
    /** Opens the twin's page and presses Test. */
    async pressTest(at = page): Promise<void> {
      await at.goto(fixture.twin().browserUrl);
      await at.getByRole("link", { name: "Test Entra ID" }).last().click();
    },
  };
}

/** Pages of a test file without accessibility violations, each of which takes 0.2 s of processor time to check. */
const accessible = new Set<string>();

/**
 * Waits for the page with this heading. At its first appearance, takes a screenshot if configured, and expects no
 * accessibility violations.
 */
export async function expectPage(page: Page, heading: string | RegExp, picture: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  if (accessible.has(picture)) return;
  await takePicture(page, picture);
  expect(await findBarriers(page)).toEqual([]);
  accessible.add(picture);
}

/** Takes a screenshot of a page if a folder for pictures is configured. */
async function takePicture(of: Page, name: string): Promise<void> {
  if (SCREENSHOTS) await of.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/**
 * Draws an element as text, an SVG with its HTML and styles, which follows the light or dark mode of who looks at it, and
 * writes it if a folder for pictures is configured.
 *
 * @param element an expression in the page
 */
export async function takeDrawing(page: Page, element: string, name: string): Promise<string> {
  const drawing = await page.evaluate<string>(`(${draw})(${element})`);
  if (SCREENSHOTS) writeFileSync(join(SCREENSHOTS, `${name}.svg`), drawing);
  return drawing;
}

/** Runs in the page. */
const draw = `(element) => {
  const { width, height } = element.getBoundingClientRect();
  const box = 'width="' + Math.ceil(width) + '" height="' + Math.ceil(height) + '"';
  const styles = [...document.querySelectorAll("style")].map((style) => style.textContent).join("\\n");
  // A picture keeps its layout on a narrow screen, where it is shown smaller.
  const fixed = styles.replaceAll("max-width: 50rem", "max-width: 0") + " section { margin: 0; box-shadow: none; }";
  return '<svg xmlns="http://www.w3.org/2000/svg" ' + box + ' viewBox="0 0 ' + Math.ceil(width) + " " + Math.ceil(height) + '">' +
    "<style><![CDATA[" + fixed + "]]></style><foreignObject " + box + ">" +
    '<body xmlns="http://www.w3.org/1999/xhtml" style="margin: 0">' +
    new XMLSerializer().serializeToString(element).replace(/ href="[^"]*"/g, ' href="#"') + "</body></foreignObject></svg>\\n";
}`;

/** Lists axe-core's violations of WCAG 2.2 AA and its best practices, as "rule: elements". */
async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run({ resultTypes: ["violations"] })',
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
