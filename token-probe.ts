import { AsyncResource } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { fetch } from "undici";
import type { Client } from "./components/access-identity-provider";
import { proxyAgent } from "./proxy-agent";

/** What the program runs in; tests put others in its place. */
export interface Surroundings {
  now?: () => Date;
  wait?: (milliseconds: number) => Promise<unknown>;
  /** Read are ARM_ENVIRONMENT, ARM_METADATA_HOSTNAME, NODE_EXTRA_CA_CERTS, HTTPS_PROXY, NO_PROXY. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Minutes that a new secret gets: 4 to 18 seconds are seen mostly, some minutes now and then. */
const patienceMinutes = 10;
/** Doubled from try to try, up to the longest. */
const shortestWait = 2000;
const longestWait = 30_000;
/** For one answer. */
const patience = 30_000;

/** Sign-in and Microsoft Graph per cloud: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const CLOUDS: Record<string, Cloud> = {
  public: { login: "https://login.microsoftonline.com", graph: "https://graph.microsoft.com" },
  usgovernment: { login: "https://login.microsoftonline.us", graph: "https://graph.microsoft.us" },
  usgovernmentl5: { login: "https://login.microsoftonline.us", graph: "https://dod-graph.microsoft.us" },
  china: { login: "https://login.chinacloudapi.cn", graph: "https://microsoftgraph.chinacloudapi.cn" },
};
/** Other names that the azuread provider takes. */
const ALIASES: Record<string, string> = {
  global: "public",
  usgovernmentl4: "usgovernment",
  dod: "usgovernmentl5",
};

interface Cloud {
  login: string;
  graph: string;
}

/** Codes of a secret, or an application, that is not known everywhere yet. */
const NOT_YET = [7000215, 700016];
/** Blocked by Conditional Access, which is evaluated after the secret. */
const ACCEPTED = [53003];

/**
 * Waits until the token endpoint of the azuread provider's cloud accepts a client secret.
 *
 * @param environment the cloud of an explicit provider; default: the default provider's
 * @param call sends a request: GET without a form, else POST; trusts a file of authorities besides the usual ones
 * @returns throws RunError when it does not within ten minutes, or when waiting does not help; what to do is in it.
 */
export function tokenProbe(
  { now = () => new Date(), wait = pause, env = process.env }: Surroundings,
  environment?: string,
  call = asking(env),
): (client: Client) => Promise<void> {
  // An explicit provider does not read the settings of the default one.
  const own = environment === undefined ? new pulumi.Config("azuread") : undefined;
  const setting = (name: string, variable: string) => own?.get(name) || env[variable];
  const cloud = environment ?? setting("environment", "ARM_ENVIRONMENT") ?? "public";
  const metadataHost = setting("metadataHost", "ARM_METADATA_HOSTNAME");
  const authority = env.NODE_EXTRA_CA_CERTS;
  const send = (url: string, form?: URLSearchParams) => call(url, form?.toString(), authority);

  const probe = async ({ clientId, clientSecret, directoryId }: Client): Promise<void> => {
    const { login, graph } = metadataHost ? await cloudOf(metadataHost, send) : namedCloud(cloud);
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${graph}/.default`,
    });
    const began = now().getTime();
    for (let tries = 0; ; tries++) {
      const said = await send(`${login}/${directoryId}/oauth2/v2.0/token`, form).then(problemIn, unreachable);
      if (!said) return;
      const seconds = Math.round((now().getTime() - began) / 1000);
      if (!said.passes || seconds >= patienceMinutes * 60) throw refusal(said, seconds);
      const why = said.code ? `AADSTS${said.code}` : said.words;
      pulumi.log.info(
        `Entra does not accept the new client secret yet (${why}): ${seconds} of ${patienceMinutes * 60} seconds waited`,
      );
      await wait(Math.min(longestWait, shortestWait * 2 ** tries));
    }
  };
  // A hook runs outside the program, and an inline program's log is known within it alone.
  return AsyncResource.bind(probe);
}

interface Problem {
  words: string;
  /** AADSTS code, where Entra answered. */
  code?: number;
  /** Whether waiting may help. */
  passes: boolean;
}

function refusal({ words, code }: Problem, seconds: number): Error {
  const stale = [7000215, 7000222].includes(code ?? 0)
    ? " If the state was restored from a backup, or somebody removed the secret, step credential.rotation above the " +
      "output rotation.number (the command rotate does) and run it again: that makes another secret."
    : " Run it again: the same secret is tried.";
  return new pulumi.RunError(
    `Entra refuses the client secret after ${seconds} s, so Cloudflare was not given it and keeps the one it has: ` +
      `${words}.${stale}`,
  );
}

function problemIn({ status, body }: Answer): Problem | undefined {
  if (status === 200) return undefined;
  const { error_description: description = `HTTP ${status}` } = parsed(body);
  const code = Number(/^AADSTS(\d+)/.exec(description)?.[1] ?? 0);
  if (ACCEPTED.includes(code)) return undefined;
  const words = (description.split(/\s*Trace ID:/)[0] ?? description).replace(/\.$/, "");
  return { words, code, passes: NOT_YET.includes(code) || status === 429 || status >= 500 };
}

function unreachable(error: Error): Problem {
  return { words: error.message, passes: true };
}

async function cloudOf(host: string, send: (url: string) => Promise<Answer>): Promise<Cloud> {
  const { status, body } = await send(`https://${host}/metadata/endpoints?api-version=2022-09-01`);
  const { microsoftGraphResourceId, authentication } = parsed(body);
  if (status !== 200 || !microsoftGraphResourceId || !authentication?.loginEndpoint) {
    throw new pulumi.RunError(
      `azuread:metadataHost ${host} does not say where sign-in and Graph are: HTTP ${status}`,
    );
  }
  const [login, graph] = [authentication.loginEndpoint, microsoftGraphResourceId].map((url) =>
    url.replace(/\/+$/, ""),
  );
  return { login, graph } as Cloud;
}

function namedCloud(name: string): Cloud {
  const cloud = CLOUDS[ALIASES[name] ?? name];
  if (!cloud)
    throw new pulumi.RunError(
      `azuread:environment is "${name}"; want one of ${Object.keys(CLOUDS).join(", ")}`,
    );
  return cloud;
}

interface Answer {
  status: number;
  body: string;
}

/** Not the `fetch` of Node.js: that knows no proxy, and no certificate authorities but those it started with. */
function asking(env: NonNullable<Surroundings["env"]>) {
  return async (url: string, form: string | undefined, authority: string | undefined): Promise<Answer> => {
    const dispatcher = proxyAgent(env, authority);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const post = form === undefined ? {} : { method: "POST", body: form, headers };
    try {
      const answer = await fetch(url, { ...post, dispatcher, signal: AbortSignal.timeout(patience) });
      return { status: answer.status, body: await answer.text() };
    } catch (error) {
      throw new Error(`${new URL(url).host} is out of reach: ${reasonOf(error as Error)}`);
    } finally {
      await dispatcher.destroy();
    }
  };
}

/** What went wrong beneath the fetch, which itself only says that it failed. */
function reasonOf({ cause, message }: Error): string {
  return cause ? reasonOf(cause as Error) : message;
}

interface Parsed {
  error_description?: string;
  microsoftGraphResourceId?: string;
  authentication?: { loginEndpoint?: string };
}

function parsed(body: string): Parsed {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
