import type { User } from "@microsoft/microsoft-graph-types";
import { listInnerGroups } from "../../clients/entra/nested-groups";
import { listAllPages } from "../../clients/pages";
import { listFirst } from "../../terminal/list-first";
import { type Check, MissingObjectError } from "../check";
import type { VerifyContext } from "../context";

/** The most names that a report lists. */
const MAX_NAMES = 5;
const OFF = "SCIM is off";

/** Checks of the people whom Entra provisions to Cloudflare, if SCIM is on. */
export const PROVISIONING_CHECKS: readonly Check<VerifyContext>[] = [
  {
    id: "provisioned-people",
    subject: "people whom Cloudflare has as active",
    source:
      "Cloudflare: GET access/identity_providers/{id}/scim/users; Microsoft Graph: GET users, accountEnabled",
    advice:
      "Somebody who left keeps sessions and seat until Entra's next cycle, 40 minutes later at most. If it stays so, see the provisioning of the SCIM application in Entra: its job may be paused or in quarantine.",
    async run(context) {
      if (context.expected.identityProvider.enabled !== true) return { actual: OFF, expected: OFF };
      const provisioned = await listProvisioned(context);
      const expected = "in Entra and enabled";
      if (provisioned.length === 0)
        return {
          actual: "nobody is provisioned",
          expected,
          passed: "open",
          advice: "Connect an application in Entra with the output `scim`: see docs/provisioning.md.",
        };
      const enabled = await listEnabledNames(context);
      const left = provisioned.filter(
        ({ isActive, addresses }) =>
          isActive &&
          addresses.length > 0 &&
          !addresses.some((address) => enabled.has(address.toLowerCase())),
      );
      if (left.length === 0) return { actual: expected, expected };
      const names = left.map(({ addresses }) => String(addresses[0]));
      return {
        actual: `not in Entra, or disabled: ${listFirst(names, MAX_NAMES)}`,
        expected,
        details: { people: left.length },
      };
    },
  },
  {
    id: "nested-groups",
    subject: "groups of access rules with groups in them",
    source: "Microsoft Graph: GET groups/{id}/members",
    advice:
      "Entra provisions the direct members of a group only, so deprovisioning misses people in the inner group. Assign the inner group to the SCIM application too, or make its members direct: see docs/provisioning.md.",
    async run(context) {
      if (context.expected.identityProvider.enabled !== true) return { actual: OFF, expected: OFF };
      const nested: string[] = [];
      for (const [name, id] of Object.entries(context.expected.entraGroups))
        for (const inner of await listInnerGroups(await context.clouds.graph(), id))
          nested.push(`${inner.name} in ${name}`);
      if (nested.length === 0) return { actual: "none", expected: "none" };
      return { actual: listFirst(nested, MAX_NAMES), expected: "none", passed: "open" };
    },
  },
];

/** A person as SCIM provisioned them; Cloudflare does not show the user name. */
interface ProvisionedPerson {
  isActive: boolean;
  addresses: string[];
}

async function listProvisioned({ clouds, expected }: VerifyContext): Promise<ProvisionedPerson[]> {
  const { zeroTrust } = await clouds.cloudflare();
  const { identityProviderId, accountId } = expected;
  const people: ProvisionedPerson[] = [];
  const list = zeroTrust.identityProviders.scim.users.list(identityProviderId, { account_id: accountId });
  try {
    for await (const { active = true, emails = [] } of list)
      people.push({ isActive: active, addresses: emails.flatMap(({ value }) => value ?? []) });
  } catch (error) {
    if ((error as { status?: number }).status === 404)
      throw new MissingObjectError("there is no identity provider");
    throw error;
  }
  return people;
}

/** Lists the user principal names and mail addresses of enabled users, either of which SCIM may have as the address. */
async function listEnabledNames({ clouds }: VerifyContext): Promise<Set<string>> {
  const path = "/users?$select=userPrincipalName,mail,accountEnabled&$top=999";
  const users = await listAllPages<User>(await clouds.graph(), path);
  const names = users
    .filter(({ accountEnabled }) => accountEnabled)
    .flatMap(({ userPrincipalName, mail }) => [userPrincipalName, mail]);
  return new Set(names.flatMap((name) => (name ? [name.toLowerCase()] : [])));
}
