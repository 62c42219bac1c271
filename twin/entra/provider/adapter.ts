import type { Adapter, AdapterPayload } from "oidc-provider";
import type { EntraTenant } from "../../store/entra/tenant";
import { findPrincipalByAppId, type Store } from "../../store/store";

/** The storage of a tenant's oidc-provider: sessions, interactions, codes, refresh tokens, grants. */
export class ProviderMemory {
  private readonly entries = new Map<string, { payload: AdapterPayload; until: number }>();

  constructor(
    private readonly store: Store,
    private readonly tenant: EntraTenant,
  ) {}

  /** Tells if the entry is missing or expired by the twin's clock. */
  isExpired(kind: string, id: string): boolean {
    const entry = this.entries.get(`${kind}:${id}`);
    return entry === undefined || entry.until <= this.store.now().getTime();
  }

  /** Creates the storage adapter of one model of oidc-provider. */
  createAdapter(kind: string): Adapter {
    const { entries, store, tenant } = this;
    const key = (id: string) => `${kind}:${id}`;
    const matching = async (test: (payload: AdapterPayload) => boolean) =>
      [...entries].find(([name, entry]) => name.startsWith(`${kind}:`) && test(entry.payload))?.[1].payload;
    return {
      async upsert(id, payload, expiresIn = 0) {
        entries.set(key(id), { payload, until: store.now().getTime() + expiresIn * 1000 });
      },
      async find(id) {
        return kind === "Client" ? getClientMetadata(store, tenant, id) : entries.get(key(id))?.payload;
      },
      findByUid: (uid) => matching((payload) => payload.uid === uid),
      findByUserCode: (userCode) => matching((payload) => payload.userCode === userCode),
      async consume(id) {
        const entry = entries.get(key(id));
        if (entry) entry.payload.consumed = Math.floor(store.now().getTime() / 1000);
      },
      async destroy(id) {
        entries.delete(key(id));
      },
      async revokeByGrantId(grantId) {
        for (const [name, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(name);
      },
    };
  }
}

/** Returns client metadata. Its redirect URIs and secret are never used, since both are validated against the store. */
function getClientMetadata(store: Store, tenant: EntraTenant, appId: string): AdapterPayload | undefined {
  if (!findPrincipalByAppId(tenant, appId)) return undefined;
  return {
    client_id: appId,
    client_secret: "kept as a hash",
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [`${store.microsoftOrigin}/`],
    response_types: ["code"],
    token_endpoint_auth_method: "client_secret_post",
  };
}
