import { contoso, type PrincipalSeed, type Twin, type TwinOptions } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";
import { Browser, createPkce, type ShownPage } from "./browser";

export const REDIRECT_URI = "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback";
export const SCOPES = "openid profile email offline_access User.Read GroupMember.Read.All";
const GRAPH = "00000003-0000-0000-c000-000000000000";

/** An application like the stack's, with its secret. */
export interface TestApplication {
  id: string;
  appId: string;
  principalId: string;
  secret: string;
}

/** Sets up a twin for a test file, reset before each test, with a browser and an application. */
export function useEntraFixture(options: Pick<TwinOptions, "now" | "seed"> = {}) {
  let twin: Twin;
  let client: TwinClient;
  let browser: Browser;
  let graph: SendCall;
  let app: TestApplication;
  useTwin((ready) => {
    ({ twin, client } = ready);
  }, options);
  beforeEach(async () => {
    browser = new Browser(twin);
    graph = await client.graphAs(contoso.tenantId, contoso.administrator);
    app = await make({});
  });
  afterEach(() => browser.close());

  const post = async (path: string, body: unknown) => {
    const answer = await graph("POST", `/v1.0${path}`, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };

  /** Creates an application with service principal, secret and, unless null, consent for all users. */
  async function make(o: {
    application?: object;
    principal?: object;
    consent?: string | null;
    endDateTime?: string;
    /** The creating principal. Default: the administrator. */
    as?: PrincipalSeed;
  }) {
    if (o.as) graph = await client.graphAs(contoso.tenantId, o.as);
    const application = await post("/applications", {
      displayName: "Cloudflare Access",
      signInAudience: "AzureADMyOrg",
      web: { redirectUris: [REDIRECT_URI] },
      ...o.application,
    });
    const principal = await post("/servicePrincipals", { appId: application.appId, ...o.principal });
    const credential = o.endDateTime === undefined ? {} : { endDateTime: o.endDateTime };
    const { secretText } = await post(`/applications/${application.id}/addPassword`, {
      passwordCredential: { displayName: "test", ...credential },
    });
    if (o.consent !== null) {
      const found = await graph("GET", `/v1.0/servicePrincipals?$filter=appId eq '${GRAPH}'`);
      await post("/oauth2PermissionGrants", {
        clientId: principal.id,
        consentType: "AllPrincipals",
        resourceId: found.body.value[0].id,
        scope: o.consent ?? SCOPES,
      });
    }
    return { id: application.id, appId: application.appId, principalId: principal.id, secret: secretText };
  }

  const proof = createPkce();

  /** Returns the address of the sign-in page; undefined parameters are omitted. */
  function address(
    parameters: Record<string, string | undefined> = {},
    tenant: string = contoso.tenantId,
  ): string {
    const all = {
      client_id: app.appId,
      response_type: "code",
      redirect_uri: REDIRECT_URI,
      scope: SCOPES,
      state: "some state",
      nonce: "some nonce",
      code_challenge: proof.challenge,
      code_challenge_method: "S256",
      ...parameters,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return `/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams(given)}`;
  }

  /** Requests tokens; undefined fields are omitted. */
  function redeem(fields: Record<string, string | undefined>) {
    return client.token(contoso.tenantId, {
      grant_type: "authorization_code",
      client_id: app.appId,
      client_secret: app.secret,
      redirect_uri: REDIRECT_URI,
      code_verifier: proof.verifier,
      scope: undefined,
      ...fields,
    });
  }

  return {
    make,
    address,
    redeem,
    twin: () => twin,
    client: () => client,
    browser: () => browser,
    graph: (...call: Parameters<SendCall>) => graph(...call),
    app: () => app,
    use: (other: TestApplication) => {
      app = other;
    },
    /** Returns the code that the application received. */
    codeOf: (shown: ShownPage) => new URL(shown.url).searchParams.get("code") ?? fail(shown),
  };
}

function fail(shown: ShownPage): never {
  throw new Error(`no code: ${shown.status} ${shown.url} ${shown.html}`);
}

/** Parses the reply to an application. */
export function parseReply(shown: ShownPage): Record<string, string> {
  return Object.fromEntries(new URL(shown.url).searchParams);
}
