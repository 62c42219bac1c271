import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Hono } from "hono";
import type { JSONWebKeySet } from "jose";
import { createAccessApps } from "./access/app";
import { RelyingParty } from "./access/sign-in/relying-party";
import { Clock } from "./clock";
import { createCloudflareApp } from "./cloudflare/app";
import { createControlApp } from "./control/app";
import type { ControllableTwin } from "./control/controllable-twin";
import { restoreSnapshot, takeSnapshot } from "./control/snapshot";
import { createEntraApp } from "./entra/app";
import { issueAzureCliToken } from "./entra/azure-cli";
import { Faults } from "./faults/faults";
import { createGraphApp } from "./graph/app";
import { GRAPH_PERMISSIONS } from "./graph/permissions";
import { createHomeApp } from "./home/app";
import { createBrowserApp, createTeamApp } from "./http/browser";
import { issueServerCertificate } from "./http/certificate";
import { toBrowserUrl } from "./http/names";
import { recordRequests, stampDate, type TwinEnv, type TwinRequest } from "./http/requests";
import { type Listener, listen } from "./http/server";
import { Provisioning } from "./provisioning/provisioning";
import { devSeed } from "./seed/dev-seed";
import type { Seed } from "./seed/seed";
import { createSigningKey, Store } from "./store/store";

export type { Clock } from "./clock";
export type { Snapshot } from "./control/snapshot";
export type { ActiveFault, Fault } from "./faults/fault";
export type { Faults } from "./faults/faults";
export type { TwinRequest } from "./http/requests";
export { contoso, devSeed, fabrikam } from "./seed/dev-seed";
export { createOrganizations as manyOrganizations } from "./seed/organizations";
export { contosoGroups, contosoUsers, fabrikamGroups, fabrikamUsers } from "./seed/people";
export type {
  AccountSeed,
  GroupSeed,
  PlaceSeed,
  PrincipalSeed,
  Seed,
  ServiceTokenSeed,
  TenantSeed,
  UserSeed,
} from "./seed/seed";

export interface TwinOptions {
  /** The initial contents of the clouds. Default: {@link devSeed}. */
  seed?: Seed;
  /** Port of metadata, token endpoint and Microsoft Graph. Default: any free port. */
  microsoftPort?: number;
  /** Port of Cloudflare API v4. Default: any free port. */
  cloudflarePort?: number;
  /** Port of the pages for browsers. Default: any free port. */
  browserPort?: number;
  /**
   * Directory that keeps `ca.pem` and its key, so that the certificate authority survives restarts. Default: a fresh
   * temporary directory, removed on close.
   */
  directory?: string;
  /** Serves the control API, on loopback and a port of its own. Default: false. */
  control?: boolean;
  /** Port of the control API. Default: any free port. */
  controlPort?: number;
  /** The source of the twin's time, by which secrets and tokens expire. Default: the system's clock. */
  now?: () => Date;
  /** Starts with a frozen clock, which only moves when it is set ({@link Clock.freeze}). Default: false. */
  frozen?: boolean;
}

/** Entra sign-in, Microsoft Graph and Cloudflare API v4 on loopback. */
export interface Twin extends ControllableTwin {
  /** `localhost:PORT`, for `azuread:metadataHost`; HTTPS. */
  readonly metadataHost: string;
  /** `https://localhost:PORT`: the shared origin of metadata, token endpoint and Microsoft Graph. */
  readonly microsoftUrl: string;
  /** `http://127.0.0.1:PORT/client/v4`, for `cloudflare:baseUrl`. */
  readonly cloudflareUrl: string;
  /** `http://localhost:PORT`: the twin's own page, for a browser. */
  readonly browserUrl: string;
  /**
   * Returns the local address of the page with this real address, for example
   * `https://contoso.cloudflareaccess.com/...`.
   *
   * @throws RangeError when the twin serves nothing under that host name
   */
  browserUrlOf(url: string): string;
  /** Absolute path of the PEM to trust: `SSL_CERT_FILE` for Go, `NODE_EXTRA_CA_CERTS` for Node.js. */
  readonly caFile: string;
  /** `http://127.0.0.1:PORT`, when the control API is on. */
  readonly controlUrl?: string;
  /**
   * Registers the public keys of an issuer whose tokens federated credentials trust, until the next reset. Entra reads
   * them from the issuer's address.
   */
  registerIssuer(issuer: string, keys: JSONWebKeySet): void;
  /**
   * Issues the access token for Microsoft Graph that `az account get-access-token` prints for a person.
   *
   * @throws RangeError when no tenant has this person
   */
  issueAzureCliToken(userPrincipalName: string): Promise<string>;
  /** Frees the ports and drops idle connections; a second call does nothing. */
  close(): Promise<void>;
}

/** Loads the app for provisioning when it is needed: its library takes time that every start would. */
const loadScim = (): typeof import("./cloudflare/scim/app") => require("./cloudflare/scim/app");

/**
 * Starts the twin.
 *
 * @throws the system's error (`EADDRINUSE` ...) when a port or the directory is not available
 */
