import type { IdentityProvider, Person } from "./model";

/** The addresses by which Access may know a person after a sign-in; one that is certain, or several. */
export type Addresses = readonly string[] | "unknown";

/**
 * Lists the addresses that Access takes for a person: from the configured claim, else from `email`, else the user
 * principal name. Entra sends the claim `upn` only where the application asks for it, so both addresses are possible.
 *
 * https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/entra-id/#upn-and-email
 */
export function listAddresses(person: Person, { type, emailClaim = "email" }: IdentityProvider): Addresses {
  const { mail, signInName, isGuest } = person;
  const usual = mail ?? signInName;
  if (type === "onetimepin") return mail ? [mail.toLowerCase()] : [];
  const byClaim: Readonly<Record<string, readonly string[]>> = {
    email: [usual],
    upn: [signInName, usual],
    // Version 2.0 of the token has the address that a guest signs in with.
    preferred_username: [isGuest ? usual : signInName],
  };
  const addresses = Object.hasOwn(byClaim, emailClaim) ? byClaim[emailClaim] : undefined;
  if (!addresses) return "unknown";
  return [...new Set(addresses.map((address) => address.toLowerCase()))];
}

/** Returns what comes after the last `@`. */
export const getDomain = (address: string): string => address.slice(address.lastIndexOf("@") + 1);
