/** The descriptions of the settings in `conditionalAccess`. */
export const CONDITIONAL_ACCESS_DESCRIPTIONS = {
  emergencyAccounts:
    "object ids of accounts that no policy of the stack applies to, for the day on which nobody can meet one. Default: none",
  namedLocations: [
    "places by name, which policies refer to: see [conditional-access.md](conditional-access.md). Default: none",
    {
      displayName: "the name in Entra. Default: `<application>: <name>`",
      ranges: "addresses and ranges of the internet",
      trusted: "whether Entra trusts them; such a location counts as `trusted` in policies. Default: `false`",
      countries: "countries, by codes of ISO 3166-1, instead of ranges",
      unknownCountries: "whether addresses of no known country belong to it. Default: `false`",
    },
  ],
  policies: [
    "policies on the application by name: see [conditional-access.md](conditional-access.md). Default: none",
    {
      displayName: "the name in Entra. Default: `<application>: <name>`",
      state: "whether it is enforced; `reportOnly` only writes into the sign-in log what it would do",
      decideBy:
        "the last day of `reportOnly`, such as `2027-03-31`; required with it. A week before, previews warn; after it, the policy pack refuses",
      includeGroups: "object ids of the Entra groups that it applies to. Default: everybody",
      excludeGroups: "object ids of Entra groups that it does not apply to. Default: none",
      locations: {
        include: "where it applies: names of `namedLocations`, `all`, or `trusted`",
        exclude: "where it does not apply. Default: none",
      },
      signInRisk: "the risks of a sign-in to which it applies; needs Entra ID P2. Default: any",
      block: "whether it refuses the sign-in",
      require: "what a sign-in must have. Default: nothing",
      authenticationStrength:
        "how the second factor must be: `multifactor`, `passwordless`, `phishingResistant`, or the id of a strength of the tenant. Default: any",
      oneIsEnough: "whether one of the requirements is enough, instead of all",
      signInFrequency:
        "after what time people sign in again: `8h`, `7d` or `everyTime`. Default: the tenant's",
    },
  ],
} as const;
