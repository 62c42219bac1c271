import type { Context, Hono } from "hono";
import SCIMMY from "scimmy";
import { parseRealHost } from "../../http/names";
import type { TwinEnv } from "../../http/requests";
import { createServiceApp, type Route } from "../../http/routes";
import type { Account, EntraProvider } from "../../store/cloudflare/account";
import { matchesSecretHash } from "../../store/secrets";
import type { Store } from "../../store/store";
import { scimError, scimNotServed } from "./errors";
import { BASE, RESOURCES, type ScimCall, type ScimKind } from "./resources";

/** A call below the SCIM address of an identity provider. */
type ScimRoute = Route<[c: Context<TwinEnv>, call: ScimCall], ScimAnswer | Promise<ScimAnswer>>;

interface ScimAnswer {
  status: 200 | 201 | 204;
  body?: object | undefined;
}

const ROUTES: ScimRoute[] = [
  {
    call: "GET /ServiceProviderConfig",
    handle: () => describe(new SCIMMY.Resources.ServiceProviderConfig()),
  },
  { call: "GET /ResourceTypes", handle: () => describe(new SCIMMY.Resources.ResourceType()) },
  {
    call: "GET /ResourceTypes/{id}",
    handle: (c) => describe(new SCIMMY.Resources.ResourceType(c.req.param("id"))),
  },
  { call: "GET /Schemas", handle: () => describe(new SCIMMY.Resources.Schema()) },
  { call: "GET /Schemas/{id}", handle: (c) => describe(new SCIMMY.Resources.Schema(c.req.param("id"))) },
  ...createRoutes("Users"),
  ...createRoutes("Groups"),
];

const describe = async (resource: { read(): Promise<object> }): Promise<ScimAnswer> => ({
  status: 200,
  body: await resource.read(),
});

/** Endpoints that describe the service. */
const DESCRIPTIONS = ["ServiceProviderConfig", "ResourceTypes", "Schemas"];
/** Other endpoints of the standard, of which the twin serves what Entra calls. */
const STANDARD = ["Users", "Groups", "Me", "Bulk", ".search"];

const PARAMETERS = ["filter", "attributes", "excludedAttributes"];

function createRoutes(kind: ScimKind): ScimRoute[] {
  const Resource = RESOURCES[kind];
  const one = `/${kind}/{id}`;
  const getId = (c: Context<TwinEnv>) => c.req.param("id") ?? "";
  return [
    {
      call: `GET /${kind}`,
      handle: async (c, call) => ({
        status: 200,
        body: await new Resource(undefined, readQuery(c)).read(call),
      }),
    },
    {
      call: `POST /${kind}`,
      async handle(c, call) {
        const body = (await new Resource(undefined, readQuery(c)).write(
          await readResource(c, kind),
          call,
        )) as object;
        return { status: 201, body };
      },
    },
    {
      call: `GET ${one}`,
      async handle(c, call) {
        const body: { schemas?: string[] } = await new Resource(getId(c), readQuery(c)).read(call);
        // Returned always, also where SCIMMY selects attributes.
        return { status: 200, body: { ...body, schemas: body.schemas ?? [Resource.schema.definition.id] } };
      },
    },
    {
      call: `PUT ${one}`,
      async handle(c, call) {
        const resource = new Resource(getId(c), readQuery(c));
        await resource.read(call);
        return { status: 200, body: (await resource.write(await readResource(c, kind), call)) as object };
      },
    },
    {
      call: `PATCH ${one}`,
      async handle(c, call) {
        const patched = await new Resource(getId(c), readQuery(c)).patch((await readPatch(c)) as never, call);
        return patched ? { status: 200, body: patched } : { status: 204 };
      },
    },
    {
      call: `DELETE ${one}`,
      async handle(c, call) {
        await new Resource(getId(c)).dispose(call);
        return { status: 204 };
      },
    },
  ];
}

/**
 * Creates the app for provisioning: one SCIM 2.0 endpoint per Entra identity provider, below its team domain. SCIMMY
 * judges requests by the protocol (RFC 7643, RFC 7644).
 *
 * https://developers.cloudflare.com/cloudflare-one/team-and-resources/users/scim/
 */
