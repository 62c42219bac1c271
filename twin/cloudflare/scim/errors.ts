import SCIMMY from "scimmy";

/** The error of SCIM. @param type one of the keywords of RFC 7644, section 3.12, for status 400 and 409 */
export const scimError = (status: number, message: string, type?: string) =>
  new SCIMMY.Types.Error(status, type as string, message);

/** The error for what the twin cannot judge, because nothing says what Cloudflare does. */
export const scimNotServed = (what: string) => scimError(501, `The twin does not serve ${what} in SCIM.`);
