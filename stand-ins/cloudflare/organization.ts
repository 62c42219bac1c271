/** `cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization`: one GET, without an id. */

import type { FunctionDefinition } from "../bridge/resource";
import { block, boolean, listOf, string, type Table } from "../bridge/table/properties";
import { type CloudflareApi, getScopePath } from "./api";
import { fromApi } from "./naming";

const answerTable: Table = {
  allowAuthenticateViaWarp: boolean(),
  authDomain: string(),
  autoRedirectToIdentity: boolean(),
  customPages: block({ forbidden: string(), identityDenied: string() }),
  denyUnmatchedRequests: boolean(),
  denyUnmatchedRequestsExemptedZoneNames: listOf(string()),
  isUiReadOnly: boolean(),
  loginDesign: block({
    backgroundColor: string(),
    footerText: string(),
    headerText: string(),
    logoPath: string(),
    textColor: string(),
  }),
  mfaRequiredForAllApps: boolean(),
  name: string(),
  sessionDuration: string(),
  strictServiceTokenAuth: boolean(),
  trustedAccounts: listOf(string()),
  uiReadOnlyToggleReason: string(),
  userSeatExpirationInactiveTime: string(),
  warpAuthSessionDuration: string(),
};

export const getZeroTrustOrganization: FunctionDefinition<CloudflareApi> = {
  table: { accountId: string(), zoneId: string() },
  async invoke(cloudflare, args) {
    const answer = await cloudflare.call("GET", `${getScopePath(args)}/access/organizations`);
    return { ...args, ...fromApi(answerTable, answer) };
  },
};
