import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, createSecureContext } from "node:tls";
import autocannon from "autocannon";
import { Agent, fetch } from "undici";
import { contoso, contosoUsers } from "../twin/index";
import { formatMegabytes, median, writeMeasurements } from "./measurements";
import type { TwinProcessInfo, TwinProcessTask } from "./twin-process";

const STARTS = 7;
const SECONDS = 5;
const CONNECTIONS = 10;
const OBJECTS = 100_000;

/** Measures the twin, one value at a time, and writes docs/measurements.md. */
export async function measureTwin(): Promise<void> {
  const starts: number[] = [];
  while (starts.length < STARTS) {
    const [twin, info] = await launchTwin();
    starts.push(info.startMilliseconds);
    await endTwin(twin);
  }
  const [twin, info] = await launchTwin();
  const few = await measureRates(twin, info);
  const full = await askTwin(twin, OBJECTS);
  const many = await measureRates(twin, full);
  await endTwin(twin);

  const much = OBJECTS.toLocaleString("en");
  const lines = [
    `| | as it starts | with ${much} objects | CPU ms of the twin, each |`,
    "|---|---|---|---|",
    `| start until it serves | ${Math.round(median(starts))} ms | | |`,
    ...Object.keys(few).map((what) => {
      const [one, other] = [few[what], many[what]];
      return `| ${what} | ${one?.perSecond}/s | ${other?.perSecond}/s | ${one?.cpu}, ${other?.cpu} |`;
    }),
    `| memory of the process | ${formatMegabytes(info.bytes)} | ${formatMegabytes(full.bytes)} | |`,
  ];
  writeMeasurements("The twin", lines);
}

async function launchTwin(): Promise<[ChildProcess, TwinProcessInfo]> {
  const execArgv = ["--expose-gc", "-r", "./ops/register.cjs"];
  const twin = fork(join(__dirname, "twin-process.ts"), { execArgv });
  const [info] = await once(twin, "message");
  return [twin, info as TwinProcessInfo];
}

async function askTwin(twin: ChildProcess, task: TwinProcessTask): Promise<TwinProcessInfo> {
  twin.send(task);
  return (await once(twin, "message"))[0] as TwinProcessInfo;
}

async function endTwin(twin: ChildProcess): Promise<void> {
  twin.disconnect();
  await once(twin, "exit");
}

interface Rate {
  readonly perSecond: number;
  /** CPU milliseconds of the twin for each request, which a busy machine changes less. */
  readonly cpu: string;
}

/** Measures requests by kind. @throws Error for any failed request */
async function measureRates(process: ChildProcess, twin: TwinProcessInfo): Promise<Record<string, Rate>> {
  const ca = readFileSync(twin.caFile);
  const graph = { authorization: `Bearer ${await accessToken(twin, ca)}` };
  const cloudflare = { authorization: `Bearer ${contoso.tokens.auditor.value}` };
  const user = `${twin.microsoftUrl}/v1.0/users/${contosoUsers.ada.id}`;
  const rates: Record<string, Rate> = {};
  const measure = async (name: string, run: () => Promise<number>) => {
    const before = await askTwin(process, 0);
    const began = performance.now();
    const answered = await run();
    const perSecond = Math.round((answered * 1000) / (performance.now() - began));
    const spent = (await askTwin(process, 0)).cpuMicroseconds - before.cpuMicroseconds;
    rates[name] = { perSecond, cpu: (spent / answered / 1000).toFixed(2) };
  };
  const load = (options: autocannon.Options) => async () => {
    const result = await autocannon({
      connections: CONNECTIONS,
      duration: SECONDS,
      tlsOptions: { ca },
      ...options,
    });
    if (result.non2xx + result.errors > 0)
      throw new Error(`${options.url}: ${result.non2xx + result.errors} failed`);
    return result["2xx"];
  };
  await measure("Graph, `GET` by id, HTTPS", load({ url: user, headers: graph }));
  await measure("the same, a connection for each", () => connectForEach(user, graph));
  await measure(
    "Cloudflare, `GET` of an organization, HTTP",
    load({
      url: `${twin.cloudflareUrl}/accounts/${contoso.accountId}/access/organizations`,
      headers: cloudflare,
    }),
  );
  await measure(
    "a token with a client secret",
    load({ url: tokenUrl(twin), method: "POST", ...tokenRequest(twin) }),
  );
  return rates;
}

/**
 * Sends requests with a connection for each, as azuread does; autocannon loses half of them. It writes text and does not
 * verify the certificate, because a client of Node.js that does limits the rate. @returns the number of requests
 */
async function connectForEach(url: string, headers: Record<string, string>): Promise<number> {
  const { host, hostname, port, pathname } = new URL(url);
  const lines = Object.entries({ host, connection: "close", ...headers }).map((header) => header.join(": "));
  const request = [`GET ${pathname} HTTP/1.1`, ...lines, "", ""].join("\r\n");
  const secureContext = createSecureContext();
  const options = { port: Number(port), servername: hostname, rejectUnauthorized: false, secureContext };
  const end = performance.now() + SECONDS * 1000;
  let answered = 0;
  const send = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", ...options });
      let answer = "";
      socket.setEncoding("latin1").on("data", (text: string) => {
        answer += text;
      });
      socket.on("error", reject).on("end", () => {
        if (answer.startsWith("HTTP/1.1 200 ")) resolve();
        else reject(new Error(`${url}: ${answer.slice(0, answer.indexOf("\r\n"))}`));
      });
      socket.write(request);
    });
  const client = async () => {
    for (; performance.now() < end; answered++) await send();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return answered;
}

const tokenUrl = (twin: TwinProcessInfo) => `${twin.microsoftUrl}/${contoso.tenantId}/oauth2/v2.0/token`;

function tokenRequest(twin: TwinProcessInfo) {
  const { appId, secret } = contoso.auditor;
  const form = { grant_type: "client_credentials", client_id: appId, client_secret: secret };
  const body = new URLSearchParams({ ...form, scope: `${twin.microsoftUrl}/.default` }).toString();
  return { headers: { "content-type": "application/x-www-form-urlencoded" }, body };
}

async function accessToken(twin: TwinProcessInfo, ca: Buffer): Promise<string> {
  const dispatcher = new Agent({ connect: { ca } });
  const answer = await fetch(tokenUrl(twin), { method: "POST", dispatcher, ...tokenRequest(twin) });
  return ((await answer.json()) as { access_token: string }).access_token;
}
