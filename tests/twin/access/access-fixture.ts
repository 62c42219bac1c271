import { contoso, contosoUsers } from "../../../twin/index";
import type { Browser, ShownPage } from "../entra/browser";
import { useEntraFixture } from "../entra/entra-fixture";

const { ada } = contosoUsers;

/** The tutorial's permissions, registered by the application and consented to by an administrator. */
const PERMISSIONS = {
  openid: "37f7f235-527c-4136-accd-4a02d197296e",
  email: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  profile: "14dad69e-099b-42c9-810b-d002981feec1",
  offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
  "Directory.Read.All": "06da0dbc-49e2-44d2-8312-53f166ab848a",
  "Group.Read.All": "5f8c59db-677d-491f-a6b8-5f174b11ec1d",
};

export type Permission = keyof typeof PERMISSIONS;

/** Builds the settings of an application that registers these permissions. */
export function registerPermissions(names = Object.keys(PERMISSIONS) as Permission[]) {
  return {
    requiredResourceAccess: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccess: names.map((name) => ({ id: PERMISSIONS[name], type: "Scope" })),
      },
    ],
  };
}

/** Sets up a twin before each test, with the tutorial's application in Entra and its identity provider in Access. */
export function useAccessFixture(options: Parameters<typeof useEntraFixture>[0] = {}) {
  const entra = useEntraFixture(options);
  let provider: { id: string } | undefined;
  beforeEach(async () => {
    provider = undefined;
    entra.use(
      await entra.make({ application: registerPermissions(), consent: Object.keys(PERMISSIONS).join(" ") }),
    );
    await connect();
  });

  const cloudflare = (...call: [method: string, path: string, body?: unknown]) =>
    entra.client().accessAs(contoso.accountId, contoso.tokens.deployer.value)(...call);

  /** Creates or replaces the identity provider for the application. */
  async function connect(config: object = {}): Promise<void> {
    const [method, path] = provider ? ["PUT", `/${provider?.id}`] : ["POST", ""];
    const { status, body } = await cloudflare(method as string, `/identity_providers${path}`, {
      name: "Entra ID",
      type: "azureAD",
      config: {
        client_id: entra.app().appId,
        client_secret: entra.app().secret,
        directory_id: contoso.tenantId,
        support_groups: true,
        pkce_enabled: true,
        ...config,
      },
    });
    if (status >= 300) throw new Error(JSON.stringify(body));
    provider = body.result;
  }

  /** Returns the local address of a page of the team domain. */
  const team = (path: string) =>
    entra.twin().browserUrlOf(`https://contoso.cloudflareaccess.com/cdn-cgi/access${path}`);

  /** Reads the account's access log, newest first. */
  async function log(query = "") {
    const { auditor } = contoso.tokens;
    const answer = await entra.client().accessAs(contoso.accountId, auditor.value)(
      "GET",
      `/logs/access_requests${query}`,
    );
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body.result as Record<string, unknown>[];
  }

  /** Creates or changes an object below `/accounts/{id}/access` as the account's administrator. */
  async function declare(path: string, body: object, method = "POST") {
    const { administrator, services } = contoso.tokens;
    const { value } = path.startsWith("/service_tokens") ? services : administrator;
    const call = entra.client().accessAs(contoso.accountId, value);
    const answer = await call(method, path, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body.result;
  }

  /** Protects a host with a policy with these settings. */
  async function protect(o: { host?: string; policy?: object; application?: object } = {}) {
    const { host = "wiki.contoso.test" } = o;
    const policy = await declare("/policies", {
      name: `for ${host}`,
      decision: "allow",
      include: [{ everyone: {} }],
      ...o.policy,
    });
    return declare("/apps", {
      type: "self_hosted",
      name: `Application ${host}`,
      domain: host,
      policies: [policy.id],
      ...o.application,
    });
  }

  return {
    ...entra,
    cloudflare,
    declare,
    protect,
    /** Returns the local address of a page of an application. */
    at: (address: string) => entra.twin().browserUrlOf(`https://${address}`),
    /** Follows the first link of the login page and signs in. */
    async signInFrom(shown: ShownPage, user: { id: string; password?: string } = ada): Promise<ShownPage> {
      const picker = await entra.browser().go(findFirstLink(shown));
      return picker.html.includes("Pick an account") ? entra.browser().signIn(user) : picker;
    },
    log,
    connect,
    provider: () => provider as { id: string },
    team,
    /** Opens the test page of the identity provider. */
    openTest: (browser: Browser = entra.browser()) => browser.go(team(`/test-idp/${provider?.id}`)),
    /** Tests the identity provider as a user. */
    async test(user: { id: string; password?: string } = ada): Promise<ShownPage> {
      await entra.browser().go(team(`/test-idp/${provider?.id}`));
      return entra.browser().signIn(user);
    },
  };
}

/** Parses the identity on a page. */
export function parseShownJson(shown: ShownPage): Record<string, unknown> {
  const text = /<pre[^>]*>(.*?)<\/pre>/s.exec(shown.html)?.[1] ?? "";
  return JSON.parse(text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&"));
}

/** Returns the address of the first link of a page. */
export function findFirstLink(shown: ShownPage): string {
  const link = /<a href="([^"]+)"/.exec(shown.html)?.[1];
  if (!link) throw new Error(`no link: ${shown.status} ${shown.html}`);
  return link.replaceAll("&amp;", "&");
}
