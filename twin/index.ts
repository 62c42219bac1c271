import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Hono } from "hono";
import { accessApps } from "./access/app";
import { RelyingParty } from "./access/sign-in/relying-party";
import { Clock } from "./clock";
import { cloudflareApp } from "./cloudflare/app";
import { controlApp } from "./control/app";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./control/snapshot";
import { entraApp } from "./entra/app";
import { Faults } from "./faults/faults";
import { graphApp } from "./graph/app";
import { PERMISSIONS } from "./graph/permissions";
import { homeApp } from "./home/app";
import { browserApp } from "./http/browser";
import { serverCertificate } from "./http/certificate";
import { browserUrl } from "./http/names";
import { dateBy, recordTo, type TwinEnv, type TwinRequest } from "./http/requests";
import { type Listener, listen } from "./http/server";
import { devSeed, type PlaceSeed, type Seed } from "./seed/seed";
import type { PinMail } from "./store/account";
import { newSigningKey, Store } from "./store/store";

export type { Clock } from "./clock";
export type { Snapshot } from "./control/snapshot";
export type { ActiveFault, Fault } from "./faults/fault";
export type { Faults } from "./faults/faults";
export type { TwinRequest } from "./http/requests";
export { installStandIns } from "./providers/install";
export { manyOrganizations } from "./seed/many";
export { contosoGroups, contosoUsers, fabrikamGroups, fabrikamUsers } from "./seed/people";
export {
  type AccountSeed,
  contoso,
  devSeed,
  fabrikam,
  type GroupSeed,
  type PlaceSeed,
  type PrincipalSeed,
  type Seed,
  type ServiceTokenSeed,
  type TenantSeed,
  type UserSeed,
} from "./seed/seed";

export interface TwinOptions {
  /** What the clouds hold. Default: {@link devSeed}. */
  seed?: Seed;
  /** Port of metadata, token endpoint and Microsoft Graph. Default: any free one. */
  microsoftPort?: number;
  /** Port of Cloudflare API v4. Default: any free one. */
  cloudflarePort?: number;
  /** Port of what people open in a browser. Default: any free one. */
  browserPort?: number;
  /**
   * Where `ca.pem` and its key are kept, so that the certificate authority survives restarts. Default: a fresh
   * temporary directory, removed on close.
   */
  directory?: string;
  /** Whether the control API is served, on loopback and a port of its own. Default: false. */
  control?: boolean;
  /** Port of the control API. Default: any free one. */
  controlPort?: number;
  /** What time the twin takes it to be, for secrets and tokens that expire. Default: the system's clock. */
  now?: () => Date;
  /** Starts with a clock that stands still until it is moved ({@link Clock.freeze}). Default: false. */
  frozen?: boolean;
}

/** A one-time PIN as its reader has it. */
export type Mail = Omit<PinMail, "id">;

const mailOf = ({ id: _id, ...mail }: PinMail): Mail => mail;

