import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { Agent, fetch } from "undici";
import { contoso, contosoUsers } from "../twin/index";
import type { Told } from "./twin-process";

const STARTS = 7;
const SECONDS = 5;
const OBJECTS = 100_000;
const REPORT = join(__dirname, "../docs/measurements.md");

/** Measures the twin, one number at a time, and writes docs/measurements.md. */
async function main(): Promise<void> {
  const starts: number[] = [];
  while (starts.length < STARTS) {
    const [twin, told] = await launch();
    starts.push(told.startMilliseconds);
    await end(twin);
  }
  const [twin, told] = await launch();
  const few = await rates(told);
  const full = await grow(twin);
  const many = await rates(full);
  await end(twin);

  const much = OBJECTS.toLocaleString("en");
  const lines = [
    `| | as it starts | with ${much} objects |`,
    "|---|---|---|",
    `| start until it serves | ${Math.round(median(starts))} ms | |`,
    ...Object.keys(few).map((what) => `| ${what} | ${few[what]}/s | ${many[what]}/s |`),
    `| memory of the process | ${megabytes(told.bytes)} | ${megabytes(full.bytes)} |`,
  ];
  console.log(lines.join("\n"));
  const report = readFileSync(REPORT, "utf8");
  writeFileSync(REPORT, report.replace(/Measured on.*/s, `${machine()}\n\n${lines.join("\n")}\n`));
}

async function launch(): Promise<[ChildProcess, Told]> {
  const execArgv = ["--expose-gc", "-r", "./ops/register.cjs"];
  const twin = fork(join(__dirname, "twin-process.ts"), { execArgv });
  const [told] = await once(twin, "message");
  return [twin, told as Told];
}

async function grow(twin: ChildProcess): Promise<Told> {
  twin.send(OBJECTS);
  return (await once(twin, "message"))[0] as Told;
}

async function end(twin: ChildProcess): Promise<void> {
  twin.disconnect();
  await once(twin, "exit");
}

/** Requests per second, by what was asked; any answer but 200 ends the measurement. */
async function rates(twin: Told): Promise<Record<string, number>> {
  const ca = readFileSync(twin.caFile);
  const graph = { authorization: `Bearer ${await accessToken(twin, ca)}` };
  const cloudflare = { authorization: `Bearer ${contoso.tokens.auditor.value}` };
  const user = `${twin.microsoftUrl}/v1.0/users/${contosoUsers.ada.id}`;
  const found: Record<string, number> = {};
  const measure = async (what: string, options: autocannon.Options) => {
    const result = await autocannon({ connections: 10, duration: SECONDS, tlsOptions: { ca }, ...options });
    if (result.non2xx + result.errors > 0)
      throw new Error(`${what}: ${result.non2xx + result.errors} failed`);
    found[what] = Math.round(result.requests.average);
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
  return found;
}

const tokenUrl = (twin: Told) => `${twin.microsoftUrl}/${contoso.tenantId}/oauth2/v2.0/token`;

function tokenRequest(twin: Told) {
  const { appId, secret } = contoso.auditor;
  const form = { grant_type: "client_credentials", client_id: appId, client_secret: secret };
  const body = new URLSearchParams({ ...form, scope: `${twin.microsoftUrl}/.default` }).toString();
  return { headers: { "content-type": "application/x-www-form-urlencoded" }, body };
}

async function accessToken(twin: Told, ca: Buffer): Promise<string> {
  const dispatcher = new Agent({ connect: { ca } });
  const answer = await fetch(tokenUrl(twin), { method: "POST", dispatcher, ...tokenRequest(twin) });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const median = (of: number[]) => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function machine(): string {
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day}, Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}:`;
}

void main();
