import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import autocannon from "autocannon";
import { Agent, fetch } from "undici";
import { contoso, contosoUsers } from "../twin/index";
import { formatMegabytes, writeMeasurements } from "./measurements";
import type { TwinProcessInfo } from "./twin-process";

const STARTS = 7;
const SECONDS = 5;
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
  const few = await measureRates(info);
  const full = await growTwin(twin);
  const many = await measureRates(full);
  await endTwin(twin);

  const much = OBJECTS.toLocaleString("en");
  const lines = [
    `| | as it starts | with ${much} objects |`,
    "|---|---|---|",
    `| start until it serves | ${Math.round(median(starts))} ms | |`,
    ...Object.keys(few).map((what) => `| ${what} | ${few[what]}/s | ${many[what]}/s |`),
    `| memory of the process | ${formatMegabytes(info.bytes)} | ${formatMegabytes(full.bytes)} |`,
  ];
  writeMeasurements("The twin", lines);
}

async function launchTwin(): Promise<[ChildProcess, TwinProcessInfo]> {
  const execArgv = ["--expose-gc", "-r", "./ops/register.cjs"];
  const twin = fork(join(__dirname, "twin-process.ts"), { execArgv });
  const [info] = await once(twin, "message");
  return [twin, info as TwinProcessInfo];
}

async function growTwin(twin: ChildProcess): Promise<TwinProcessInfo> {
  twin.send(OBJECTS);
  return (await once(twin, "message"))[0] as TwinProcessInfo;
}

async function endTwin(twin: ChildProcess): Promise<void> {
  twin.disconnect();
  await once(twin, "exit");
}

/** Measures requests per second by kind. @throws Error for any failed request */
async function measureRates(twin: TwinProcessInfo): Promise<Record<string, number>> {
  const ca = readFileSync(twin.caFile);
  const graph = { authorization: `Bearer ${await accessToken(twin, ca)}` };
  const cloudflare = { authorization: `Bearer ${contoso.tokens.auditor.value}` };
  const user = `${twin.microsoftUrl}/v1.0/users/${contosoUsers.ada.id}`;
  const rates: Record<string, number> = {};
  const measure = async (name: string, options: autocannon.Options) => {
    const result = await autocannon({ connections: 10, duration: SECONDS, tlsOptions: { ca }, ...options });
    if (result.non2xx + result.errors > 0)
      throw new Error(`${name}: ${result.non2xx + result.errors} failed`);
    rates[name] = Math.round(result.requests.average);
  };
  await measure("Graph, `GET` by id, HTTPS", { url: user, headers: graph });
  await measure("the same, a connection for each", { url: user, headers: { ...graph, connection: "close" } });
  await measure("Cloudflare, `GET` of an organization, HTTP", {
    url: `${twin.cloudflareUrl}/accounts/${contoso.accountId}/access/organizations`,
    headers: cloudflare,
  });
  await measure("a token with a client secret", {
    url: tokenUrl(twin),
    method: "POST",
    ...tokenRequest(twin),
  });
  return rates;
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

const median = (of: number[]) => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
