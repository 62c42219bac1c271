/** The users of a Cloudflare account, and the people and groups that identity providers provisioned to it. */

import type { StoredObject } from "./networks";

/** A SCIM User or Group, with its attributes as SCIM names them. */
export interface ScimResource extends StoredObject {
  identityProviderId: string;
  attributes: ScimAttributes;
}

export interface ScimAttributes {
  externalId?: string;
  userName?: string;
  displayName?: string;
  active?: boolean;
  emails?: { value?: string; type?: string; primary?: boolean }[];
  members?: { value: string }[];
  [attribute: string]: unknown;
}

/** A user of the account: somebody who has signed in. */
export interface AccessUser extends StoredObject {
  email: string;
  name: string;
  seatId: string;
  /** Whether the user takes a seat of the subscription. */
  hasSeat: boolean;
  /** How often the sessions of the user were revoked: a session of an earlier count has ended. */
  revocations: number;
  /** The identity at the last sign-in, with the updates by SCIM since. */
  lastSeenIdentity: Record<string, unknown>;
  lastLoginAt: string;
}
