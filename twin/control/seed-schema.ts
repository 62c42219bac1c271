import { z } from "zod";
import { faultSchema } from "../faults/fault";
import type {
  AccountSeed,
  GroupSeed,
  PasswordPolicySeed,
  PlaceSeed,
  PrincipalSeed,
  Seed,
  ServiceTokenSeed,
  TenantSeed,
  TokenSeed,
  TunnelSeed,
  UserSeed,
} from "../seed/seed";
import { DIRECTORY_ROLES } from "../store/entra/directory-roles";

/** A schema per member: the compiler reports a member of the seed that has none. */
type Members<Of> = Record<keyof Of, z.ZodType>;

const guid = z.guid().toLowerCase();
const text = z.string().min(1);

const principal = z.strictObject({
  appId: guid,
  displayName: text,
  secret: text,
  secretEndDateTime: z.iso.datetime().exactOptional(),
  permissions: z.array(text),
} satisfies Members<PrincipalSeed>);

const user = z.strictObject({
  id: guid,
  userPrincipalName: text,
  mail: text.exactOptional(),
  displayName: text,
  givenName: text.exactOptional(),
  surname: text.exactOptional(),
  userType: z.enum(["Member", "Guest"]).exactOptional(),
  accountEnabled: z.boolean().exactOptional(),
  roles: z.array(z.enum(DIRECTORY_ROLES)).exactOptional(),
  password: text.exactOptional(),
  secondFactor: z.boolean().exactOptional(),
} satisfies Members<UserSeed>);

const group = z.strictObject({
  id: guid,
  displayName: text,
  description: text.exactOptional(),
  members: z.array(guid),
  owners: z.array(guid).exactOptional(),
} satisfies Members<GroupSeed>);

const passwordPolicy = z.strictObject({
  forbidden: z.boolean().exactOptional(),
  longestDays: z.number().positive().exactOptional(),
} satisfies Members<PasswordPolicySeed>);

const tenant = z.strictObject({
  id: guid,
  displayName: text,
  domain: text.toLowerCase(),
  principals: z.array(principal),
  users: z.array(user).exactOptional(),
  groups: z.array(group).exactOptional(),
  passwordPolicy: passwordPolicy.exactOptional(),
} satisfies Members<TenantSeed>);

const token = z.strictObject({
  name: text,
  value: z.string().regex(/^[0-9A-Za-z_-]{40,80}$/, "must be 40 to 80 characters of 0-9 A-Z a-z _ -"),
  permissions: z.array(text),
  user: z.email().exactOptional(),
} satisfies Members<TokenSeed>);

const serviceToken = z.strictObject({
  id: guid,
  name: text,
  clientId: text,
  clientSecret: text,
} satisfies Members<ServiceTokenSeed>);
const tunnel = z.strictObject({ id: guid, name: text } satisfies Members<TunnelSeed>);

const account = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hexadecimal digits"),
  name: text,
  teamName: text,
  tokens: z.array(token),
  serviceTokens: z.array(serviceToken).exactOptional(),
  tunnels: z.array(tunnel).exactOptional(),
  clientSecretInAnswers: z.enum(["omitted", "masked"]).exactOptional(),
} satisfies Members<AccountSeed>);

const place = z.strictObject({
  ip: z.union([z.ipv4(), z.ipv6()]).exactOptional(),
  country: z
    .string()
    .regex(/^[A-Z][A-Z0-9]$/, "must be a country code of two characters")
    .exactOptional(),
  compliantDevice: z.boolean().exactOptional(),
  domainJoinedDevice: z.boolean().exactOptional(),
  signInRisk: z.enum(["none", "low", "medium", "high"]).exactOptional(),
} satisfies Members<PlaceSeed>);

export const placesSchema: z.ZodType<Record<string, PlaceSeed>> = z.record(
  z.union([z.ipv4(), z.ipv6()]),
  place,
);

/** Validates a seed that comes from outside the program. */
export const seedSchema: z.ZodType<Seed> = z.strictObject({
  tenants: z.array(tenant),
  accounts: z.array(account),
  faults: z.array(faultSchema).exactOptional(),
  secretDelaySeconds: z.number().nonnegative().exactOptional(),
  principalDelaySeconds: z.number().nonnegative().exactOptional(),
  tokenReplicas: z.int().positive().exactOptional(),
  places: placesSchema.exactOptional(),
} satisfies Members<Seed>);
