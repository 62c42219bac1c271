/** `cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization`: one GET, and no id of its own. */
import { block, flag, listOf, type Table, text } from "../properties";
import type { Invoked } from "../resource";
import { type Cloudflare, scopeOf } from "./api";
import { fromApi } from "./naming";

const answered: Table = {
  allowAuthenticateViaWarp: flag(),
  authDomain: text(),
  autoRedirectToIdentity: flag(),
  customPages: block({ forbidden: text(), identityDenied: text() }),
  denyUnmatchedRequests: flag(),
  denyUnmatchedRequestsExemptedZoneNames: listOf(text()),
  isUiReadOnly: flag(),
  loginDesign: block({
    backgroundColor: text(),
    footerText: text(),
    headerText: text(),
    logoPath: text(),
    textColor: text(),
  }),
  mfaRequiredForAllApps: flag(),
  name: text(),
  sessionDuration: text(),
  strictServiceTokenAuth: flag(),
  trustedAccounts: listOf(text()),
  uiReadOnlyToggleReason: text(),
  userSeatExpirationInactiveTime: text(),
  warpAuthSessionDuration: text(),
};

export const getZeroTrustOrganization: Invoked<Cloudflare> = {
  table: { accountId: text(), zoneId: text() },
  async invoke(cloudflare, args) {
    const answer = await cloudflare.call("GET", `${scopeOf(args)}/access/organizations`);
    return { ...args, ...fromApi(answered, answer) };
  },
};
