import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Store } from "../../store/store";
import type { Tenant } from "../../store/tenant";

/** What an oidc-provider remembers of one tenant: sessions, interactions, codes, refresh tokens, grants. */
export class Memory {
  private readonly kept = new Map<string, { payload: AdapterPayload; until: number }>();

  constructor(
    private readonly store: Store,
    private readonly tenant: Tenant,
  ) {}

  /** Whether the twin's clock is past the end of what is kept under this id. */
  expired(kind: string, id: string): boolean {
    const entry = this.kept.get(`${kind}:${id}`);
    return entry === undefined || entry.until <= this.store.now().getTime();
  }

  /** The store of one kind of thing, as oidc-provider wants it. */
  adapter(kind: string): Adapter {
    const { kept, store, tenant } = this;
    const key = (id: string) => `${kind}:${id}`;
    const matching = async (test: (payload: AdapterPayload) => boolean) =>
      [...kept].find(([name, entry]) => name.startsWith(`${kind}:`) && test(entry.payload))?.[1].payload;
    return {
      async upsert(id, payload, expiresIn = 0) {
        kept.set(key(id), { payload, until: store.now().getTime() + expiresIn * 1000 });
      },
      async find(id) {
        return kind === "Client" ? clientMetadata(store, tenant, id) : kept.get(key(id))?.payload;
      },
      findByUid: (uid) => matching((payload) => payload.uid === uid),
      findByUserCode: (userCode) => matching((payload) => payload.userCode === userCode),
      async consume(id) {
        const entry = kept.get(key(id));
        if (entry) entry.payload.consumed = Math.floor(store.now().getTime() / 1000);
      },
      async destroy(id) {
        kept.delete(key(id));
      },
      async revokeByGrantId(grantId) {
        for (const [name, entry] of kept) if (entry.payload.grantId === grantId) kept.delete(name);
      },
    };
  }
}

/** Redirect URIs and secrets are judged against the store itself, so what stands here for them is never used. */
function clientMetadata(store: Store, tenant: Tenant, appId: string): AdapterPayload | undefined {
  const known = [...tenant.servicePrincipals.values()].some((principal) => principal.appId === appId);
  if (!known) return undefined;
  return {
    client_id: appId,
    client_secret: "kept as a hash",
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [`${store.microsoftOrigin}/`],
    response_types: ["code"],
    token_endpoint_auth_method: "client_secret_post",
  };
}