export function createScimApp(store: Store): Hono<TwinEnv> {
  return createServiceApp<ScimRoute>({
    routes: ROUTES,
    getBasePath: () => "/populations/{provider}/scim/v2",
    async serve(c, route) {
      const { account, provider } = authorize(c, store);
      c.set("caller", `SCIM of ${provider.name}`);
      const { status, body } = await route.handle(c, { account, provider, now: store.now().toISOString() });
      if (!body) return c.body(null, status);
      const base = `https://${account.organization.authDomain}/populations/${provider.id}/scim/v2`;
      return respond(c, status, JSON.stringify(body).replaceAll(BASE, base));
    },
    refuse(c) {
      const [, endpoint = ""] = /\/scim\/v2\/([^/]*)/.exec(c.req.path) ?? [];
      if (DESCRIPTIONS.includes(endpoint)) throw scimError(405, `${endpoint} can only be read`);
      if (!STANDARD.includes(endpoint)) throw scimError(404, `Endpoint ${endpoint} not found`);
      throw scimNotServed(`${c.req.method} ${c.req.path}`);
    },
    formatError(error, c) {
      const refusal = error instanceof SCIMMY.Types.Error ? error : undefined;
      return refusal && respond(c, refusal.status, JSON.stringify(toErrorBody(refusal)));
    },
  });
}

/** Builds the body of an error; SCIMMY's own message knows fewer status codes. */
const toErrorBody = ({ status, scimType, message }: InstanceType<typeof SCIMMY.Types.Error>) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
  status: String(status),
  ...(scimType && { scimType }),
  detail: message,
});

const respond = (c: Context<TwinEnv>, status: number, body: string) =>
  c.body(body, status as 200, { "content-type": "application/scim+json; charset=utf-8" });

/**
 * Finds the identity provider of the path, by its token.
 *
 * @throws SCIM error 401, also for a provider that does not exist or has SCIM off: which ones Cloudflare answers
 * otherwise is not documented
 */
function authorize(c: Context<TwinEnv>, store: Store): { account: Account; provider: EntraProvider } {
  const token = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "")?.[1];
  const host = parseRealHost(new URL(c.req.url).hostname);
  for (const account of store.accounts.values()) {
    const provider = account.identityProviders.get(c.req.param("provider") ?? "");
    if (!token || host !== account.organization.authDomain) continue;
    if (provider?.type !== "azureAD" || !provider.scim.enabled || !provider.scim.secretHash) continue;
    if (matchesSecretHash(provider.scim.secretHash, token)) return { account, provider };
  }
  throw scimError(401, "Authentication error");
}

/** @throws SCIM error 501 for parameters that Entra does not send, such as those for pages */
function readQuery(c: Context<TwinEnv>): Record<string, string> {
  const query = c.req.query();
  for (const name of Object.keys(query))
    if (!PARAMETERS.includes(name)) throw scimNotServed(`the parameter ${name}`);
  return query;
}

/** Reads a User or Group. @throws SCIM error 400 for a body without schemas, 501 for attributes outside them */
async function readResource(c: Context<TwinEnv>, kind: ScimKind): Promise<never> {
  const body = await readJson(c);
  const { schema } = RESOURCES[kind];
  if (!Array.isArray(body.schemas) || !body.schemas.includes(schema.definition.id))
    throw scimError(400, `schemas must include ${schema.definition.id}`, "invalidSyntax");
  const known = schema.definition.attributes.map(({ name }) => name);
  for (const name of Object.keys(body))
    if (!known.includes(name) && !name.startsWith("urn:")) throw scimNotServed(`the attribute ${name}`);
  return body as never;
}

/**
 * Reads a PatchOp. Entra sends the truth of `active` as text, unless it is told to follow the standard:
 * https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-config-problem-scim-compatibility
 */
async function readPatch(c: Context<TwinEnv>): Promise<object> {
  const body = await readJson(c);
  if (!Array.isArray(body.Operations)) return body;
  return { ...body, Operations: body.Operations.map(readBoolean) };
}

function readBoolean(operation: { path?: unknown; value?: unknown }): object {
  const text = operation.path === "active" ? String(operation.value).toLowerCase() : "";
  return ["true", "false"].includes(text) ? { ...operation, value: text === "true" } : operation;
}

async function readJson(c: Context<TwinEnv>): Promise<Record<string, unknown>> {
  if (!/^application\/(scim\+)?json\b/i.test(c.req.header("content-type") ?? ""))
    throw scimError(415, "Content-Type must be application/scim+json");
  try {
    const body: unknown = JSON.parse(await c.req.text());
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  } catch {
    // Refused below.
  }
  throw scimError(400, "The body must be a JSON object", "invalidSyntax");
}
