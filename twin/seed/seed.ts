import { z } from "zod";
import { faultSchema } from "../faults/fault";
import { DIRECTORY_ROLES } from "../store/entra/directory-roles";

const guid = z.guid().toLowerCase();
const text = z.string().min(1);

/** An application with a client secret and permissions, as the tenant's administrator set it up. */
export type PrincipalSeed = z.infer<typeof principal>;
const principal = z.strictObject({
  /** Application (client) id. */
  appId: guid,
  displayName: text,
  /** Client secret in clear text; the twin keeps only its hash. */
  secret: text,
  /** Expiry of the secret, ISO 8601 UTC. Default: 2099-01-01T00:00:00Z. */
  secretEndDateTime: z.iso.datetime().exactOptional(),
  /** Microsoft Graph application permissions, for example `Application.ReadWrite.OwnedBy`. */
  permissions: z.array(text),
});

/** A user of a tenant. */
export type UserSeed = z.infer<typeof user>;
const user = z.strictObject({
  /** Object id. */
  id: guid,
  /** Sign-in name; a guest's is `name_domain#EXT#@tenant`, from the address in the home tenant. */
  userPrincipalName: text,
  /** Default: none. */
  mail: text.exactOptional(),
  displayName: text,
  /** First name. Default: none. */
  givenName: text.exactOptional(),
  /** Default: none. */
  surname: text.exactOptional(),
  /** Default: `Member`. */
  userType: z.enum(["Member", "Guest"]).exactOptional(),
  /** Lets the user sign in. Default: true. */
  accountEnabled: z.boolean().exactOptional(),
  /** Directory roles. Default: none. */
  roles: z.array(z.enum(DIRECTORY_ROLES)).exactOptional(),
  /** Password in clear text; the twin stores only its hash. Default: the sign-in page asks for none. */
  password: text.exactOptional(),
  /** Asks for a second factor at every sign-in, as per-user multifactor authentication does. Default: false. */
  secondFactor: z.boolean().exactOptional(),
});

/** A security group. */
export type GroupSeed = z.infer<typeof group>;
const group = z.strictObject({
  /** Object id. */
  id: guid,
  displayName: text,
  /** Default: none. */
  description: text.exactOptional(),
  /** Object ids of users and groups. */
  members: z.array(guid),
  /** Object ids of users. Default: none. */
  owners: z.array(guid).exactOptional(),
});

export type TenantSeed = z.infer<typeof tenant>;
const tenant = z.strictObject({
  /** Directory (tenant) id. */
  id: guid,
  displayName: text,
  /** Initial domain, for example `contoso.onmicrosoft.com`. */
  domain: text.toLowerCase(),
  principals: z.array(principal),
  /** Default: none. */
  users: z.array(user).exactOptional(),
  /** Default: none. */
  groups: z.array(group).exactOptional(),
  /** The tenant's app management policy for client secrets. Default: no restriction. */
  passwordPolicy: z
    .strictObject({
      /** Forbids new client secrets. Default: false. */
      forbidden: z.boolean().exactOptional(),
      /** Maximum lifetime of a client secret in days. Default: unlimited. */
      longestDays: z.number().positive().exactOptional(),
    })
    .exactOptional(),
});

export type TokenSeed = z.infer<typeof token>;
const token = z.strictObject({
  name: text,
  /** The API token. */
  value: z.string().regex(/^[0-9A-Za-z_-]{40,80}$/, "must be 40 to 80 characters of 0-9 A-Z a-z _ -"),
  /** Cloudflare's permission names, for example `Access: Organizations, Identity Providers, and Groups Read`. */
  permissions: z.array(text),
  /** Mail address of the user who owns the token. Default: the account owns it. */
  user: z.email().exactOptional(),
});

/** An enabled service token of Access that does not expire. */
export type ServiceTokenSeed = z.infer<typeof serviceToken>;
const serviceToken = z.strictObject({
  id: guid,
  name: text,
  /** Such as `88bf3b6d86161464f6509f7219099e57.access`. */
  clientId: text,
  /** Client secret in clear text; the twin stores only its hash. */
  clientSecret: text,
});

export type AccountSeed = z.infer<typeof account>;
const account = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hexadecimal digits"),
  name: text,
  /** Zero Trust team name: the organization's `auth_domain` is `<teamName>.cloudflareaccess.com`. */
  teamName: text,
  tokens: z.array(token),
  /** Default: none. */
  serviceTokens: z.array(serviceToken).exactOptional(),
  /** Existing cloudflared tunnels. Default: none. */
  tunnels: z.array(z.strictObject({ id: guid, name: text })).exactOptional(),
  /** The form of client secrets in answers with identity providers; Cloudflare has used both. Default: `omitted`. */
  clientSecretInAnswers: z.enum(["omitted", "masked"]).exactOptional(),
});

/** The origin that Access and Entra see for connections from one address of this machine. */
export type PlaceSeed = z.infer<typeof place>;
const place = z.strictObject({
  /** The address that Cloudflare sees. Default: the connection's own. */
  ip: z.union([z.ipv4(), z.ipv6()]).exactOptional(),
  /** The country of the address, ISO 3166-1 alpha-2 in upper case. Default: unknown. */
  country: z
    .string()
    .regex(/^[A-Z][A-Z0-9]$/, "must be a country code of two characters")
    .exactOptional(),
  /** The device there is compliant, as Intune reports. Default: false. */
  compliantDevice: z.boolean().exactOptional(),
  /** The device there is joined to the domain and to Entra. Default: false. */
  domainJoinedDevice: z.boolean().exactOptional(),
  /** The risk that Entra finds in sign-ins from there. Default: `none`. */
  signInRisk: z.enum(["none", "low", "medium", "high"]).exactOptional(),
});

export const placesSchema = z.record(z.union([z.ipv4(), z.ipv6()]), place);

/** The initial contents of both clouds, as plain data; the schema validates what comes from outside the program. */
export type Seed = z.infer<typeof seedSchema>;
export const seedSchema = z.strictObject({
  tenants: z.array(tenant),
  accounts: z.array(account),
  /** Injected faults. Default: none. */
  faults: z.array(faultSchema).exactOptional(),
  /** Seconds on the twin's clock before a new client secret works at the token endpoint. Default: 0. */
  secretDelaySeconds: z.number().nonnegative().exactOptional(),
  /** Seconds on the twin's clock before the token endpoint knows a new service principal. Default: 0. */
  principalDelaySeconds: z.number().nonnegative().exactOptional(),
  /** Replicas of the token endpoint, which answer in turn and learn of new objects one after another. Default: 1. */
  tokenReplicas: z.int().positive().exactOptional(),
  /** Origins that Access sees, by the local address of the connection. Default: each address as it is. */
  places: placesSchema.exactOptional(),
});
