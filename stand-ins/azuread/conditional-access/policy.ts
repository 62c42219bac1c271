/** `azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy`: the calls of the real plugin, in its order. */

import type { ResourceType } from "../../bridge/resource";
import { block, boolean, integer, listOf, string, type Table } from "../../bridge/table/properties";
import type { GraphApi } from "../microsoft-graph/client";
import { expectNotEmpty, expectOneOf } from "../microsoft-graph/expectations";
import { withSummary } from "../microsoft-graph/identity";
import { createGraphResource } from "../microsoft-graph/resource";
import { buildPolicyBody, readPolicy } from "./policy-wire";

const PATH = "/identity/conditionalAccess/policies";
const unsupported = { unsupported: true };
const texts = (traits = {}) => listOf(string({ expect: expectNotEmpty }), traits);
const risks = listOf(string({ expect: expectOneOf("low", "medium", "high", "hidden", "none") }));

const table: Table = {
  displayName: string({ required: true, expect: expectNotEmpty }),
  state: string({
    required: true,
    expect: expectOneOf("disabled", "enabled", "enabledForReportingButNotEnforced"),
  }),
  conditions: block(
    {
      applications: block(
        {
          excludedApplications: texts(),
          includedApplications: texts(),
          includedUserActions: texts(),
        },
        { required: true },
      ),
      authenticationFlowTransferMethods: texts(unsupported),
      clientAppTypes: listOf(
        string({
          expect: expectOneOf(
            ...[
              "all",
              "browser",
              "easSupported",
              "exchangeActiveSync",
              "mobileAppsAndDesktopClients",
              "other",
            ],
          ),
        }),
        { required: true },
      ),
      clientApplications: block({}, unsupported),
      devices: block({}, unsupported),
      insiderRiskLevels: string({ computed: true, unsupported: true }),
      locations: block({ excludedLocations: texts(), includedLocations: texts({ required: true }) }),
      platforms: block({}, unsupported),
      servicePrincipalRiskLevels: risks,
      signInRiskLevels: risks,
      userRiskLevels: risks,
      users: block(
        {
          excludedGroups: texts(),
          excludedGuestsOrExternalUsers: listOf(block({}), unsupported),
          excludedRoles: texts(),
          excludedUsers: texts(),
          includedGroups: texts(),
          includedGuestsOrExternalUsers: listOf(block({}), unsupported),
          includedRoles: texts(),
          includedUsers: texts(),
        },
        { required: true },
      ),
    },
    { required: true },
  ),
  grantControls: block({
    authenticationStrengthPolicyId: string(),
    builtInControls: texts(),
    customAuthenticationFactors: texts(),
    operator: string({ required: true, expect: expectOneOf("AND", "OR") }),
    termsOfUses: texts({ terraform: "terms_of_use" }),
  }),
  objectId: string({ output: true }),
  sessionControls: block({
    applicationEnforcedRestrictionsEnabled: boolean(),
    cloudAppSecurityPolicy: string(),
    disableResilienceDefaults: boolean(),
    persistentBrowserMode: string({ expect: expectOneOf("always", "never") }),
    signInFrequency: integer(),
    signInFrequencyAuthenticationType: string({
      computed: true,
      expect: expectOneOf("primaryAndSecondaryAuthentication", "secondaryAuthentication"),
    }),
    signInFrequencyInterval: string({ computed: true, expect: expectOneOf("everyTime", "timeBased") }),
    signInFrequencyPeriod: string({ expect: expectOneOf("days", "hours") }),
  }),
};

const createdAndRead = createGraphResource({
  terraform: "azuread_conditional_access_policy",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":300000000000,"delete":300000000000,"read":300000000000,"update":900000000000},"schema_version":"1"}',
  importable: /^\/identity\/conditionalAccess\/policies\/[^/]+$/,
  table,

  validate(inputs, name) {
    if (inputs.grantControls !== undefined || inputs.sessionControls !== undefined) return [];
    const rule = 'one of `grant_controls,session_controls` must be specified. Examine values at "';
    return [`Missing required argument. "grant_controls": ${rule}${name}.grantControls".`];
  },

  async create(graph, inputs) {
    const created = await withSummary("Could not create conditional access policy", () =>
      graph.post(PATH, buildPolicyBody(inputs)),
    );
    const id = `${PATH}/${created.id}`;
    await graph.waitUntilStable(async () => (await graph.find(id)) !== undefined);
    return id;
  },

  async readBack(graph, id) {
    const found = await withSummary(`retrieving ${formatLabel(id)}`, () => graph.find(id));
    return found && readPolicy(found);
  },

  async delete(graph, id) {
    if (!(await graph.find(id))) return;
    await withSummary(`Deleting ${formatLabel(id)}`, () => graph.delete(id));
    await graph.waitUntilStable(async () => (await graph.find(id)) === undefined);
  },
});

export const conditionalAccessPolicyResource: ResourceType<GraphApi> = {
  ...createdAndRead,
  /** Does not read the policy afterwards, so that the state has what was planned. */
  async update(graph, id, { objectId }, inputs) {
    await withSummary(`Could not update conditional access policy with ID: "${id}"`, () =>
      graph.patch(id, buildPolicyBody(inputs)),
    );
    await graph.waitUntilStable(async () => {
      const found = await graph.find(id);
      return found?.displayName === inputs.displayName && found?.state === inputs.state;
    });
    return { ...inputs, id, objectId };
  },
};

const formatLabel = (id: string) =>
  `Identity Conditional Access Policy (Conditional Access Policy: "${id.split("/").at(-1)}")`;
