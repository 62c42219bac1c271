import { readFileSync } from "node:fs";
import { ClientSecretCredential } from "@azure/identity";
import { Client as GraphClient } from "@microsoft/microsoft-graph-client";
import type {
  Application,
  OAuth2PermissionGrant,
  PasswordCredential,
  ServicePrincipal,
} from "@microsoft/microsoft-graph-types";
import { Agent, fetch as undiciFetch } from "undici";
import { contoso, startTwin, type Twin } from "../../../twin/index";

let twin: Twin;
let agent: Agent;

beforeAll(async () => {
  twin = await startTwin();
  agent = new Agent({ connect: { ca: readFileSync(twin.caFile) } });
});
afterAll(async () => {
  await agent.close();
  await twin.close();
});

test("lets Microsoft's client create an application, its secret and its consent", async () => {
  const credential = new ClientSecretCredential(
    contoso.tenantId,
    contoso.deployer.appId,
    contoso.deployer.secret,
    {
      authorityHost: twin.microsoftUrl,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: readFileSync(twin.caFile) },
    },
  );
  const own = globalThis.fetch;
  // The client has no way to bring a fetch of one's own, and the certificate authority is the twin's.
  globalThis.fetch = ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher: agent })) as typeof fetch;
  try {
    const graph = GraphClient.init({
      baseUrl: `${twin.microsoftUrl}/`,
      customHosts: new Set(["localhost"]),
      authProvider: async (done) =>
        done(null, (await credential.getToken(`${twin.microsoftUrl}/.default`)).token),
    });
    const application: Application = await graph.api("/applications").post({ displayName: "Access" });
    const principal: ServicePrincipal = await graph
      .api("/servicePrincipals")
      .post({ appId: application.appId });
    const secret: PasswordCredential = await graph
      .api(`/applications/${application.id}/addPassword`)
      .post({ passwordCredential: { displayName: "sdk" } });
    expect(secret.secretText?.slice(0, 3)).toBe(secret.hint);
    const found = await graph
      .api("/servicePrincipals")
      .filter("appId eq '00000003-0000-0000-c000-000000000000'")
      .get();
    const grant: OAuth2PermissionGrant = await graph.api("/oauth2PermissionGrants").post({
      clientId: principal.id,
      consentType: "AllPrincipals",
      resourceId: found.value[0].id,
      scope: "openid",
    });
    await graph.api(`/oauth2PermissionGrants/${grant.id}`).update({ scope: "openid email" });
    await graph.api(`/applications/${application.id}`).delete();
    await expect(graph.api(`/applications/${application.id}`).get()).rejects.toMatchObject({
      statusCode: 404,
      code: "Request_ResourceNotFound",
    });
  } finally {
    globalThis.fetch = own;
  }
});
