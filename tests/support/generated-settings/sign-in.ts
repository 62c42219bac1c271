import fc from "fast-check";
import { generateConditionalAccess } from "./conditional-access";
import type { GeneratedSettingsTarget } from "./target";
import { record, type Settings, text } from "./values";

/** Generates the settings of a tenant. @param isOwn true for the stack's own tenant, which has no name of its own */
export const generateSignIn = (
  { owners, ...directory }: Pick<GeneratedSettingsTarget, "owners" | "people" | "groupIds">,
  isOwn: boolean,
) =>
  fc.boolean().chain((isConditional) =>
    record(
      {
        application: fc.boolean().chain((emailClaim) =>
          record(
            {
              displayName: text(60),
              owners: fc.constant(owners),
              uniqueSuffix: fc.boolean(),
              emailClaim: fc.constant(emailClaim),
              homepageUrl: fc.constant("https://contoso.example/Home"),
              notes: text(200),
              serviceManagementReference: text(60),
              tags: fc.constantFrom(["webApp"], ["webApp", "asset 12"]),
              hidden: fc.boolean(),
            },
            ["emailClaim"],
          ),
        ),
        permissions: isConditional
          ? fc.constant({
              names: ["openid", "profile", "email", "User.Read", "Policy.Read.All"],
            })
          : fc.constantFrom({ profile: "tutorial" }, { profile: "cloudflare-current" }),
        credential: fc.constantFrom<Settings>(
          {},
          { description: "secret of Access", periodDays: 300, graceDays: 65, longestDays: 365, alertDays: 3 },
          { phaseHours: 5, rotation: 7, force: 7, compromised: 6 },
        ),
        identityProvider: record({
          ...(isOwn && { displayName: text(60) }),
          prompt: fc.constantFrom("login", "select_account", "none"),
          claims: fc.constant(["oid", "groups"]),
          emailClaimName: fc.constantFrom("preferred_username", "upn", "email", "mapped_by_the_tenant"),
          supportGroups: fc.constant(true),
          pkceEnabled: fc.boolean(),
          conditionalAccessEnabled: fc.constant(isConditional),
          scim: fc.constantFrom(
            { enabled: true },
            {
              enabled: true,
              userDeprovision: true,
              seatDeprovision: true,
              identityUpdateBehavior: "automatic",
            },
            { enabled: true, provisioning: "managed" },
            { enabled: false, identityUpdateBehavior: "reauth" },
          ),
        }),
        conditionalAccess: generateConditionalAccess(directory),
        ...(!isOwn && { assignedOnly: fc.boolean() }),
      },
      isConditional ? ["permissions"] : [],
    ),
  );
