import fc from "fast-check";
import type { EntryNames } from "./entry-names";
import type { GeneratedSettingsTarget } from "./target";
import {
  countries,
  country,
  duration,
  email,
  emailDomain,
  emailDomains,
  emails,
  ipRange,
  ranges,
  record,
  type Settings,
  some,
  text,
} from "./values";

/** Generates access groups. */
export function generateGroups(target: GeneratedSettingsTarget, is: EntryNames) {
  const displayName = text(60);
  const onePlace = record({ countries: fc.tuple(country), ipRanges: fc.tuple(ipRange) });
  return fc.record({
    [is.people]: record(
      {
        displayName,
        include: record(
          { entraGroups: some(target.entraGroups), emails: emails(), emailDomains: emailDomains() },
          ["entraGroups"],
        ),
        require: record({
          countries: fc.tuple(country),
          ipRanges: fc.tuple(ipRange),
          emails: fc.tuple(email),
          emailDomains: fc.tuple(emailDomain),
          entraGroups: some(target.entraGroups),
          serviceTokens: fc.constant(target.serviceTokens),
          groups: fc.constant([is.places]),
        }),
        exclude: record({
          entraGroups: some(target.entraGroups),
          emails: emails(),
          emailDomains: emailDomains(),
          serviceTokens: fc.constant(target.serviceTokens),
          groups: fc.constant([is.theirs]),
        }),
      },
      ["include"],
    ),
    [is.theirs]: record(
      {
        displayName,
        identityProvider: fc.constant(is.tenant),
        include: record({ entraGroups: some(target.furtherTenant.entraGroups) }, ["entraGroups"]),
        require: onePlace,
      },
      ["include", "identityProvider"],
    ),
    [is.breakGlass]: record(
      { identityProvider: fc.constant(is.pin), include: record({ emails: emails() }, ["emails"]) },
      ["include", "identityProvider"],
    ),
    [is.everybody]: record({ include: fc.constant({ groups: [is.people, is.theirs] }) }, ["include"]),
    [is.places]: record(
      {
        displayName,
        include: record({ countries: countries(), ipRanges: ranges() }, ["countries"]),
        exclude: record({ countries: countries(), ipRanges: ranges() }),
      },
      ["include"],
    ),
    [is.services]: record({ include: fc.constant({ serviceTokens: target.serviceTokens }) }, ["include"]),
  });
}

/** Generates access policies. */
export function generatePolicies(is: EntryNames, isConditional: boolean) {
  const allow = (include: string) =>
    record(
      {
        displayName: text(60),
        decision: fc.constant("allow"),
        include: fc.constant([include]),
        require: fc.constantFrom([], [is.places]),
        exclude: fc.constantFrom<string[]>([], ...(include === is.people ? [[is.theirs]] : [])),
        sessionDuration: duration,
        mfa: fc.boolean(),
        justification: text(200),
        approval: fc.constantFrom(
          { approvers: ["Boss@contoso.example"] },
          { approvers: ["boss@contoso.example", "deputy@contoso.example"], needed: 2 },
        ),
        ...(isConditional &&
          [is.people, is.everybody].includes(include) && {
            authenticationContext: fc.constant({ id: "context", acId: "c1" }),
          }),
      },
      ["include"],
    );
  return fc.record({
    people: allow(is.people),
    theirs: allow(is.theirs),
    breakGlass: allow(is.breakGlass),
    everybody: allow(is.everybody),
    strangers: record({ decision: fc.constant("deny"), include: fc.constant([is.places]) }, [
      "decision",
      "include",
    ]),
    services: record({ decision: fc.constant("service_auth"), include: fc.constant([is.services]) }, [
      "decision",
      "include",
    ]),
    public: fc.constantFrom<Settings>(
      { decision: "bypass", include: [is.places], acknowledge: ["bypass"] },
      { decision: "bypass", everyone: true, acknowledge: ["bypass", "everyone"] },
    ),
    anybody: fc.constant({ everyone: true, acknowledge: ["everyone"] }),
  });
}
