import type { Browser } from "playwright-core";
import { CookieClient } from "../clients/cookie-client";
import { UserError } from "../errors";
import type { Progress } from "../terminal/progress";
import { launchBrowser } from "../tools/browser";

/** Somebody of the seed. */
export interface Person {
  /** Object id. */
  readonly id: string;
  readonly displayName: string;
  readonly password?: string;
}

/** What the page after a sign-in says. */
interface Outcome {
  heading: string;
  /** The refusal, if it is one. */
  alert: string | undefined;
  /** The JSON of who signed in. */
  identity: string | undefined;
}

export interface Tested {
  readonly name: string;
  readonly email: string;
  /** Names; undefined where the identity provider does not ask for groups. */
  readonly groups: readonly string[] | undefined;
}

/** What of it the page shows. */
interface Identity {
  name: string;
  email: string;
  groups?: { id: string; name: string | null }[];
}

const PATIENCE_MS = 30_000;

/**
 * The tutorial's last step, "Test the integration": a person signs in on the page behind the Test button.
 *
 * @param o.address of that page, as browsers find it
 * @param o.browser path of Chromium; without one the same is done over HTTP, and it is said
 * @throws UserError with the words of the page where it does not say that the connection works
 */
export async function testIntegration(o: {
  progress: Progress;
  address: string;
  person: Person;
  browser: string | undefined;
}): Promise<Tested> {
  const { progress, address, person } = o;
  const browser = o.browser && (await launched(o.browser, progress));
  if (!o.browser) progress.line("  No Chromium on this machine: npm run ops -- browser gets it.");
  const outcome = browser
    ? await progress
        .step(`${person.displayName} signs in with Chromium ${browser.version()}`, () =>
          inBrowser(browser, address, person),
        )
        .finally(() => browser.close())
    : await progress.step(`${person.displayName} signs in over HTTP, without a browser`, () =>
        overHttp(address, person),
      );
  if (outcome.heading !== "Your connection works!" || outcome.identity === undefined)
    throw new UserError(
      `${outcome.heading}: ${outcome.alert ?? "the page does not say that the connection works"}`,
    );
  const { name, email, groups } = JSON.parse(outcome.identity) as Identity;
  return { name, email, groups: groups?.map((group) => group.name ?? group.id) };
}

/** Undefined where it is there and does not start, as in a container that forbids its sandbox. */
function launched(command: string, progress: Progress): Promise<Browser | undefined> {
  return launchBrowser(command).catch((error: Error) => {
    progress.line(`  ${command} does not start: ${error.message.split("\n")[0]}`);
    return undefined;
  });
}

async function inBrowser(browser: Browser, address: string, person: Person): Promise<Outcome> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
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

async function overHttp(address: string, { id, password = "" }: Person): Promise<Outcome> {
  const client = new CookieClient();
  let { html } = await client.open(address);
  if (html.includes(`value="${id}"`)) ({ html } = await client.submit({ user: id, password }));
  const text = (pattern: RegExp) => unescaped(pattern.exec(html)?.[1]);
  return {
    heading: text(/<h1>(.*?)<\/h1>/s) ?? "",
    alert: text(/role="alert">(.*?)<\/p>/s),
    identity: text(/<pre[^>]*>(.*?)<\/pre>/s),
  };
}

const CHARACTERS: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };

function unescaped(html: string | undefined): string | undefined {
  return html?.replace(/&(lt|gt|quot|#39|amp);/g, (_entity, name: string) => CHARACTERS[name] ?? "");
}
