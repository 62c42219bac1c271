import { findByPath, type GraphOperation, type WireObject } from "../call";
import { resourceNotFound } from "../errors";
import { formatCollection, formatEntity, getContextUrl, PAGING_OPTIONS } from "../query";

const TYPE = "policies/authenticationStrengthPolicies";

interface Strength {
  id: string;
  displayName: string;
  description: string;
  allowedCombinations: readonly string[];
}

const PHISHING_RESISTANT = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
const PASSWORDLESS = [...PHISHING_RESISTANT, "deviceBasedPush"];

/** The built-in strengths: https://learn.microsoft.com/graph/api/authenticationstrengthroot-list-policies */
const STRENGTHS: readonly Strength[] = [
  {
    id: "00000000-0000-0000-0000-000000000002",
    displayName: "Multifactor authentication",
    description: "Combinations of methods that satisfy strong authentication, such as a password + SMS",
    allowedCombinations: [
      ...PASSWORDLESS,
      "temporaryAccessPassOneTime",
      "temporaryAccessPassMultiUse",
      ...["microsoftAuthenticatorPush", "softwareOath", "hardwareOath"].map((one) => `password,${one}`),
      ...["x509CertificateSingleFactor", "x509CertificateMultiFactor", "sms", "voice"].map(
        (one) => `password,${one}`,
      ),
      "federatedMultiFactor",
      ...["microsoftAuthenticatorPush", "softwareOath", "hardwareOath", "sms", "voice"].map(
        (one) => `${one},federatedSingleFactor`,
      ),
    ],
  },
  {
    id: "00000000-0000-0000-0000-000000000003",
    displayName: "Passwordless MFA",
    description:
      "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator",
    allowedCombinations: PASSWORDLESS,
  },
  {
    id: "00000000-0000-0000-0000-000000000004",
    displayName: "Phishing resistant MFA",
    description:
      "Phishing resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key",
    allowedCombinations: PHISHING_RESISTANT,
  },
];

/** Finds an authentication strength; the twin has the built-in ones alone. */
export function findStrength(id: string | undefined): Strength | undefined {
  return STRENGTHS.find((strength) => strength.id === id);
}

export const authenticationStrengthOperations: GraphOperation[] = [
  {
    call: "GET /policies/authenticationStrengthPolicies",
    query: PAGING_OPTIONS,
    handle: (call) => {
      const wires = STRENGTHS.map((strength) => toStrengthWire(strength, getContextUrl(call, TYPE)));
      return formatCollection(call, TYPE, wires);
    },
  },
  {
    call: "GET /policies/authenticationStrengthPolicies/{id}",
    query: ["$select"],
    handle: (call) => {
      const all = new Map(STRENGTHS.map((strength) => [strength.id, strength]));
      const strength = findByPath(call, all, resourceNotFound("Authentication strength policy"));
      const wire = toStrengthWire(strength, getContextUrl(call, TYPE));
      return formatEntity(call, TYPE, wire);
    },
  },
];

/** https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy */
function toStrengthWire(strength: Strength, contextUrl: string): WireObject {
  const createdDateTime = "2021-12-01T00:00:00Z";
  return {
    ...strength,
    createdDateTime,
    modifiedDateTime: createdDateTime,
    policyType: "builtIn",
    requirementsSatisfied: "mfa",
    "combinationConfigurations@odata.context": `${contextUrl}('${strength.id}')/combinationConfigurations`,
    combinationConfigurations: [],
  };
}
