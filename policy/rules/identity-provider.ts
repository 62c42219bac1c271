import { type CheckedResource, type Rule, read } from "../rule";
import { APPLICATION } from "./application";

const IDENTITY_PROVIDER = "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider";

const isEntra = ({ props }: CheckedResource) => read(props, "type") === "azureAD";

export const identityProviderRules: readonly Rule[] = [
  {
    name: "pkce",
    description: "The identity provider must use PKCE.",
    reason: "Without it, an attacker who intercepts a code can exchange it.",
    severity: "medium",
    types: [IDENTITY_PROVIDER],
    check(resource, report) {
      if (isEntra(resource) && read(resource.props, "config", "pkceEnabled") !== true)
        report("config.pkceEnabled must be true");
    },
  },
  {
    name: "support-groups",
    description: "The identity provider must load the groups of people.",
    reason:
      "Without it no rule by Entra group matches: allow rules admit nobody, and exclusions exclude nobody.",
    severity: "high",
    types: [IDENTITY_PROVIDER],
    check(resource, report) {
      if (isEntra(resource) && read(resource.props, "config", "supportGroups") !== true)
        report("config.supportGroups must be true");
    },
  },
  {
    name: "scim-deprovisioning",
    description: "SCIM must revoke the sessions of people who leave.",
    reason: "Otherwise a person who is disabled in Entra keeps the sessions that are open.",
    severity: "medium",
    types: [IDENTITY_PROVIDER],
    check({ props }, report) {
      if (
        read(props, "scimConfig", "enabled") === true &&
        read(props, "scimConfig", "userDeprovision") !== true
      )
        report("scimConfig.userDeprovision must be true where scimConfig.enabled is");
    },
  },
  {
    name: "protected-sign-in",
    description: "The identity provider and the application in Entra must be protected against deletion.",
    reason: "A new one has another id: every rule that names the old one, and every sign-in, breaks.",
    severity: "high",
    // A stack that is to be destroyed loses its protection first.
    level: "advisory",
    types: [IDENTITY_PROVIDER, APPLICATION],
    check({ protect }, report) {
      if (!protect) report("protect must be true");
    },
  },
];
