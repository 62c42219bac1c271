import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { AccountSeed, PlaceSeed, Seed, ServiceTokenSeed, TenantSeed } from "../seed/seed";
import type { Account, ServiceToken } from "./account";
import { seededGroup, seededUser } from "./directory";
import { derivedId } from "./ids";
import { emptyApplication, emptyServicePrincipal, GRAPH_APP_ID } from "./registrations";
import { secretHash } from "./secrets";
import type { Password, Tenant } from "./tenant";

export * from "./registrations";
export { secretHash, secretMatches } from "./secrets";

/** The keys that sign and verify access tokens; made once per twin, so a reset does not end sessions. */
export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** A fresh RSA key pair of 2048 bits, the size Entra signs with. */
export async function newSigningKey(): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { kid: randomBytes(20).toString("base64url"), ...pair };
}

/** Everything the two clouds hold: the only place where sign-in, Graph and Cloudflare meet. */
export class Store {
  readonly tenants = new Map<string, Tenant>();
  readonly accounts = new Map<string, Account>();
  /** Where requests come from, by the address of this machine. */
  readonly places = new Map<string, PlaceSeed>();
  /** Published keys; the first signs. */
  signingKeys: SigningKey[];
  /** Origin of metadata, token endpoint and Graph; known once the listener has its port. */
  microsoftOrigin = "";
  /** Port on which browsers find what has a real name; known as late. */
  browserPort = 0;
  /** Seconds before a new client secret works at the token endpoint. */
  secretDelaySeconds = 0;

  /**
   * @param key signs and verifies tokens, until another one does
   * @param clock what time it is
   */
  constructor(
    key: SigningKey,
    private readonly clock: () => Date,
  ) {
    this.signingKeys = [key];
  }

  /** The key that signs. */
  get signingKey(): SigningKey {
    return this.signingKeys[0] as SigningKey;
  }

  /** The key that a token says it was signed with; the one that signs when it says nothing or is unknown. */
  verificationKey(kid?: string): KeyObject {
    return (this.signingKeys.find((key) => key.kid === kid) ?? this.signingKey).publicKey;
  }

  /** Signs with another key from now on. The one before it still verifies; those before that are gone. */
  rotateSigningKey(key: SigningKey): void {
    this.signingKeys = [key, this.signingKey];
  }

  now(): Date {
    return this.clock();
  }

  /** Whether the token endpoint has heard of this client secret yet. */
  hasSpread(password: Password): boolean {
    const made = password.createdDateTime === undefined ? 0 : Date.parse(password.createdDateTime);
    return made + this.secretDelaySeconds * 1000 <= this.now().getTime();
  }

  /** Forgets everything and starts again from `seed`. */
  reset(seed: Seed): void {
    this.tenants.clear();
    this.accounts.clear();
    this.place(seed.places ?? {});
    this.secretDelaySeconds = seed.secretDelaySeconds ?? 0;
    for (const tenant of seed.tenants) this.tenants.set(tenant.id, this.tenant(tenant));
    for (const account of seed.accounts) this.accounts.set(account.id, this.account(account));
  }

  /** Says where requests come from, instead of what was said before. */
  place(places: Record<string, PlaceSeed>): void {
    this.places.clear();
    for (const [address, place] of Object.entries(places)) this.places.set(address, place);
  }

  private tenant(seed: TenantSeed): Tenant {
    const tenant: Tenant = {
      id: seed.id,
      displayName: seed.displayName,
      domain: seed.domain,
      applications: new Map(),
      servicePrincipals: new Map(),
      grants: new Map(),
      users: new Map(),
      groups: new Map(),
      appRoleAssignments: new Map(),
      conditionalAccessPolicies: new Map(),
      directoryAudits: new Map(),
      ...(seed.passwordPolicy && {
        passwordPolicy: {
          id: derivedId(seed.id, "policy", "passwords"),
          ...{ forbidden: false, ...seed.passwordPolicy },
        },
      }),
    };
    const createdDateTime = wholeSeconds(this.now());
    for (const user of seed.users ?? []) tenant.users.set(user.id, seededUser(user, createdDateTime));
    for (const group of seed.groups ?? []) tenant.groups.set(group.id, seededGroup(group, createdDateTime));
    const add = (kind: string, o: { appId: string; permissions: string[] }) => {
      const id = derivedId(seed.id, kind, o.appId);
      tenant.servicePrincipals.set(id, {
        ...emptyServicePrincipal(id, o.appId, wholeSeconds(this.now())),
        applicationPermissions: o.permissions,
      });
    };
    add("servicePrincipal", { appId: GRAPH_APP_ID, permissions: [] });
    for (const principal of seed.principals) {
      const id = derivedId(seed.id, "application", principal.appId);
      const application = emptyApplication(
        id,
        principal.appId,
        principal.displayName,
        wholeSeconds(this.now()),
      );
      application.passwords.push({
        keyId: derivedId(seed.id, "password", principal.appId),
        displayName: "seed",
        hint: principal.secret.slice(0, 3),
        startDateTime: wholeSeconds(this.now()),
        endDateTime: principal.secretEndDateTime ?? "2099-01-01T00:00:00Z",
        hash: secretHash(principal.secret),
      });
      tenant.applications.set(id, application);
      add("servicePrincipal", principal);
    }
    return tenant;
  }

  private account(seed: AccountSeed): Account {
    const createdAt = wholeSeconds(this.now());
    // Every account has one: https://developers.cloudflare.com/cloudflare-one/networks/virtual-networks/
    const virtualNetwork = {
      id: derivedId(seed.id, "virtualNetwork", "default"),
      name: "default",
      comment: "This network was autogenerated because this account lacked a default one",
      isDefault: true,
      createdAt,
      updatedAt: createdAt,
    };
    return {
      id: seed.id,
      organization: {
        name: seed.name,
        authDomain: `${seed.teamName}.cloudflareaccess.com`,
        createdAt,
        updatedAt: createdAt,
        settings: {},
      },
      tokens: seed.tokens.map((t) => ({
        name: t.name,
        hash: secretHash(t.value),
        permissions: t.permissions,
        ...(t.user !== undefined && { user: t.user }),
      })),
      masksClientSecrets: seed.clientSecretInAnswers === "masked",
      identityProviders: new Map(),
      accessGroups: new Map(),
      accessPolicies: new Map(),
      accessApplications: new Map(),
      accessTags: new Map(),
      serviceTokens: new Map(
        (seed.serviceTokens ?? []).map((token) => [token.id, seededServiceToken(token, createdAt)]),
      ),
      mails: new Map(),
      tunnels: new Map((seed.tunnels ?? []).map((tunnel) => [tunnel.id, { ...tunnel, createdAt }])),
      virtualNetworks: new Map([[virtualNetwork.id, virtualNetwork]]),
      tunnelRoutes: new Map(),
      hostnameRoutes: new Map(),
      gatewayRules: new Map(),
      accessRequests: new Map(),
      auditLogs: new Map(),
    };
  }
}

function seededServiceToken(seed: ServiceTokenSeed, createdAt: string): ServiceToken {
  const { clientSecret, ...named } = seed;
  const lasts = { duration: "forever", enabled: true, expiresAt: null };
  return { ...named, ...lasts, secretHash: secretHash(clientSecret), createdAt, updatedAt: createdAt };
}

/** The audiences that Microsoft Graph takes tokens for; a trailing slash is the same audience. */
export function graphAudiences(store: Store): string[] {
  return [store.microsoftOrigin, "https://graph.microsoft.com", GRAPH_APP_ID];
}

/** ISO 8601 in UTC with whole seconds, as both vendors write the dates of objects. */
export function wholeSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
