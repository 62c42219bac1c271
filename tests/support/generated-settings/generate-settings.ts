/** Generates settings of a stack that the config accepts, with every setting in all of its forms. */
import fc from "fast-check";
import { generateApplications } from "./applications";
import { type EntryNames, entryNames } from "./entry-names";
import { generateGroups, generatePolicies } from "./rules";
import { generateSignIn } from "./sign-in";
import type { GeneratedSettingsTarget } from "./target";
import { duration, optional, record, type Settings, some, text } from "./values";

function generateAccess(target: GeneratedSettingsTarget, is: EntryNames, isConditional: boolean) {
  const { entraGroups: _theirs, owners, people, groupIds, ...client } = target.furtherTenant;
  const tenant = generateSignIn({ owners, people, groupIds }, false).map((others) => ({
    owned: true,
    ...client,
    environment: "public",
    ...others,
  }));
  const route = { routes: "make", tunnelId: target.tunnelId };
  return record(
    {
      assignedOnly: fc.boolean(),
      identityProviders: fc.record({
        [is.pin]: record({ oneTimePin: fc.constant(true), owned: fc.constant(true), displayName: text(60) }, [
          "oneTimePin",
          "owned",
        ]),
        [is.existing]: fc.constant({ id: target.existingIdentityProvider }),
        [is.tenant]: fc.tuple(tenant, optional(text(60))).map(([one, displayName]) => ({
          ...one,
          ...(displayName !== undefined && { displayName: `Tenant ${displayName}` }),
        })),
      }),
      ownedEntraGroups: record({
        finance: record(
          {
            displayName: text(100).map((one) => `Access ${one}`),
            description: text(200),
            members: some(target.people),
          },
          ["displayName"],
        ),
        audit: fc.constant({ displayName: "Access Audit" }),
      }),
      groups: generateGroups(target, is),
      policies: generatePolicies(is, isConditional),
      virtualNetworks: record(
        {
          [is.datacenter]: record({ displayName: text(60).map((one) => `Network ${one}`) }, ["displayName"]),
        },
        [is.datacenter],
      ),
      privateRanges: fc.constant({
        [is.servers]: { virtualNetwork: is.datacenter, cidr: "10.20.0.0/16", ...route, precedence: 1000 },
        single: { virtualNetwork: is.datacenter, cidr: "FD00:20::7", ...route, precedence: 1002 },
      }),
      privateHostnames: fc.constant({
        [is.ledger]: { hostname: "Ledger.Corp.Contoso.Example", ...route, precedence: 1010 },
      }),
      applications: generateApplications(target, is),
      deviceEnrolment: record({ policies: fc.constant(["people", "theirs"]), sessionDuration: duration }, [
        "policies",
      ]),
    },
    [
      "identityProviders",
      "groups",
      "policies",
      "virtualNetworks",
      "privateRanges",
      "privateHostnames",
      "applications",
    ],
  );
}

/** Generates the settings of a stack, without its target: tenant, account and team. */
export function generateSettings(target: GeneratedSettingsTarget): fc.Arbitrary<Settings> {
  return fc.tuple(entryNames, generateSignIn(target, true)).chain(([is, own]) => {
    const { conditionalAccessEnabled } = (own.identityProvider ?? {}) as Settings;
    const access = generateAccess(target, is, conditionalAccessEnabled === true);
    return access.map((rules) => ({ ...own, access: rules }));
  });
}
