import { createHash } from "node:crypto";
import type { Account, ApiToken } from "../store/account";
import type { CloudflareCall, CloudflareOperation, CloudflareResponse } from "./call";
import { cloudflareNotServed, invalidApiToken } from "./errors";

/** Operations on tokens of an account, and the one that verifies a token of a user. */
export const tokenOperations: CloudflareOperation[] = [
  {
    call: "GET /tokens/permission_groups",
    permission: "tokens",
    query: ["name", "scope"],
    handle: listPermissionGroups,
  },
  { call: "GET /tokens/verify", permission: "any", handle: verifyAccountToken },
  {
    call: "GET /tokens/verify",
    permission: "user",
    handle: ({ account, token }) => describeValidToken(account, token),
  },
  { call: "GET /tokens/{token}", permission: "tokens", handle: showToken },
];

const ACCOUNT = "com.cloudflare.api.account";

/** Cloudflare's ids of the permissions that the twin checks, each for a whole account. */
const IDS: Record<string, string> = {
  "Access: Apps and Policies Read": "7ea222f6d5064cfa89ea366d7c1fee89",
  "Access: Apps and Policies Write": "1e13c5124ca64b72b1969a67e8829049",
  "Access: Audit Logs Read": "b05b28e839c54467a7d6cba5d3abb5a3",
  "Access: Organizations, Identity Providers, and Groups Read": "26bc23f853634eb4bff59983b9064fde",
  "Access: Organizations, Identity Providers, and Groups Write": "bfe0d8686a584fa680f4c53b5eb0de6d",
  "Account API Tokens Read": "eb56a6953c034b9d97dd838155666f06",
  "Account API Tokens Write": "5bc3f8b21c554832afc660159ab75fa4",
  "Account Settings Read": "c1fde68c7bcc44588cbb6ddbc16d6480",
  "Cloudflare Tunnel Read": "efea2ab8357b47888938f101ae5e053f",
  "Cloudflare Tunnel Write": "c07321b023e944ff818fec44d8203567",
  "Zero Trust Read": "3f376c8e6f764a938b848bd01c8995c4",
  "Zero Trust Write": "b33f02c6f7284e05a6f20741c0bb0567",
};

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/subresources/permission_groups/ */
function listPermissionGroups({ c }: CloudflareCall): CloudflareResponse {
  const { name, scope = ACCOUNT } = c.req.query();
  // Cloudflare has hundreds more, so an empty list would be wrong.
  if (name !== undefined && !Object.hasOwn(IDS, name)) throw cloudflareNotServed(c.req, `name ${name}`);
  if (scope !== ACCOUNT) throw cloudflareNotServed(c.req, `scope ${scope}`);
  const result = Object.entries(IDS)
    .filter(([known]) => name === undefined || name === known)
    .map(([name, id]) => ({ id, name, scopes: [ACCOUNT] }));
  return { status: 200, result };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/verify/ */
function verifyAccountToken({ account, token }: CloudflareCall): CloudflareResponse {
  if (token.user !== undefined) throw invalidApiToken();
  return describeValidToken(account, token);
}

function describeValidToken(account: Account, { name }: ApiToken): CloudflareResponse {
  const message = { code: 10000, message: "This API Token is valid and active", type: null };
  return { status: 200, result: { id: deriveTokenId(account, name), status: "active" }, messages: [message] };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/get/ */
function showToken({ c, account }: CloudflareCall): CloudflareResponse {
  const id = c.req.param("token");
  const token = account.tokens.find(
    ({ name, user }) => user === undefined && deriveTokenId(account, name) === id,
  );
  if (!token) throw cloudflareNotServed(c.req, "an unknown token");
  const { name, permissions } = token;
  const unknown = permissions.find((permission) => !Object.hasOwn(IDS, permission));
  if (unknown) throw cloudflareNotServed(c.req, `the id of ${unknown}`);
  const policy = {
    id: deriveTokenId(account, `policy of ${name}`),
    effect: "allow",
    resources: { [`${ACCOUNT}.${account.id}`]: "*" },
    permission_groups: permissions.map((permission) => ({ id: IDS[permission], name: permission })),
  };
  return { status: 200, result: { id, name, status: "active", policies: [policy] } };
}

/** Derives the id of a token from its name, so that it survives a reset. */
export function deriveTokenId(account: Account, name: string): string {
  return createHash("sha256").update(`${account.id}/${name}`).digest("hex").slice(0, 32);
}
