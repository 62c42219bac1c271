import { AsyncResource } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { fetch } from "undici";
import { CLOUDS, type CloudHosts, getCloudName } from "./names";
import { createProxyAgent } from "./proxy-agent";
import { isAcceptance, isTemporaryRefusal } from "./token-errors";

/** The clock and the environment of the program, which tests replace. */
export interface ProgramContext {
  now?: () => Date;
  wait?: (milliseconds: number) => Promise<unknown>;
  /** Environment variables: ARM_ENVIRONMENT, ARM_METADATA_HOSTNAME, NODE_EXTRA_CA_CERTS, HTTPS_PROXY, NO_PROXY. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** The time that Entra has to accept a new client secret: usually it takes 4 to 18 seconds, sometimes minutes. */
const ACCEPTANCE_TIMEOUT_SECONDS = 600;
/**
 * Acceptances in a row, each on a connection of its own, after which the client secret counts as accepted. The endpoint
 * is replicated: one replica may still refuse what another has accepted.
 * https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/3706
 */
const ACCEPTANCES = 3;
const WAIT_BETWEEN_ACCEPTANCES = 250;
/** The first wait between two attempts; each wait is twice as long as the one before, up to the longest. */
const SHORTEST_WAIT = 2000;
const LONGEST_WAIT = 30_000;
const REQUEST_TIMEOUT = 30_000;

/** A client secret, and the application and tenant that it belongs to. */
interface ClientCredentials {
  clientId: string;
  clientSecret: string;
  directoryId: string;
}

/**
 * Creates a function that waits until the token endpoint of the azuread provider's cloud accepts a client secret
 * several times in a row. It throws a RunError, which says what to do, if that takes more than ten minutes, or if waiting does not help.
 *
 * @param environment the cloud of an explicit provider; default: that of the default provider
 * @param request sends a GET without a form, otherwise a POST, and also trusts the authorities in a PEM file
 */
export function createTokenProbe(
  { now = () => new Date(), wait = pause, env = process.env }: ProgramContext,
  environment?: string,
  request = createRequest(env),
): (client: ClientCredentials) => Promise<void> {
  // An explicit provider does not read the config of the default one.
  const config = environment === undefined ? new pulumi.Config("azuread") : undefined;
  const getSetting = (name: string, variable: string) => config?.get(name) || env[variable];
  const cloud = environment ?? getSetting("environment", "ARM_ENVIRONMENT") ?? "public";
  const metadataHost = getSetting("metadataHost", "ARM_METADATA_HOSTNAME");
  const authority = env.NODE_EXTRA_CA_CERTS;
  const send = (url: string, form?: URLSearchParams) => request(url, form?.toString(), authority);

  const probe = async ({ clientId, clientSecret, directoryId }: ClientCredentials): Promise<void> => {
    const { login, graph } = metadataHost ? await fetchHosts(metadataHost, send) : getHosts(cloud);
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${graph}/.default`,
    });
    const startedAt = now().getTime();
    let accepted = 0;
    for (let attempt = 0; ; ) {
      const refusal = await send(`${login}/${directoryId}/oauth2/v2.0/token`, form).then(
        parseRefusal,
        ({ message }: Error): Refusal => ({ message, isTemporary: true }),
      );
      accepted = refusal ? 0 : accepted + 1;
      if (accepted === ACCEPTANCES) return;
      if (!refusal) {
        await wait(WAIT_BETWEEN_ACCEPTANCES);
        continue;
      }
      const seconds = Math.round((now().getTime() - startedAt) / 1000);
      if (!refusal.isTemporary || seconds >= ACCEPTANCE_TIMEOUT_SECONDS) throw createError(refusal, seconds);
      const reason = refusal.code ? `AADSTS${refusal.code}` : refusal.message;
      void pulumi.log.info(
        `Entra does not accept the new client secret yet (${reason}): ${seconds} of ${ACCEPTANCE_TIMEOUT_SECONDS} seconds waited`,
      );
      await wait(Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** attempt++));
    }
  };
  // A hook runs outside the program, but an inline program can only log from within.
  return AsyncResource.bind(probe);
}

interface Refusal {
  message: string;
  /** AADSTS code, if Entra returned one. */
  code?: number;
  /** True if waiting may help. */
  isTemporary: boolean;
}

function createError({ message, code }: Refusal, seconds: number): Error {
  const advice = [7000215, 7000222].includes(code ?? 0)
    ? "If the state was restored from a backup, or the client secret was removed, raise credential.rotation above the " +
      "output rotation.number (`npx entra-access rotate` does), and deploy again to create another client secret."
    : "Deploy again to try the same client secret.";
  return new pulumi.RunError(
    `Entra refuses the client secret after ${seconds} s, so it was not sent to Cloudflare, which keeps the one before: ` +
      `${message}. ${advice}`,
  );
}

function parseRefusal({ status, body }: TokenResponse): Refusal | undefined {
  if (status === 200) return undefined;
  const { error, error_description: description = `HTTP ${status}` } = parseBody(body);
  const code = Number(/^AADSTS(\d+)/.exec(description)?.[1] ?? 0);
  if (isAcceptance(code)) return undefined;
  const message = (description.split(/\s*Trace ID:/)[0] ?? description).replace(/\.$/, "");
  return { message, code, isTemporary: isTemporaryRefusal({ status, error, code }) };
}

async function fetchHosts(host: string, send: (url: string) => Promise<TokenResponse>): Promise<CloudHosts> {
  const { status, body } = await send(`https://${host}/metadata/endpoints?api-version=2022-09-01`);
  const { microsoftGraphResourceId, authentication } = parseBody(body);
  if (status !== 200 || !microsoftGraphResourceId || !authentication?.loginEndpoint) {
    throw new pulumi.RunError(
      `azuread:metadataHost must be a host that serves the hosts of sign-in and Microsoft Graph; found "${host}", which answered HTTP ${status}`,
    );
  }
  const [login, graph] = [authentication.loginEndpoint, microsoftGraphResourceId].map((url) =>
    url.replace(/\/+$/, ""),
  );
  return { login, graph } as CloudHosts;
}

function getHosts(name: string): CloudHosts {
  const hosts = CLOUDS[getCloudName(name)];
  if (!hosts)
    throw new pulumi.RunError(
      `azuread:environment must be one of ${Object.keys(CLOUDS).join(", ")}; found "${name}"`,
    );
  return hosts;
}

interface TokenResponse {
  status: number;
  body: string;
}

/** Uses undici because the `fetch` of Node.js ignores the proxy and authorities that are added after its start. */
function createRequest(env: NonNullable<ProgramContext["env"]>) {
  return async (
    url: string,
    form: string | undefined,
    authority: string | undefined,
  ): Promise<TokenResponse> => {
    const dispatcher = createProxyAgent(env, authority);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const post = form === undefined ? {} : { method: "POST", body: form, headers };
    try {
      const response = await fetch(url, {
        ...post,
        dispatcher,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      throw new Error(`${new URL(url).host} is out of reach: ${getRootMessage(error as Error)}`);
    } finally {
      await dispatcher.destroy();
    }
  };
}

/** Returns the message of the innermost cause; that of `fetch` only says that it failed. */
function getRootMessage({ cause, message }: Error): string {
  return cause ? getRootMessage(cause as Error) : message;
}

interface ResponseBody {
  error?: string;
  error_description?: string;
  microsoftGraphResourceId?: string;
  authentication?: { loginEndpoint?: string };
}

function parseBody(body: string): ResponseBody {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}
