import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { JSONWebKeySet } from "jose";
import type { AccountSeed, PlaceSeed, Seed, ServiceTokenSeed, TenantSeed } from "../seed/seed";
import type { Account, ServiceToken } from "./cloudflare/account";
import { buildGroup, buildUser } from "./entra/directory";
import { createEmptyApplication, createEmptyServicePrincipal, GRAPH_APP_ID } from "./entra/registrations";
import type { EntraTenant, Password, ServicePrincipal } from "./entra/tenant";
import { deriveId } from "./ids";
import { hashSecret } from "./secrets";

export * from "./entra/registrations";

/** A key pair that signs and verifies access tokens; created once per twin, so a reset does not end sessions. */
export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** Creates an RSA key pair of 2048 bits, the size Entra signs with. */
export async function createSigningKey(): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { kid: randomBytes(20).toString("base64url"), ...pair };
}

const DAY = 24 * 60 * 60 * 1000;

/** The contents of both clouds, shared by sign-in, Graph and Cloudflare. */
export class Store {
  readonly tenants = new Map<string, EntraTenant>();
  readonly accounts = new Map<string, Account>();
  /** Public keys of other issuers of tokens, by their address. */
  readonly issuers = new Map<string, JSONWebKeySet>();
  /** Origins that Access sees, by local address. */
  readonly places = new Map<string, PlaceSeed>();
  /** Published keys; the first one signs. */
  signingKeys: SigningKey[];
  /** Origin of metadata, token endpoint and Graph; set once the listener has its port. */
  microsoftOrigin = "";
  /** Port of the pages for browsers; set once the listener has it. */
  browserPort = 0;
  /** Seconds before a new client secret works at the token endpoint. */
  secretDelaySeconds = 0;
  /** Seconds before the token endpoint knows a new service principal. */
  principalDelaySeconds = 0;
  /** Replicas of the token endpoint, which authenticate clients in turn. */
  tokenReplicas = 1;
  private authentications = 0;

  /**
   * @param key signs and verifies tokens until it is rotated
   * @param clock returns the twin's time
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

  /** Returns the key that a token names; the signing key when it names none or an unknown one. */
  verificationKey(kid?: string): KeyObject {
    return (this.signingKeys.find((key) => key.kid === kid) ?? this.signingKey).publicKey;
  }

  /** Signs with another key from now on. The previous one still verifies; older ones are removed. */
  rotateSigningKey(key: SigningKey): void {
    this.signingKeys = [key, this.signingKey];
  }

  now(): Date {
    return this.clock();
  }

  /** Returns the number of the replica that authenticates the next client, from 1. */
  takeReplica(): number {
    return (this.authentications++ % this.tokenReplicas) + 1;
  }

  /**
   * Tells if a replica of the token endpoint knows this client secret yet. Each replica learns of it later than the one
   * before, and the last one after the whole delay.
   *
   * @param replica default: the last one
   */
  hasPropagated({ createdDateTime }: Password, replica = this.tokenReplicas): boolean {
    return createdDateTime === undefined || this.isKnown(createdDateTime, this.secretDelaySeconds, replica);
  }

  /** Tells if a replica knows this service principal yet; see {@link Store.hasPropagated}. */
  hasPropagatedPrincipal({ createdDateTime }: ServicePrincipal, replica: number): boolean {
    return this.isKnown(createdDateTime, this.principalDelaySeconds, replica);
  }

  private isKnown(createdDateTime: string, delaySeconds: number, replica: number): boolean {
    const delay = (delaySeconds * 1000 * replica) / this.tokenReplicas;
    return Date.parse(createdDateTime) + delay <= this.now().getTime();
  }

  /** Replaces all contents by those of `seed`. */
  reset(seed: Seed): void {
    this.tenants.clear();
    this.accounts.clear();
    this.issuers.clear();
    this.setPlaces(seed.places ?? {});
    this.secretDelaySeconds = seed.secretDelaySeconds ?? 0;
    this.principalDelaySeconds = seed.principalDelaySeconds ?? 0;
    this.tokenReplicas = seed.tokenReplicas ?? 1;
    this.authentications = 0;
    for (const tenant of seed.tenants) this.tenants.set(tenant.id, this.buildTenant(tenant));
    for (const account of seed.accounts) this.accounts.set(account.id, this.buildAccount(account));
  }

