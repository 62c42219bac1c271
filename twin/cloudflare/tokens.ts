import { createHash } from "node:crypto";
import type { Account } from "../store/account";
import type { Answer, Call, Operation } from "./call";
import { notServed } from "./errors";

/** The tokens of a seed are an account's; those of a user have calls of their own. */
export const tokenOperations: Operation[] = [
  {
    method: "GET",
    path: "/tokens/permission_groups",
    permission: "tokens",
    query: ["name", "scope"],
    handle: permissionGroups,
  },
  { method: "GET", path: "/tokens/verify", permission: "any", handle: verify },
  { method: "GET", path: "/tokens/:token", permission: "tokens", handle: details },
];

const ACCOUNT = "com.cloudflare.api.account";

/** Cloudflare's ids of the permissions that calls to the twin need, each for all of an account. */
const IDS: Record<string, string> = {
  "Access: Apps and Policies Read": "7ea222f6d5064cfa89ea366d7c1fee89",
  "Access: Apps and Policies Write": "1e13c5124ca64b72b1969a67e8829049",
  "Access: Audit Logs Read": "b05b28e839c54467a7d6cba5d3abb5a3",
  "Access: Organizations, Identity Providers, and Groups Read": "26bc23f853634eb4bff59983b9064fde",
  "Access: Organizations, Identity Providers, and Groups Write": "bfe0d8686a584fa680f4c53b5eb0de6d",
  "Account API Tokens Read": "eb56a6953c034b9d97dd838155666f06",
  "Account API Tokens Write": "5bc3f8b21c554832afc660159ab75fa4",
  "Cloudflare Tunnel Read": "efea2ab8357b47888938f101ae5e053f",
  "Cloudflare Tunnel Write": "c07321b023e944ff818fec44d8203567",
  "Zero Trust Read": "3f376c8e6f764a938b848bd01c8995c4",
  "Zero Trust Write": "b33f02c6f7284e05a6f20741c0bb0567",
};

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/subresources/permission_groups/ */
function permissionGroups({ c }: Call): Answer {
  const { name, scope = ACCOUNT } = c.req.query();
  // Cloudflare has hundreds: an empty list would say that there is none.
  if (name !== undefined && !Object.hasOwn(IDS, name)) throw notServed("GET", c.req.path, `name ${name}`);
  if (scope !== ACCOUNT) throw notServed("GET", c.req.path, `scope ${scope}`);
  const result = Object.entries(IDS)
    .filter(([known]) => name === undefined || name === known)
    .map(([name, id]) => ({ id, name, scopes: [ACCOUNT] }));
  return { status: 200, result };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/verify/ */
function verify({ c, account }: Call): Answer {
  return {
    status: 200,
    result: { id: idOf(account, String(c.get("caller"))), status: "active" },
    messages: [{ code: 10000, message: "This API Token is valid and active", type: null }],
  };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/get/ */
function details({ c, account }: Call): Answer {
  const id = c.req.param("token");
  const token = account.tokens.find(({ name }) => idOf(account, name) === id);
  if (!token) throw notServed("GET", c.req.path, "an unknown token");
  const { name, permissions } = token;
  const unknown = permissions.find((permission) => !Object.hasOwn(IDS, permission));
  if (unknown) throw notServed("GET", c.req.path, `the id of ${unknown}`);
  const policy = {
    id: idOf(account, `policy of ${name}`),
    effect: "allow",
    resources: { [`${ACCOUNT}.${account.id}`]: "*" },
    permission_groups: permissions.map((permission) => ({ id: IDS[permission], name: permission })),
  };
  return { status: 200, result: { id, name, status: "active", policies: [policy] } };
}

function idOf(account: Account, name: string): string {
  return createHash("sha256").update(`${account.id}/${name}`).digest("hex").slice(0, 32);
}
