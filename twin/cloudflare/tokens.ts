import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Account, ApiToken } from "../store/cloudflare/account";
import { hashSecret } from "../store/secrets";
import { formatTimestamp } from "../store/store";
import { validateBody } from "./body";
import {
  answerPage,
  type CloudflareCall,
  type CloudflareOperation,
  type CloudflareResponse,
  hasExpired,
  readJsonBody,
} from "./call";
import { CloudflareError, cloudflareNotServed, invalidApiToken } from "./errors";

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
  { call: "GET /tokens", permission: "tokens", query: ["page", "per_page"], handle: listTokens },
  { call: "POST /tokens", permission: "tokens", handle: createToken },
  { call: "PUT /tokens/{token}", permission: "tokens", handle: updateToken },
  { call: "PUT /tokens/{token}/value", permission: "tokens", handle: rollToken },
  { call: "DELETE /tokens/{token}", permission: "tokens", handle: deleteToken },
];

const ACCOUNT = "com.cloudflare.api.account";

/** Cloudflare's ids of the permissions that the twin checks, each for a whole account. */
const IDS: Record<string, string> = {
  "Access: Apps and Policies Read": "7ea222f6d5064cfa89ea366d7c1fee89",
  "Access: Apps and Policies Write": "1e13c5124ca64b72b1969a67e8829049",
  "Access: Audit Logs Read": "b05b28e839c54467a7d6cba5d3abb5a3",
  "Access: Organizations, Identity Providers, and Groups Read": "26bc23f853634eb4bff59983b9064fde",
  "Access: Organizations, Identity Providers, and Groups Write": "bfe0d8686a584fa680f4c53b5eb0de6d",
  "Access: Service Tokens Read": "91f7ce32fa614d73b7e1fc8f0e78582b",
  "Access: Service Tokens Write": "a1c0fec57cf94af79479a6d827fa518c",
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

function describeValidToken(account: Account, token: ApiToken): CloudflareResponse {
  const message = { code: 10000, message: "This API Token is valid and active", type: null };
  const { expiresOn } = token;
  const expires = expiresOn === undefined ? {} : { expires_on: expiresOn };
  return {
    status: 200,
    result: { id: getTokenId(account, token), status: "active", ...expires },
    messages: [message],
  };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/get/ */
function showToken(call: CloudflareCall): CloudflareResponse {
  return { status: 200, result: toWire(call, findToken(call)) };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/list/ */
function listTokens(call: CloudflareCall): CloudflareResponse {
  const own = call.account.tokens.filter(({ user }) => user === undefined);
  return answerPage(call, own, (token) => toWire(call, token));
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/create/ */
const tokenBody = z.strictObject({
  name: z.string().min(1).max(120),
  policies: z
    .array(
      z.strictObject({
        effect: z.literal("allow"),
        permission_groups: z.array(z.strictObject({ id: z.string() })).min(1),
        resources: z.record(z.string(), z.literal("*")),
      }),
    )
    .min(1),
  expires_on: z.iso.datetime().optional(),
});

async function createToken(call: CloudflareCall): Promise<CloudflareResponse> {
  const settings = await readTokenSettings(call);
  const value = createValue();
  const token: ApiToken = {
    ...settings,
    id: randomBytes(16).toString("hex"),
    hash: hashSecret(value),
    issuedOn: formatTimestamp(call.store.now()),
  };
  call.account.tokens.push(token);
  return { status: 200, result: { ...toWire(call, token), value } };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/update/ */
async function updateToken(call: CloudflareCall): Promise<CloudflareResponse> {
  const token = findToken(call);
  const { expiresOn: _, ...kept } = token;
  const settings = await readTokenSettings(call);
  const updated = { ...kept, id: getTokenId(call.account, token), ...settings };
  call.account.tokens.splice(call.account.tokens.indexOf(token), 1, updated);
  return { status: 200, result: toWire(call, updated) };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/subresources/value/methods/update/ */
function rollToken(call: CloudflareCall): CloudflareResponse {
  const value = createValue();
  findToken(call).hash = hashSecret(value);
  return { status: 200, result: value };
}

/** https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/methods/delete/ */
function deleteToken(call: CloudflareCall): CloudflareResponse {
  const token = findToken(call);
  call.account.tokens.splice(call.account.tokens.indexOf(token), 1);
  return { status: 200, result: { id: getTokenId(call.account, token) } };
}

/** Reads the settings of a token. A caller can't grant what Cloudflare doesn't have, and here only for the whole account. */
async function readTokenSettings(
  call: CloudflareCall,
): Promise<Pick<ApiToken, "name" | "permissions" | "expiresOn">> {
  const body = validateBody(call, tokenBody, await readJsonBody(call), undefined, invalidToken);
  const names = new Map(Object.entries(IDS).map(([name, id]) => [id, name]));
  const permissions = body.policies.flatMap(({ permission_groups, resources }) => {
    if (Object.keys(resources).join() !== `${ACCOUNT}.${call.account.id}`)
      throw cloudflareNotServed(call.c.req, `resources ${Object.keys(resources)}`);
    return permission_groups.map(({ id }) => {
      const name = names.get(id);
      if (name === undefined) throw cloudflareNotServed(call.c.req, `permission group ${id}`);
      return name;
    });
  });
  const { name, expires_on: expiresOn } = body;
  if (expiresOn !== undefined && Date.parse(expiresOn) <= call.store.now().getTime())
    throw invalidToken("expires_on: must be in the future");
  return { name, permissions, ...(expiresOn === undefined ? {} : { expiresOn }) };
}

/** A guess: Cloudflare documents no code for the bodies of tokens. */
const invalidToken = (why: string) => new CloudflareError(400, 1001, `Invalid request: ${why}`);

/** Creates a value in the form of tokens of an account, without a valid checksum. */
const createValue = () => `cfat_${randomBytes(24).toString("hex")}`;

function findToken({ c, account }: CloudflareCall): ApiToken {
  const id = c.req.param("token");
  const token = account.tokens.find((one) => one.user === undefined && getTokenId(account, one) === id);
  if (!token) throw cloudflareNotServed(c.req, "an unknown token");
  return token;
}

function toWire({ c, account, store }: CloudflareCall, token: ApiToken): Record<string, unknown> {
  const { name, permissions, expiresOn, issuedOn } = token;
  const unknown = permissions.find((permission) => !Object.hasOwn(IDS, permission));
  if (unknown) throw cloudflareNotServed(c.req, `the id of ${unknown}`);
  const policy = {
    id: deriveTokenId(account, `policy of ${name}`),
    effect: "allow",
    resources: { [`${ACCOUNT}.${account.id}`]: "*" },
    permission_groups: permissions.map((permission) => ({ id: IDS[permission], name: permission })),
  };
  return {
    id: getTokenId(account, token),
    name,
    status: hasExpired(token, store) ? "expired" : "active",
    policies: [policy],
    ...(expiresOn === undefined ? {} : { expires_on: expiresOn }),
    ...(issuedOn === undefined ? {} : { issued_on: issuedOn }),
  };
}

const getTokenId = (account: Account, { id, name }: ApiToken) => id ?? deriveTokenId(account, name);

/** Derives the id of a token from its name, so that it survives a reset. */
export function deriveTokenId(account: Account, name: string): string {
  return createHash("sha256").update(`${account.id}/${name}`).digest("hex").slice(0, 32);
}
