import { readFileSync } from "node:fs";
import { Client, type Context, type Middleware } from "@microsoft/microsoft-graph-client";
import { Agent, fetch } from "undici";
import { UserError } from "../errors";

/** An application's own sign-in at a tenant (client credentials). */
export interface EntraSignIn {
  /** Host that says where sign-in and Microsoft Graph are: `"localhost:8443"`. */
  readonly metadataHost: string;
  /** PEM file of the certificate authority to trust; default: what Node.js trusts. */
  readonly caFile?: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Same call and version as the azuread provider. */
const METADATA = "/metadata/endpoints?api-version=2022-09-01";

/**
 * Microsoft's Graph client for a tenant, wherever its cloud is. Throws {@link UserError} with the AADSTS code when the
 * sign-in is refused.
 */
export async function graphClient(signIn: EntraSignIn): Promise<Client> {
  const dispatcher = new Agent(signIn.caFile ? { connect: { ca: readFileSync(signIn.caFile) } } : {});
  const metadata = await fetch(`https://${signIn.metadataHost}${METADATA}`, { dispatcher }).catch(
    (error: Error & { cause?: Error }) => {
      throw new UserError(
        `https://${signIn.metadataHost} is out of reach: ${error.cause?.message ?? error.message}`,
      );
    },
  );
  const cloud = (await metadata.json()) as {
    authentication: { loginEndpoint: string };
    microsoftGraphResourceId: string;
  };
  const graph = cloud.microsoftGraphResourceId.replace(/\/$/, "");
  const token = await signInAt(cloud.authentication.loginEndpoint, `${graph}/.default`, signIn, dispatcher);
  return Client.initWithMiddleware({
    baseUrl: graph,
    customHosts: new Set([new URL(graph).hostname]),
    middleware: new TrustingHttp(dispatcher, token),
  });
}

async function signInAt(
  login: string,
  scope: string,
  signIn: EntraSignIn,
  dispatcher: Agent,
): Promise<string> {
  const response = await fetch(`${login.replace(/\/$/, "")}/${signIn.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    dispatcher,
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: signIn.clientId,
      client_secret: signIn.clientSecret,
      scope,
    }),
  });
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (!answer.access_token)
    throw new UserError(
      `sign-in refused: ${answer.error_description?.split(/\s*Trace ID:/)[0] ?? response.status}`,
    );
  return answer.access_token;
}

/** The last link of the client's chain: Node's own fetch cannot be told which certificate authority to trust. */
class TrustingHttp implements Middleware {
  constructor(
    private readonly dispatcher: Agent,
    private readonly token: string,
  ) {}

  async execute(context: Context): Promise<void> {
    const url = typeof context.request === "string" ? context.request : context.request.url;
    const { method, body, headers } = context.options ?? {};
    context.response = (await fetch(url, {
      method: method ?? "GET",
      body: (body ?? null) as string | null,
      headers: { ...(headers as Record<string, string>), authorization: `Bearer ${this.token}` },
      dispatcher: this.dispatcher,
    })) as unknown as Response;
  }
}
