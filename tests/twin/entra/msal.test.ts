import { readFileSync } from "node:fs";
import { ConfidentialClientApplication, type INetworkModule } from "@azure/msal-node";
import { Agent, fetch } from "undici";
import { contoso, contosoUsers } from "../../../twin/index";
import { REDIRECT_URI, SCOPES, useEntraFixture } from "./entra-fixture";

const { address, app, browser, codeOf, graph, twin } = useEntraFixture();
const { ada } = contosoUsers;
let agent: Agent;

beforeAll(() => {
  agent = new Agent({ connect: { ca: readFileSync(twin().caFile) } });
});
afterAll(() => agent.close());

/** Microsoft's client, which reaches the twin and nothing else. */
function msal(): ConfidentialClientApplication {
  const send = (method: string) => async (url: string, options?: { headers?: object; body?: string }) => {
    if (!url.startsWith(twin().microsoftUrl)) throw new Error(`asked ${url}`);
    const response = await fetch(url, {
      method,
      dispatcher: agent,
      headers: { ...(options?.headers as Record<string, string>) },
      ...(options?.body === undefined ? {} : { body: options.body }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: (await response.json()) as never,
    };
  };
  const networkClient: INetworkModule = {
    sendGetRequestAsync: send("GET"),
    sendPostRequestAsync: send("POST"),
  };
  return new ConfidentialClientApplication({
    auth: {
      clientId: app().appId,
      clientSecret: app().secret,
      authority: `${twin().microsoftUrl}/${contoso.tenantId}`,
      knownAuthorities: [new URL(twin().microsoftUrl).host],
    },
    system: { networkClient },
  });
}

test("gets a token for the application", async () => {
  const result = await msal().acquireTokenByClientCredential({ scopes: [`${twin().microsoftUrl}/.default`] });
  expect(result).toMatchObject({ tokenType: "Bearer", accessToken: expect.any(String) });
});

test("redeems a code, returns the user, and refreshes silently", async () => {
  const client = msal();
  await browser().go(address({ code_challenge: undefined, code_challenge_method: undefined }));
  const code = codeOf(await browser().signIn(ada));
  const scopes = SCOPES.split(" ");
  const result = await client.acquireTokenByCode({
    code,
    redirectUri: REDIRECT_URI,
    scopes,
    nonce: "some nonce",
  });
  expect(result).toMatchObject({
    scopes: expect.arrayContaining(["User.Read", "GroupMember.Read.All"]),
    tenantId: contoso.tenantId,
    uniqueId: ada.id,
    account: {
      username: ada.userPrincipalName,
      name: ada.displayName,
      homeAccountId: `${ada.id}.${contoso.tenantId}`,
    },
  });
  if (!result.account) throw new Error("no account");
  const again = await client.acquireTokenSilent({ account: result.account, scopes, forceRefresh: true });
  expect(again).toMatchObject({ fromCache: false, uniqueId: ada.id });
});

test("reports Entra's code for a wrong secret", async () => {
  await graph("POST", `/v1.0/applications/${app().id}/removePassword`, {
    keyId: (await graph("GET", `/v1.0/applications/${app().id}`)).body.passwordCredentials[0].keyId,
  });
  const failing = msal().acquireTokenByClientCredential({ scopes: [`${twin().microsoftUrl}/.default`] });
  await expect(failing).rejects.toMatchObject({ errorCode: "invalid_client", errorNo: 7000215 });
});
