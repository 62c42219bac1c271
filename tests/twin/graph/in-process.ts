import { SignJWT } from "jose";
import { createGraphApp } from "../../../twin/graph/app";
import { contoso, devSeed, type Seed, type TenantSeed } from "../../../twin/index";
import type { EntraTenant } from "../../../twin/store/entra/tenant";
import { createSigningKey, findPrincipalByAppId, Store } from "../../../twin/store/store";
import type { Reply } from "../client";

const ORIGIN = "https://localhost:1";
const NOW = new Date("2026-11-01T12:00:00Z");

type Claims = Record<string, unknown>;
type SendWithHeaders = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

/** Shared by all tests of a file, because creating keys is slow. */
let signingKey: ReturnType<typeof createSigningKey> | undefined;

/** Microsoft Graph without a listener, for which tests create their own tokens. */
export class GraphInProcess {
  private constructor(readonly store: Store) {}

  static async start(seed: Seed = devSeed): Promise<GraphInProcess> {
    signingKey ??= createSigningKey();
    const store = new Store(await signingKey, () => NOW);
    store.microsoftOrigin = ORIGIN;
    store.reset(seed);
    return new GraphInProcess(store);
  }

  tenant(seed: TenantSeed = contoso.tenant): EntraTenant {
    return this.store.tenants.get(seed.id) as EntraTenant;
  }

  /** Calls as an application with these permissions. */
  app(...roles: string[]): SendWithHeaders {
    const principal = findPrincipalByAppId(this.tenant(), contoso.deployer.appId);
    return this.with({ oid: principal?.id, roles });
  }

  /** Calls as the deployer's application on behalf of a user with these scopes. */
  user(user: { id: string }, ...scopes: string[]): SendWithHeaders {
    return this.with({ oid: user.id, appid: contoso.deployer.appId, scp: scopes.join(" "), idtyp: "user" });
  }

  /** Calls with a token with these claims in addition to the usual ones; undefined omits one. */
  with(claims: Claims): SendWithHeaders {
    const seconds = NOW.getTime() / 1000;
    const ordinary = {
      aud: ORIGIN,
      iss: `https://sts.windows.net/${contoso.tenantId}/`,
      tid: contoso.tenantId,
      nbf: seconds,
      exp: seconds + 3600,
    };
    const given = Object.entries({ ...ordinary, ...claims }).filter(([, value]) => value !== undefined);
    const token = new SignJWT(Object.fromEntries(given))
      .setProtectedHeader({ alg: "RS256" })
      .sign(this.store.signingKey.privateKey);
    return async (method, path, body, headers) => {
      const response = await createGraphApp(this.store).request(`${ORIGIN}${path}`, {
        method,
        headers: { authorization: `Bearer ${await token}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    };
  }
}
