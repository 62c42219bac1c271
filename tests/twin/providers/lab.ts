/** A twin, and stand-ins signed in to it in this process. */

import { contoso, type PrincipalSeed, startTwin, type Twin } from "../../../twin/index";
import { createAzureadPackage } from "../../../twin/providers/azuread/package";
import { createCloudflarePackage } from "../../../twin/providers/cloudflare/package";
import type { HttpAnswer, HttpExchange, HttpWire } from "../../../twin/providers/http";
import { defaultNetwork } from "../../../twin/providers/http";
import type { GraphConnection } from "../../../twin/providers/microsoft-graph/client";
import { StandIn } from "../../../twin/providers/stand-in";

export const APPLICATION = "azuread:index/application:Application";
export const PASSWORD = "azuread:index/applicationPassword:ApplicationPassword";
export const SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal";
export const GRANT =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
export const IDENTITY_PROVIDER =
  "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider";
export const GRAPH_APP = "00000003-0000-0000-c000-000000000000";
export const SOME_GUID = "11111111-1111-4111-8111-111111111111";

export const urn = (type: string, name = "it") => `urn:pulumi:dev::lab::${type}::${name}`;

/** An answer to give instead of the twin's, a number of times. */
export interface Fault {
  method: string;
  path: RegExp;
  times: number;
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The network with faults on it; `waits` collects the milliseconds that nobody waits here. */
export class FaultyWire implements HttpWire {
  readonly waits: number[] = [];
  readonly sent: { method: string; path: string; body?: unknown; status: number }[] = [];
  faults: Fault[] = [];

  async send(exchange: HttpExchange): Promise<HttpAnswer> {
    const { pathname, search } = new URL(exchange.url);
    const path = pathname + decodeURIComponent(search);
    const fault = this.faults.find(
      ({ times, method, path: pattern }) => times > 0 && method === exchange.method && pattern.test(path),
    );
    const answer = fault ? injected(fault) : await defaultNetwork.send(exchange);
    if (fault) fault.times--;
    const json = exchange.headers?.["content-type"]?.startsWith("application/json") && exchange.body;
    this.sent.push({
      method: exchange.method,
      path,
      ...(json && { body: JSON.parse(json) }),
      status: answer.status,
    });
    return answer;
  }

  async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
  }

  /** "METHOD path" of what was sent since the last call of this. */
  calls(): string[] {
    return this.sent.splice(0).map(({ method, path }) => `${method} ${path}`);
  }
}

function injected({ status, body, headers }: Fault): HttpAnswer {
  const reason = REASONS[status] ?? "";
  return { status, reason, headers: headers ?? {}, text: body === undefined ? "" : JSON.stringify(body) };
}

const REASONS: Record<number, string> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

export interface Lab {
  twin: Twin;
  wire: FaultyWire;
  close(): Promise<void>;
}

export async function startLab(): Promise<Lab> {
  const twin = await startTwin({ frozen: true });
  const before = process.env.SSL_CERT_FILE;
  process.env.SSL_CERT_FILE = twin.caFile;
  return {
    twin,
    wire: new FaultyWire(),
    async close() {
      if (before === undefined) delete process.env.SSL_CERT_FILE;
      else process.env.SSL_CERT_FILE = before;
      await twin.close();
    },
  };
}

export function microsoftSettings(twin: Twin, principal: PrincipalSeed = contoso.deployer) {
  return {
    tenantId: contoso.tenant.id,
    clientId: principal.appId,
    clientSecret: principal.secret,
    metadataHost: twin.metadataHost,
  };
}

export async function signedIn(lab: Lab, principal?: PrincipalSeed): Promise<StandIn<GraphConnection>> {
  const standIn = new StandIn(createAzureadPackage(lab.wire));
  await standIn.configure(microsoftSettings(lab.twin, principal));
  lab.wire.calls();
  return standIn;
}

export function cloudflareSettings(twin: Twin) {
  return { apiToken: contoso.tokens.deployer.value, baseUrl: twin.cloudflareUrl };
}

export async function connected(lab: Lab) {
  const standIn = new StandIn(createCloudflarePackage(lab.wire));
  await standIn.configure(cloudflareSettings(lab.twin));
  return standIn;
}

/** Check and create, as the engine does. */
export async function make<C>(standIn: StandIn<C>, type: string, values: Record<string, unknown>) {
  const { inputs, failures } = standIn.check(urn(type), values);
  expect(failures).toEqual([]);
  return { inputs, ...(await standIn.create(urn(type), inputs, false)) };
}

/** Object id of the principal that is signed in. */
export async function caller(standIn: StandIn<GraphConnection>): Promise<string> {
  return String((await standIn.invoke("azuread:index/getClientConfig:getClientConfig", {})).outputs.objectId);
}

export const NAME = "Cloudflare Access";

/** Inputs of an application that belongs to whoever is signed in. */
export const plainApp = async (standIn: StandIn<GraphConnection>) => ({
  displayName: NAME,
  preventDuplicateNames: true,
  owners: [await caller(standIn)],
});

/** Calls without the ids in them, which differ every time. */
export const shortened = (calls: string[]) => calls.map((call) => call.replace(/[0-9a-f-]{36}/g, "ID"));

/** Object id of Microsoft Graph's own service principal. */
export async function graphObject(standIn: StandIn<GraphConnection>): Promise<string> {
  const args = { clientId: GRAPH_APP };
  const { outputs } = await standIn.invoke("azuread:index/getServicePrincipal:getServicePrincipal", args);
  return String(outputs.objectId);
}

/** For a test file: one lab, and before each test the twin as seeded, no faults and a stand-in that has signed in. */
export function signedInForEach(assign: (lab: Lab, standIn: StandIn<GraphConnection>) => void): void {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(async () => {
    lab.twin.reset();
    lab.wire.faults = [];
    assign(lab, await signedIn(lab));
  });
  afterAll(() => lab.close());
}