/** Entra sign-in, Microsoft Graph and Cloudflare API v4 on loopback. */
export interface Twin {
  /** `localhost:PORT`, for `azuread:metadataHost`; HTTPS. */
  readonly metadataHost: string;
  /** `https://localhost:PORT`: the one origin of metadata, token endpoint and Microsoft Graph. */
  readonly microsoftUrl: string;
  /** `http://127.0.0.1:PORT/client/v4`, for `cloudflare:baseUrl`. */
  readonly cloudflareUrl: string;
  /** `http://localhost:PORT`: the twin's own page, for a browser. */
  readonly browserUrl: string;
  /**
   * The address at which a browser finds a page by its real address, for example
   * `https://contoso.cloudflareaccess.com/...`.
   *
   * @throws RangeError when the twin serves nothing of that name
   */
  browserUrlOf(url: string): string;
  /** Absolute path of the PEM to trust: `SSL_CERT_FILE` for Go, `NODE_EXTRA_CA_CERTS` for Node.js. */
  readonly caFile: string;
  /** Every request answered since the start or the last reset, in order. */
  readonly requests: readonly TwinRequest[];
  /** The one-time PINs that Access mailed, in order; nothing leaves the machine. */
  readonly mails: readonly Mail[];
  /** The twin's own time, by which secrets and tokens expire; may be moved. */
  readonly clock: Clock;
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** Seconds on the twin's clock before a new client secret works at the token endpoint. Default: the seed's, or 0. */
  secretDelaySeconds: number;
  /**
   * Where requests to Access come from, by the address of this machine they are made from: `127.0.0.1` for browsers.
   * Set it to move people. Default: the seed's.
   */
  places: Readonly<Record<string, PlaceSeed>>;
  /**
   * Signs tokens with a new key from now on. The one before it stays published, so that its tokens stay valid; those
   * before that are gone.
   */
  rotateSigningKey(): Promise<void>;
  /** `http://127.0.0.1:PORT`, the control API, if it was asked for. */
  readonly controlUrl?: string;
  /** Everything that the clouds hold, clock and faults, as plain JSON; keeps secrets as the twin does. */
  snapshot(): Snapshot;
  /**
   * Goes on from a snapshot, of this twin or another; who is signed in to another has to sign in again.
   *
   * @throws Error saying why, with nothing changed, when it is none
   */
  restore(snapshot: unknown): void;
  /** Starts again from `seed`, with the clock put back. Default: the seed the twin was started with. */
  reset(seed?: Seed): void;
  /** Frees the ports and drops connections that are kept alive; a second call does nothing more. */
  close(): Promise<void>;
}

/**
 * Starts the twin.
 *
 * @throws the system's error (`EADDRINUSE` ...) when a port or the directory cannot be had
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
  const stop = () =>
    Promise.all([relyingParty?.close(), ...listeners.map((listener) => listener.close())]).finally(discard);
  try {
    const [certificate, signingKey] = await Promise.all([serverCertificate(directory), newSigningKey()]);
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
    const recorded = () => new Hono<TwinEnv>().use(recordTo(requests));
    const served = () => recorded().use(dateBy(clock)).use(faults.middleware);
    const entra = entraApp(store, PERMISSIONS);
    const microsoftPort = await serve(
      served().route("/", graphApp(store)).route("/", entra),
      options.microsoftPort ?? 0,
      certificate,
    );
    const cloudflarePort = await serve(
      served().route("/", cloudflareApp(store)),
      options.cloudflarePort ?? 0,
    );
    relyingParty = new RelyingParty(store, certificate.caFile);
    const { team, application } = accessApps(store, relyingParty);
    const access = (app: typeof team) =>
      new Hono<TwinEnv>().use(recordTo(requests, "access")).use(dateBy(clock)).route("/", app);
    store.browserPort = await serve(
      browserApp(store, {
        home: homeApp({ store, clock, faults, requests }),
        // Not with the twin's date: browsers hold it against the dates of Entra's cookies, which are the system's.
        login: recorded().use(faults.middleware).route("/", entra),
        team: access(team),
        application: access(application),
      }),
      options.browserPort ?? 0,
    );
    store.microsoftOrigin = `https://localhost:${microsoftPort}`;
    let closing: Promise<unknown> | undefined;
    const parts = { store, clock, faults };
    const steered = {
      requests,
      clock,
      faults,
      get mails() {
        return [...store.accounts.values()].flatMap(({ mails }) => [...mails.values()].map(mailOf));
      },
      get secretDelaySeconds() {
        return store.secretDelaySeconds;
      },
      set secretDelaySeconds(seconds) {
        store.secretDelaySeconds = seconds;
      },
      get places() {
        return Object.fromEntries(store.places);
      },
      set places(places) {
        store.place(places);
      },
      rotateSigningKey: async () => store.rotateSigningKey(await newSigningKey()),
      snapshot: () => takeSnapshot(parts),
      restore: (snapshot: unknown) => restoreSnapshot(parts, snapshot),
      reset: (next = seed) => reset(next),
    };
    const controlPort = options.control && (await serve(controlApp(steered), options.controlPort ?? 0));
    return Object.assign(steered, {
      metadataHost: `localhost:${microsoftPort}`,
      microsoftUrl: store.microsoftOrigin,
      cloudflareUrl: `http://127.0.0.1:${cloudflarePort}/client/v4`,
      browserUrl: `http://localhost:${store.browserPort}`,
      browserUrlOf(url: string) {
        const address = browserUrl(store, url);
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
