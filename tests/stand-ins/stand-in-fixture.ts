/** A twin, and stand-ins in this process that are signed in to it. */

import type { GraphApi } from "../../stand-ins/azuread/microsoft-graph/client";
import { createAzureadPackage } from "../../stand-ins/azuread/package";
import type { HttpAnswer, HttpExchange, HttpWire } from "../../stand-ins/bridge/http";
import { defaultNetwork } from "../../stand-ins/bridge/http";
import { StandIn } from "../../stand-ins/bridge/stand-in";
import { createCloudflarePackage } from "../../stand-ins/cloudflare/package";
import { contoso, type PrincipalSeed, startTwin, type Twin } from "../../twin/index";

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

/** An answer that replaces the twin's, a number of times. */
export interface InjectedFault {
  method: string;
  path: RegExp;
  times: number;
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A network with injected faults; `waits` collects the skipped waiting times in milliseconds. */
export class FaultyWire implements HttpWire {
  readonly waits: number[] = [];
  readonly sent: { method: string; path: string; body?: unknown; status: number }[] = [];
  faults: InjectedFault[] = [];

  async send(exchange: HttpExchange): Promise<HttpAnswer> {
    const { pathname, search } = new URL(exchange.url);
    const path = pathname + decodeURIComponent(search);
    const fault = this.faults.find(
      ({ times, method, path: pattern }) => times > 0 && method === exchange.method && pattern.test(path),
    );
    const answer = fault ? createAnswer(fault) : await defaultNetwork.send(exchange);
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

  /** Returns "METHOD path" of the requests since the last call. */
  calls(): string[] {
    return this.sent.splice(0).map(({ method, path }) => `${method} ${path}`);
  }
}

function createAnswer({ status, body, headers }: InjectedFault): HttpAnswer {
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

export interface StandInFixture {
  twin: Twin;
  wire: FaultyWire;
  close(): Promise<void>;
}

export async function startStandInFixture(): Promise<StandInFixture> {
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

export async function signInStandIn(
  lab: StandInFixture,
  principal?: PrincipalSeed,
): Promise<StandIn<GraphApi>> {
  const standIn = new StandIn(createAzureadPackage(lab.wire));
  await standIn.configure(microsoftSettings(lab.twin, principal));
  lab.wire.calls();
  return standIn;
}

export function cloudflareSettings(twin: Twin) {
  return { apiToken: contoso.tokens.deployer.value, baseUrl: twin.cloudflareUrl };
}

export async function connectStandIn(lab: StandInFixture) {
  const standIn = new StandIn(createCloudflarePackage(lab.wire));
  await standIn.configure(cloudflareSettings(lab.twin));
  return standIn;
}

/** Checks and creates a resource, as the engine does. */
export async function createResource<C>(standIn: StandIn<C>, type: string, values: Record<string, unknown>) {
  const { inputs, failures } = standIn.check(urn(type), values);
  expect(failures).toEqual([]);
  return { inputs, ...(await standIn.create(urn(type), inputs, false)) };
}

/** Returns the object id of the signed-in principal. */
export async function getCallerId(standIn: StandIn<GraphApi>): Promise<string> {
  return String((await standIn.invoke("azuread:index/getClientConfig:getClientConfig", {})).outputs.objectId);
}

export const APPLICATION_NAME = "Cloudflare Access";

/** Builds the inputs of an application that the signed-in principal owns. */
export const buildPlainApp = async (standIn: StandIn<GraphApi>) => ({
  displayName: APPLICATION_NAME,
  preventDuplicateNames: true,
  owners: [await getCallerId(standIn)],
});

/** Replaces the ids in calls. */
export const maskIds = (calls: string[]) => calls.map((call) => call.replace(/[0-9a-f-]{36}/g, "ID"));

/** Finds the object id of Microsoft Graph's own service principal. */
export async function findGraphPrincipalId(standIn: StandIn<GraphApi>): Promise<string> {
  const args = { clientIds: [GRAPH_APP] };
  const { outputs } = await standIn.invoke("azuread:index/getServicePrincipals:getServicePrincipals", args);
  return String((outputs.objectIds as string[])[0]);
}

/** The fixture of a test file, and the stand-in of the running test: see {@link useSignedInStandIn}. */
export let lab: StandInFixture;
export let standIn: StandIn<GraphApi>;

/** Starts a fixture for a test file, and before each test resets twin and faults and signs in a stand-in. */
export function useSignedInStandIn(): void {
  beforeAll(async () => {
    lab = await startStandInFixture();
  });
  beforeEach(async () => {
    lab.twin.reset();
    lab.wire.faults = [];
    standIn = await signInStandIn(lab);
  });
  afterAll(() => lab.close());
}
