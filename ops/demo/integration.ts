import type { Browser } from "playwright-core";
import { UserError } from "../errors";
import type { Progress } from "../terminal/progress";
import { launchBrowser } from "./browser";
import { CookieClient } from "./cookie-client";

/** A user of the twin who signs in. */
export interface TestPerson {
  readonly id: string;
  readonly displayName: string;
  readonly password?: string;
}

/** The content of the page after a sign-in. */
interface TestPage {
  heading: string;
  /** The error message, if the sign-in failed. */
  alert: string | undefined;
  identity: string | undefined;
}

export interface SignedInUser {
  readonly name: string;
  readonly email: string;
  /** Names; undefined if the identity provider does not request groups. */
  readonly groups: readonly string[] | undefined;
}

/** The part of {@link TestPage.identity} that is used. */
interface Identity {
  name: string;
  email: string;
  groups?: { id: string; name: string | null }[];
}

const TIMEOUT_MS = 30_000;

/**
 * Signs a user in on the page behind the Test button: the tutorial's last step, "Test the integration".
 *
 * @param o.address of that page, for browsers
 * @param o.browser path of Chromium; without it, the sign-in uses HTTP alone
 * @throws UserError with the message of the page unless the connection works
 */
export async function testIntegration(o: {
  progress: Progress;
  address: string;
  person: TestPerson;
  browser: string | undefined;
}): Promise<SignedInUser> {
  const { progress, address, person } = o;
  const browser = o.browser && (await launchOrExplain(o.browser, progress));
  if (!o.browser) progress.line("  Chromium is not installed; npm run dev-tools -- browser installs it.");
  const outcome = browser
    ? await progress
        .step(`${person.displayName} signs in with Chromium ${browser.version()}`, () =>
          signInWithBrowser(browser, address, person),
        )
        .finally(() => browser.close())
    : await progress.step(`${person.displayName} signs in over HTTP, without a browser`, () =>
        signInOverHttp(address, person),
      );
  if (outcome.heading !== "Your connection works!" || outcome.identity === undefined)
    throw new UserError(
      `${outcome.heading}: ${outcome.alert ?? "the page does not say that the connection works"}`,
    );
  const { name, email, groups } = JSON.parse(outcome.identity) as Identity;
  return { name, email, groups: groups?.map((group) => group.name ?? group.id) };
}

/** Returns undefined if Chromium does not start, as in a container that forbids its sandbox. */
function launchOrExplain(command: string, progress: Progress): Promise<Browser | undefined> {
  return launchBrowser(command).catch((error: Error) => {
    progress.line(`  ${command} does not start: ${error.message.split("\n")[0]}`);
    return undefined;
  });
}

async function signInWithBrowser(browser: Browser, address: string, person: TestPerson): Promise<TestPage> {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.goto(address);
  const press = async (name: string) => {
    const next = page.waitForEvent("framenavigated");
    await page.getByRole("button", { name }).click();
    await next;
  };
  if (await page.getByRole("button", { name: person.displayName }).isVisible()) {
    await press(person.displayName);
    await page.getByLabel("Password").fill(person.password ?? "");
    await press("Sign in");
  }
  const text = async (selector: string) => (await page.locator(selector).allTextContents())[0];
  return {
    heading: (await text("h1")) ?? "",
    alert: await text("[role=alert]"),
    identity: await text("pre"),
  };
}

async function signInOverHttp(address: string, { id, password = "" }: TestPerson): Promise<TestPage> {
  const client = new CookieClient();
  let { html } = await client.open(address);
  if (html.includes(`value="${id}"`)) ({ html } = await client.submit({ user: id, password }));
  const text = (pattern: RegExp) => unescapeHtml(pattern.exec(html)?.[1]);
  return {
    heading: text(/<h1>(.*?)<\/h1>/s) ?? "",
    alert: text(/role="alert">(.*?)<\/p>/s),
    identity: text(/<pre[^>]*>(.*?)<\/pre>/s),
  };
}

const CHARACTERS: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };

function unescapeHtml(html: string | undefined): string | undefined {
  return html?.replace(/&(lt|gt|quot|#39|amp);/g, (_entity, name: string) => CHARACTERS[name] ?? "");
}
