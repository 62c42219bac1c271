import { contoso, devSeed } from "../../../twin/index";
import { useAccessFixture } from "../access/access-fixture";

const ADMINISTRATOR = {
  ...contoso.administrator,
  permissions: [...contoso.administrator.permissions, "User.ReadWrite.All", "Synchronization.ReadWrite.All"],
};
const USERS = {
  name: "users",
  value: "users_not_a_real_token_0000000000000000000000",
  permissions: ["Access: Users Read"],
};
/** The dev seed, with an administrator who may change users and provisioning, and a token that reads users. */
export const PROVISIONING_SEED = {
  tenants: devSeed.tenants.map((tenant) =>
    tenant.id === contoso.tenantId
      ? {
          ...tenant,
          principals: tenant.principals.map((one) =>
            one.appId === ADMINISTRATOR.appId ? ADMINISTRATOR : one,
          ),
        }
      : tenant,
  ),
  accounts: devSeed.accounts.map((account) =>
    account.id === contoso.accountId ? { ...account, tokens: [...account.tokens, USERS] } : account,
  ),
};
/** The app role "User" of applications from the template. */
const USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f";
const CUSTOM = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";

/** Sets up a twin whose Entra provisions to its Cloudflare, as Cloudflare's tutorial says. */
export function useProvisioningFixture() {
  const fixture = useAccessFixture({ seed: PROVISIONING_SEED });
  let path = "";
  let principalId = "";
  let baseUrl = "";
  let secret = "";
  const graph = async (method: string, below: string, body?: unknown) => {
    const call = await fixture.client().graphAs(contoso.tenantId, ADMINISTRATOR);
    const answer = await call(method, `/v1.0${below}`, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  const setSecrets = (...pairs: [key: string, value: string][]) =>
    graph("PUT", `/servicePrincipals/${principalId}/synchronization/secrets`, {
      value: pairs.map(([key, value]) => ({ key, value })),
    });

  /** Turns SCIM on with these settings, and connects a separate application with it. */
  async function connect(scim: object = {}): Promise<void> {
    const provider = `/identity_providers/${fixture.provider().id}`;
    const { name, type, config } = (await fixture.cloudflare("GET", provider)).body.result;
    const scim_config = { enabled: true, user_deprovision: true, seat_deprovision: true, ...scim };
    const changed = await fixture.cloudflare("PUT", provider, { name, type, config, scim_config });
    const created = await graph("POST", `/applicationTemplates/${CUSTOM}/instantiate`, {
      displayName: "SCIM",
    });
    principalId = created.servicePrincipal.id;
    ({ scim_base_url: baseUrl, secret } = changed.body.result.scim_config);
    await setSecrets(["BaseAddress", baseUrl], ["SecretToken", secret]);
    const { id } = await graph("POST", `/servicePrincipals/${principalId}/synchronization/jobs`, {
      templateId: "scim",
    });
    path = `/servicePrincipals/${principalId}/synchronization/jobs/${id}`;
  }

  return {
    ...fixture,
    graph,
    connect,
    setSecrets,
    credentials: () => ({ baseUrl, secret }),
    principalId: () => principalId,
    job: () => graph("GET", path),
    jobPath: () => path,
    /** Assigns users and groups, and returns the ids of the assignments. */
    async assign(...ids: string[]): Promise<string[]> {
      const made: string[] = [];
      for (const id of ids) {
        const body = {
          principalId: id,
          resourceId: principalId,
          appRoleId: USER_ROLE,
        };
        made.push((await graph("POST", `/servicePrincipals/${principalId}/appRoleAssignedTo`, body)).id);
      }
      return made;
    },
    unassign: (id: string) => graph("DELETE", `/servicePrincipals/${principalId}/appRoleAssignedTo/${id}`),
    async start(): Promise<void> {
      await graph("POST", `${path}/start`);
      await fixture.twin().runProvisioning();
    },
    /** Moves the clock to the next cycle, which runs. */
    async cycle(minutes = 40): Promise<void> {
      fixture.twin().clock.advance(minutes * 60);
      await fixture.twin().runProvisioning();
    },
    async listProvisioned(kind: "users" | "groups") {
      const { body } = await fixture.cloudflare(
        "GET",
        `/identity_providers/${fixture.provider().id}/scim/${kind}`,
      );
      return body.result as Record<string, unknown>[];
    },
    /** Lists who has signed in, and if they take a seat. */
    async seats(): Promise<[email: unknown, hasSeat: unknown][]> {
      const { body } = await fixture.client().accessAs(contoso.accountId, USERS.value)("GET", "/users");
      return body.result.map((user: Record<string, unknown>) => [user.email, user.access_seat]);
    },
  };
}