  /** Replaces the origins that Access sees. */
  setPlaces(places: Record<string, PlaceSeed>): void {
    this.places.clear();
    for (const [address, place] of Object.entries(places)) this.places.set(address, place);
  }

  private buildTenant(seed: TenantSeed): EntraTenant {
    const tenant: EntraTenant = {
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
      namedLocations: new Map(),
      authenticationContexts: new Map(),
      signIns: new Map(),
      directoryAudits: new Map(),
      ...(seed.passwordPolicy && {
        passwordPolicy: {
          id: deriveId(seed.id, "policy", "passwords"),
          forbidden: false,
          ...seed.passwordPolicy,
        },
      }),
    };
    const createdDateTime = formatTimestamp(this.now());
    for (const user of seed.users ?? []) tenant.users.set(user.id, buildUser(user, createdDateTime));
    for (const group of seed.groups ?? []) tenant.groups.set(group.id, buildGroup(group, createdDateTime));
    // It begins on the day before, so that every replica of the token endpoint knows it.
    const yesterday = formatTimestamp(new Date(this.now().getTime() - DAY));
    const addPrincipal = (appId: string, permissions: string[]) => {
      const principal = createEmptyServicePrincipal(
        deriveId(seed.id, "servicePrincipal", appId),
        appId,
        yesterday,
      );
      tenant.servicePrincipals.set(principal.id, { ...principal, applicationPermissions: [...permissions] });
    };
    addPrincipal(GRAPH_APP_ID, []);
    for (const principal of seed.principals) {
      const id = deriveId(seed.id, "application", principal.appId);
      const application = createEmptyApplication(id, principal.appId, principal.displayName, createdDateTime);
      application.passwords.push({
        keyId: deriveId(seed.id, "password", principal.appId),
        displayName: "seed",
        hint: principal.secret.slice(0, 3),
        startDateTime: createdDateTime,
        endDateTime: principal.secretEndDateTime ?? "2099-01-01T00:00:00Z",
        hash: hashSecret(principal.secret),
      });
      tenant.applications.set(id, application);
      addPrincipal(principal.appId, principal.permissions);
    }
    return tenant;
  }

  private buildAccount(seed: AccountSeed): Account {
    const createdAt = formatTimestamp(this.now());
    // Every account has a default virtual network: https://developers.cloudflare.com/cloudflare-one/networks/virtual-networks/
    const virtualNetwork = {
      id: deriveId(seed.id, "virtualNetwork", "default"),
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
        hash: hashSecret(t.value),
        permissions: t.permissions,
        ...(t.user !== undefined && { user: t.user }),
      })),
      masksClientSecrets: seed.clientSecretInAnswers === "masked",
      identityProviders: new Map(),
      users: new Map(),
      scimUsers: new Map(),
      scimGroups: new Map(),
      accessGroups: new Map(),
      accessPolicies: new Map(),
      accessApplications: new Map(),
      accessTags: new Map(),
      serviceTokens: new Map(
        (seed.serviceTokens ?? []).map((token) => [token.id, buildServiceToken(token, createdAt)]),
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

function buildServiceToken(seed: ServiceTokenSeed, createdAt: string): ServiceToken {
  const { clientSecret, ...named } = seed;
  const lasts = { duration: "forever", enabled: true, expiresAt: null };
  return { ...named, ...lasts, secretHash: hashSecret(clientSecret), createdAt, updatedAt: createdAt };
}

/** Returns the audiences that Microsoft Graph accepts; a trailing slash makes no difference. */
export function getGraphAudiences(store: Store): string[] {
  return [store.microsoftOrigin, "https://graph.microsoft.com", GRAPH_APP_ID];
}

/** Formats a date as ISO 8601 in UTC with whole seconds, as both vendors do for their objects. */
export function formatTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
