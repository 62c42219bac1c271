import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Hono } from "hono";
import { serverCertificate } from "./certificate";
import { Clock } from "./clock";
import { cloudflareApp } from "./cloudflare/app";
import { entraApp } from "./entra/app";
import { Faults } from "./faults/faults";
import { graphApp } from "./graph/app";
import { PERMISSIONS } from "./graph/permissions";
import { recordTo, type TwinEnv, type TwinRequest } from "./requests";
import { devSeed, type Seed } from "./seed";
import { listen } from "./server";
import { newSigningKey, Store } from "./store";

export type { Clock } from "./clock";
export type { ActiveFault, Fault } from "./faults/fault";
export type { Faults } from "./faults/faults";
export { contosoGroups, contosoUsers, fabrikamGroups, fabrikamUsers } from "./people";
export { installStandIns } from "./providers/install";
export type { TwinRequest } from "./requests";
export {
  type AccountSeed,
  contoso,
  devSeed,
  fabrikam,
  type GroupSeed,
  type PrincipalSeed,
  type Seed,
  type TenantSeed,
  type UserSeed,
} from "./seed";

export interface TwinOptions {
  /** What the clouds hold. Default: {@link devSeed}. */
  seed?: Seed;
  /** Port of metadata, token endpoint and Microsoft Graph. Default: any free one. */
  microsoftPort?: number;
  /** Port of Cloudflare API v4. Default: any free one. */
  cloudflarePort?: number;
  /**
   * Where `ca.pem` and its key are kept, so that the certificate authority survives restarts. Default: a fresh
   * temporary directory, removed on close.
   */
  directory?: string;
  /** What time the twin takes it to be, for secrets and tokens that expire. Default: the system's clock. */
  now?: () => Date;
}

/** Entra sign-in, Microsoft Graph and Cloudflare API v4 on loopback. */
export interface Twin {
  /** `localhost:PORT`, for `azuread:metadataHost`; HTTPS. */
  readonly metadataHost: string;
  /** `https://localhost:PORT`: the one origin of metadata, token endpoint and Microsoft Graph. */
  readonly microsoftUrl: string;
  /** `http://127.0.0.1:PORT/client/v4`, for `cloudflare:baseUrl`. */
  readonly cloudflareUrl: string;
  /** Absolute path of the PEM to trust: `SSL_CERT_FILE` for Go, `NODE_EXTRA_CA_CERTS` for Node.js. */
  readonly caFile: string;
  /** Every request answered since the start or the last reset, in order. */
  readonly requests: readonly TwinRequest[];
  /** The twin's own time, by which secrets and tokens expire; may be moved. */
  readonly clock: Clock;
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** Seconds on the twin's clock before a new client secret works at the token endpoint. Default: the seed's, or 0. */
  secretDelaySeconds: number;
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
  try {
    const [certificate, signingKey] = await Promise.all([serverCertificate(directory), newSigningKey()]);
    const clock = new Clock(options.now ?? (() => new Date()));
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
    const served = () => new Hono<TwinEnv>().use(recordTo(requests)).use(faults.middleware);
    const microsoft = await listen(
      served().route("/", graphApp(store)).route("/", entraApp(store, PERMISSIONS.delegated)),
      options.microsoftPort ?? 0,
      certificate,
    );
    const cloudflare = await listen(
      served().route("/", cloudflareApp(store)),
      options.cloudflarePort ?? 0,
    ).catch(async (error: unknown) => {
      await microsoft.close();
      throw error;
    });
    store.microsoftOrigin = `https://localhost:${microsoft.port}`;
    let closing: Promise<unknown> | undefined;
    return {
      metadataHost: `localhost:${microsoft.port}`,
      microsoftUrl: store.microsoftOrigin,
      cloudflareUrl: `http://127.0.0.1:${cloudflare.port}/client/v4`,
      caFile: certificate.caFile,
      requests,
      clock,
      faults,
      get secretDelaySeconds() {
        return store.secretDelaySeconds;
      },
      set secretDelaySeconds(seconds) {
        store.secretDelaySeconds = seconds;
      },
      reset: (next = seed) => reset(next),
      async close() {
        faults.clear();
        closing ??= Promise.all([microsoft.close(), cloudflare.close()]).finally(discard);
        await closing;
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}
