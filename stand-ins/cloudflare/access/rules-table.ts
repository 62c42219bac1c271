/** Rules of Access groups and policies. Source: typings of @pulumi/cloudflare 6.22.1 and terraform-provider-cloudflare 5. */
import {
  block,
  type Expectation,
  listOf,
  type Property,
  setOf,
  string,
  type Table,
} from "../../bridge/table/properties";
import { isRecord } from "../../bridge/values";

/** Rule types with their required settings. */
const SETTINGS: Record<string, string[]> = {
  anyValidServiceToken: [],
  authContext: ["acId", "id", "identityProviderId"],
  authMethod: ["authMethod"],
  azureAd: ["id", "identityProviderId"],
  certificate: [],
  commonName: ["commonName"],
  devicePosture: ["integrationUid"],
  email: ["email"],
  emailDomain: ["domain"],
  emailList: ["id"],
  everyone: [],
  externalEvaluation: ["evaluateUrl", "keysUrl"],
  geo: ["countryCode"],
  group: ["id"],
  gsuite: ["email", "identityProviderId"],
  ip: ["ip"],
  ipList: ["id"],
  linkedAppToken: ["appUid"],
  loginMethod: ["id"],
  oidc: ["claimName", "claimValue", "identityProviderId"],
  okta: ["identityProviderId", "name"],
  saml: ["attributeName", "attributeValue", "identityProviderId"],
  serviceToken: ["tokenId"],
};

/** Names that the API does not spell in snake case. */
const WIRE: Record<string, string> = { azureAd: "azureAD" };

const oneType: Expectation = (rule, key) => {
  const types = isRecord(rule) ? Object.keys(rule).length : 0;
  const place = key.replace(/\.(\d+)/g, "[$1]");
  return types <= 1
    ? undefined
    : `Invalid Attribute Value. Attribute ${place} must contain at most 1 elements, got: ${types}`;
};

const rule = block(
  {
    ...Object.fromEntries(
      Object.entries(SETTINGS).map(([type, settings]): [string, Property] => {
        const fields = settings.map((name): [string, Property] => [name, string({ required: true })]);
        const terraform = WIRE[type];
        return [type, block(Object.fromEntries(fields), terraform ? { terraform } : {})];
      }),
    ),
    cloudflareAccountMember: block({ accountId: string() }),
    githubOrganization: block(
      {
        identityProviderId: string({ required: true }),
        name: string({ required: true }),
        team: string(),
      },
      { terraform: "github-organization" },
    ),
    userRiskScore: block({
      userRiskScores: listOf(string(), { required: true, terraform: "user_risk_score" }),
    }),
  },
  { expect: oneType },
);

/** The rules of a group, which are lists, so their order matters; a policy's are sets. */
export const groupRulesTable: Table = {
  excludes: listOf(rule, { terraform: "exclude" }),
  includes: listOf(rule, {
    required: true,
    terraform: "include",
    description:
      "Rules evaluated with an OR logical operator. A user needs to meet only one of the Include rules.",
  }),
  requires: listOf(rule, { terraform: "require" }),
};

export const policyRulesTable: Table = {
  excludes: setOf(rule, { terraform: "exclude" }),
  includes: setOf(rule, { terraform: "include" }),
  requires: setOf(rule, { terraform: "require" }),
};