export async function startTwin(options: TwinOptions = {}): Promise<Twin> {
  const seed = options.seed ?? devSeed;
  const directory = resolve(options.directory ?? mkdtempSync(join(tmpdir(), "entra-access-twin-")));
  const discard = () => {
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  const listeners: Listener[] = [];
  const serve = async (...args: Parameters<typeof listen>) => {
    const listener = await listen(...args);
    listeners.push(listener);
    return listener.port;
  };
  let relyingParty: RelyingParty | undefined;
  let provisioning: Provisioning | undefined;
  const stop = async () => {
    await provisioning?.close();
    await Promise.all([relyingParty?.close(), ...listeners.map((listener) => listener.close())]).finally(
      discard,
    );
  };
  try {
    const [certificate, signingKey] = await Promise.all([
      issueServerCertificate(directory),
      createSigningKey(),
    ]);
    const clock = new Clock(options.now ?? (() => new Date()));
    if (options.frozen) clock.freeze();
    const store = new Store(signingKey, () => clock.now());
    const faults = new Faults(store, clock);
    const requests: TwinRequest[] = [];
    const reset = (next: Seed) => {
      faults.clear();
      for (const fault of next.faults ?? []) faults.add(fault);
      clock.offset = 0;
      store.reset(next);
      requests.length = 0;
    };
    reset(seed);
    const recorded = () => new Hono<TwinEnv>().use(recordRequests(requests));
    const served = () => recorded().use(stampDate(clock)).use(faults.middleware);
    const entra = createEntraApp(store, GRAPH_PERMISSIONS);
    const microsoftPort = await serve(
      served().route("/", createGraphApp(store)).route("/", entra),
      options.microsoftPort ?? 0,
      certificate,
    );
    const cloudflarePort = await serve(
      served().route("/", createCloudflareApp(store)),
      options.cloudflarePort ?? 0,
    );
    relyingParty = new RelyingParty(store, certificate.caFile);
    const { team, application } = createAccessApps(store, relyingParty);
    const access = (app: typeof team) =>
      new Hono<TwinEnv>().use(recordRequests(requests, "access")).use(stampDate(clock)).route("/", app);
    store.browserPort = await serve(
      createBrowserApp(store, {
        home: createHomeApp({ store, clock, faults, requests }),
        // Without the twin's date: browsers compare it with the expiry of Entra's cookies, which follows the system's clock.
        login: recorded().use(faults.middleware).route("/", entra),
        team: createTeamApp(() => served().route("/", loadScim().createScimApp(store)), access(team)),
        application: access(application),
      }),
      options.browserPort ?? 0,
    );
    store.microsoftOrigin = `https://localhost:${microsoftPort}`;
    const cycles = new Provisioning(store, clock);
    provisioning = cycles;
    let closing: Promise<unknown> | undefined;
    const parts = { store, clock, faults };
    const controls = {
      requests,
      clock,
      faults,
      get mails() {
        return [...store.accounts.values()].flatMap(({ mails }) =>
          [...mails.values()].map(({ id: _id, ...mail }) => mail),
        );
      },
      get secretDelaySeconds() {
        return store.secretDelaySeconds;
      },
      set secretDelaySeconds(seconds) {
        store.secretDelaySeconds = seconds;
      },
      get principalDelaySeconds() {
        return store.principalDelaySeconds;
      },
      set principalDelaySeconds(seconds) {
        store.principalDelaySeconds = seconds;
      },
      get tokenReplicas() {
        return store.tokenReplicas;
      },
      set tokenReplicas(count) {
        store.tokenReplicas = count;
      },
      get places() {
        return Object.fromEntries(store.places);
      },
      set places(places) {
        store.setPlaces(places);
      },
      runProvisioning: () => cycles.runDue(),
      registerIssuer: (issuer: string, keys: JSONWebKeySet) => void store.issuers.set(issuer, keys),
      issueAzureCliToken: (userPrincipalName: string) => issueAzureCliToken(store, userPrincipalName),
      rotateSigningKey: async () => store.rotateSigningKey(await createSigningKey()),
      snapshot: () => takeSnapshot(parts),
      restore: (snapshot: unknown) => restoreSnapshot(parts, snapshot),
      reset: (next = seed) => reset(next),
    };
    const controlPort =
      options.control && (await serve(createControlApp(controls), options.controlPort ?? 0));
    return Object.assign(controls, {
      metadataHost: `localhost:${microsoftPort}`,
      microsoftUrl: store.microsoftOrigin,
      cloudflareUrl: `http://127.0.0.1:${cloudflarePort}/client/v4`,
      browserUrl: `http://localhost:${store.browserPort}`,
      browserUrlOf(url: string) {
        const address = toBrowserUrl(store, url);
        if (address === url) throw new RangeError(`the twin serves nothing at ${url}`);
        return address;
      },
      caFile: certificate.caFile,
      ...(controlPort ? { controlUrl: `http://127.0.0.1:${controlPort}` } : {}),
      async close() {
        faults.clear();
        closing ??= stop();
        await closing;
      },
    });
  } catch (error) {
    await stop();
    throw error;
  }
}
