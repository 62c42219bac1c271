import * as pulumi from "@pulumi/pulumi";
import {
  Access as AccessComponent,
  type AccessArgs as AccessComponentArgs,
} from "../components/access/access";
import { mapValues } from "../components/map-values";
import { accessSchema } from "../config/access/access";
import { type AccessRulesConfig, listEntraGroups, OWN_IDENTITY_PROVIDER } from "../config/access/rules";
import { GUID_PATTERN } from "../config/values/fields";
import type { AccessRules } from "./access-rules";

export interface IdentityProviderReference {
  /** Id of the identity provider, e.g. the output identityProviderId of AccessIdentityProvider. */
  id: pulumi.Input<string>;
  /** Object ids of Entra groups by the display name in the rules; rules may name object ids directly. */
  entraGroups?: { [displayName: string]: pulumi.Input<string> };
  /** Whether it mails one-time PINs, default false; its groups may then name addresses and no domains. */
  oneTimePin?: boolean;
}

export interface AccessArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The access rules, which refer to each other by name. */
  rules: AccessRules;
  /** The identity provider that rules name "entra", which is that of groups and policies by default. */
  entra: IdentityProviderReference;
  /** Other identity providers by the name in the rules; default: none. */
  identityProviders?: { [name: string]: IdentityProviderReference };
}

/** Extended as any component, because the schema is read from the classes that extend that one directly. */
const Base = AccessComponent as unknown as new (
  name: string,
  args: AccessComponentArgs,
  opts?: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/** The access rules of a Cloudflare account: Access groups, policies and applications, and private networks. */
export class Access extends Base {
  /** Audience tags of the applications, by name. */
  declare readonly audiences: { [application: string]: pulumi.Output<string> };

  /** @throws RunError that lists every problem of the rules */
  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const rules = parseRules(name, args);
    const all = { ...args.identityProviders, [OWN_IDENTITY_PROVIDER]: args.entra };
    const identityProviders = mapValues(all, ({ id, entraGroups = {} }, key) => {
      const ids = listEntraGroups(rules, key).filter((reference) => GUID_PATTERN.test(reference));
      const groups = [
        ...ids.map((objectId) => [objectId, objectId] as const),
        ...Object.entries(entraGroups),
      ];
      return { id, entraGroups: new Map<string, pulumi.Input<string>>(groups) };
    });
    super(name, { accountId: args.accountId, rules, identityProviders }, opts);
  }
}

/** Returns "all" for its list: in other languages, a list cannot be a text as well. */
const unwrapAll = (value: unknown) => (Array.isArray(value) && value.join() === "all" ? "all" : value);

/** Checks the rules as those of a stack are checked, and fills in their defaults. */
function parseRules(name: string, { rules, identityProviders = {} }: AccessArgs): AccessRulesConfig {
  const result = accessSchema.safeParse({
    ...rules,
    applications: mapValues(rules.applications ?? {}, ({ cors, ...application }) => ({
      ...application,
      ...(cors && { cors: mapValues({ ...cors }, unwrapAll) }),
    })),
    identityProviders: mapValues(identityProviders, ({ oneTimePin = false, entraGroups }, key) => ({
      id: key, // a text for the checks; the id may not be known yet
      oneTimePin,
      ...(entraGroups && { tenantId: "00000000-0000-0000-0000-000000000000" }),
    })),
  });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const where = path.map(String).join(".");
    return `${path[0] === "identityProviders" ? where : `rules.${where}`} ${message}`;
  });
  throw new pulumi.RunError([`the arguments of Access "${name}" must be valid:`, ...problems].join("\n  "));
}
