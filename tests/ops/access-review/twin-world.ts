import { createPopulation } from "../../../ops/access-review/decision/channel";
import type { AccessRules } from "../../../ops/access-review/decision/model";
import { AccountReview } from "../../../ops/access-review/decision/review";
import { readDirectory } from "../../../ops/access-review/sources/directory";
import { readEnforcedRules } from "../../../ops/access-review/sources/enforced-rules";
import { createCloudflareClient } from "../../../ops/clients/cloudflare";
import { createGraphClient } from "../../../ops/clients/entra/client";
import { decideAccess } from "../../../twin/access/policy/decide";
import { contoso, fabrikam, type Twin, type UserSeed } from "../../../twin/index";
import type { AccessApplication, AccessGroup, AccessPolicy } from "../../../twin/store/cloudflare/account";
import { parseShownJson, registerPermissions } from "../../twin/access/access-fixture";
import { type SendCall, TwinClient } from "../../twin/client";
import { Browser } from "../../twin/entra/browser";
import { REDIRECT_URI } from "../../twin/entra/entra-fixture";
import {
  createId,
  createSeed,
  type DirectoryDraft,
  PEOPLE,
  PIN,
  type RuleDraft,
  type RuleSetDraft,
  type RulesDraft,
  TOKEN,
} from "./world";

const SCOPES = "openid email profile offline_access User.Read Directory.Read.All Group.Read.All";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const ORGANIZATIONS = [contoso, fabrikam];
const at = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };

/** What rules and directory do not say. */
export interface Circumstances {
  ip: string;
  country: string;
  secondFactor: boolean;
  serviceToken: boolean;
  /** The person receives one-time PINs at their address. */
  pin: boolean;
}

/** A sign-in that ended at Access, as it describes the person. */
interface SignedIn {
  email: string;
  groups?: { id: string }[];
  idp: { id: string };
}

/** Directories and identity providers on the twin, with everybody's real sign-ins. */
export class TwinWorld {
  readonly client: TwinClient;
  /** Ids of the identity providers, in the order of PROVIDERS. */
  private providers: string[] = [];
  /** Sign-ins by person, through each identity provider that lets them in. */
  readonly signIns = new Map<string, SignedIn[]>();

  private identityProviders: AccessRules["providers"] = new Map();
  private population = createPopulation([]);

  constructor(readonly twin: Twin) {
    this.client = new TwinClient(twin);
  }

  /** Fills the twin and signs everybody in at every identity provider of their tenant. */
  async install(draft: DirectoryDraft): Promise<void> {
    this.twin.reset(createSeed(draft));
    this.signIns.clear();
    const [ours, theirs] = (await Promise.all(
      ORGANIZATIONS.map((of) => this.client.graphAs(of.tenantId, of.administrator)),
    )) as [SendCall, SendCall];
    const assigned = draft.assigned.map((index) => createId(index < PEOPLE ? 1 : 2, 0, index % PEOPLE));
    const upn = { optionalClaims: { idToken: [{ name: "upn", source: null, essential: false }] } };
    this.providers = [
      await this.connect(0, ours, { assigned }),
      await this.connect(0, ours, {
        application: draft.sendsUpn ? upn : {},
        config: { email_claim_name: "upn" },
      }),
      await this.connect(0, ours, { config: { support_groups: false } }),
      await this.connect(1, theirs, {}),
      (await this.cloudflare("POST", "/identity_providers", { name: "PIN", type: "onetimepin", config: {} }))
        .id,
    ];
    for (const [tenant, { users }] of draft.tenants.entries())
      for (const user of users) this.signIns.set(user.id, await this.signInEverywhere(tenant, user));
    await this.read();
  }

  private async connect(
    tenant: number,
    graph: SendCall,
    o: { application?: object; config?: object; assigned?: string[] },
  ): Promise<string> {
    const post = async (path: string, body: object) => {
      const answer = await graph("POST", `/v1.0${path}`, body);
      if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    };
    const { tenantId } = ORGANIZATIONS[tenant] ?? contoso;
    const application = await post("/applications", {
      displayName: "Cloudflare Access",
      signInAudience: "AzureADMyOrg",
      web: { redirectUris: [REDIRECT_URI] },
      ...registerPermissions(),
      ...o.application,
    });
    const principal = await post("/servicePrincipals", {
      appId: application.appId,
      ...(o.assigned && { appRoleAssignmentRequired: true }),
    });
    const { secretText } = await post(`/applications/${application.id}/addPassword`, {
      passwordCredential: { displayName: "test" },
    });
    const found = await graph("GET", `/v1.0/servicePrincipals?$filter=appId eq '${GRAPH}'`);
    const consent = { clientId: principal.id, consentType: "AllPrincipals", scope: SCOPES };
    await post("/oauth2PermissionGrants", { ...consent, resourceId: found.body.value[0].id });
    for (const principalId of o.assigned ?? [])
      await post(`/servicePrincipals/${principal.id}/appRoleAssignedTo`, {
        appRoleId: "00000000-0000-0000-0000-000000000000",
        resourceId: principal.id,
        principalId,
      });
    const { id } = await this.cloudflare("POST", "/identity_providers", {
      name: "Entra ID",
      type: "azureAD",
      config: {
        client_id: application.appId,
        client_secret: secretText,
        directory_id: tenantId,
        support_groups: true,
        ...o.config,
      },
    });
    return id;
  }

  private async cloudflare(method: string, path: string, body: object) {
    const { value } = contoso.tokens.administrator;
    const answer = await this.client.accessAs(contoso.accountId, value)(method, path, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body.result;
  }

  private async signInEverywhere(tenant: number, user: UserSeed): Promise<SignedIn[]> {
    const signIns: SignedIn[] = [];
    for (const id of tenant === 0 ? this.providers.slice(0, 3) : this.providers.slice(3, PIN)) {
      const browser = new Browser(this.twin);
      await browser.go(
        this.twin.browserUrlOf(`https://contoso.cloudflareaccess.com/cdn-cgi/access/test-idp/${id}`),
      );
      const shown = await browser.signIn(user);
      await browser.close();
      if (shown.html.includes("Your connection works")) signIns.push(parseShownJson(shown) as never);
      else if (!/AADSTS(50057|50105)/.test(shown.html)) throw new Error(shown.html);
    }
    if (user.mail !== undefined)
      signIns.push({ email: user.mail, idp: { id: this.providers[PIN] as string } });
    return signIns;
  }

  /** Prepares the review's and the twin's own answers for access rules. */
  declare(draft: RuleSetDraft) {
    const convert = ({ include, require, exclude }: RulesDraft) => {
      const each = (rules: RuleDraft[]) => rules.map((rule) => this.convertRule(rule));
      return { include: each(include), require: each(require), exclude: each(exclude) };
    };
    const groups = draft.groups.map((rules, index): AccessGroup => {
      const id = createId(3, 0, index);
      return { id, name: `group ${index}`, ...convert(rules), isDefault: false, ...at };
    });
    const policies: AccessPolicy[] = [];
    const applications = draft.applications.map(
      ({ providers, policies: drafts }, index): AccessApplication => {
        const links = drafts.map(({ decision, ...rules }, number) => {
          const id = createId(4, index, number);
          const settings = { sessionDuration: null, prompts: {}, ...at };
          policies.push({ id, name: `policy ${number}`, decision, ...convert(rules), ...settings });
          return { id, precedence: number + 1 };
        });
        const domain = `app${index}.contoso.test`;
        const allowedIdps = providers.map((provider) => this.providers[provider] as string);
        return {
          id: createId(5, 0, index),
          type: "self_hosted",
          name: domain,
          aud: "a",
          domain,
          uris: [domain],
          destinations: [],
          allowedIdps,
          autoRedirectToIdentity: false,
          sessionDuration: "24h",
          policies: links,
          tags: [],
          settings: {},
          ...at,
        };
      },
    );
    const byId = <T extends { id: string }>(all: T[]) => new Map(all.map((one) => [one.id, one]));
    const stored = { groups: byId(groups), policies: byId(policies), now: new Date(at.createdAt) };
    const rules: AccessRules = {
      accountId: contoso.accountId,
      applications: applications.map((application) => ({
        id: application.id,
        name: application.name,
        address: application.domain,
        allowedProviders: application.allowedIdps,
        policies: application.policies.map(({ id }) => ({
          ...(stored.policies.get(id) as AccessPolicy),
          prompts: [],
        })),
      })),
      groups: stored.groups,
      providers: this.identityProviders,
    };
    const review = new AccountReview({ rules, names: () => undefined }, this.population);
    /** Decides as the twin's Access does for a person who tries every identity provider that lets them in. */
    const decide = (index: number, personId: string, circumstances: Circumstances) => {
      const application = applications[index] as AccessApplication;
      const { ip, country, secondFactor, serviceToken, pin } = circumstances;
      const request = { ip, country, ...(serviceToken && { serviceTokenId: TOKEN }) };
      const ask = (requester: object) =>
        decideAccess({ application, ...stored, requester: { groups: [], ...request, ...requester } }).allowed;
      const isPin = ({ idp }: SignedIn) => idp.id === this.providers[PIN];
      const signIns = (this.signIns.get(personId) ?? []).filter((one) => pin || !isPin(one));
      return (
        ask({}) ||
        signIns.some((one) =>
          ask({
            email: one.email,
            groups: (one.groups ?? []).map(({ id }) => id),
            identityProviderId: one.idp.id,
            amr: secondFactor && !isPin(one) ? ["pwd", "mfa"] : ["pwd"],
          }),
        )
      );
    };
    return { review, decide };
  }

  /** Reads identity providers and directories as the command does. */
  private async read(): Promise<void> {
    const cloudflare = createCloudflareClient({
      baseUrl: this.twin.cloudflareUrl,
      apiToken: contoso.tokens.auditor.value,
    });
    const { providers } = await readEnforcedRules(cloudflare, contoso.accountId);
    const directories = ORGANIZATIONS.map(
      async ({ tenantId, auditor: { appId: clientId, secret: clientSecret } }, tenant) =>
        readDirectory(await createGraphClient({ ...this.twin, tenantId, clientId, clientSecret }), {
          tenantId,
          groupIds: Array.from({ length: 7 }, (_, index) => createId(2, tenant, index)),
          clientIds: [...providers.values()].flatMap((one) =>
            one.tenantId === tenantId && one.clientId ? [one.clientId] : [],
          ),
        }),
    );
    this.identityProviders = providers;
    this.population = createPopulation(await Promise.all(directories));
  }

  private convertRule(rule: RuleDraft): Record<string, Record<string, unknown>> {
    switch (rule.type) {
      case "everyone":
        return { everyone: {} };
      case "azureAD":
        return {
          azureAD: {
            id: createId(2, rule.tenant, rule.group),
            identity_provider_id: this.providers[rule.provider],
          },
        };
      case "email":
        return { email: { email: rule.address } };
      case "email_domain":
        return { email_domain: { domain: rule.domain } };
      case "login_method":
        return { login_method: { id: this.providers[rule.provider] } };
      case "auth_method":
        return { auth_method: { auth_method: "mfa" } };
      case "geo":
        return { geo: { country_code: rule.country } };
      case "ip":
        return { ip: { ip: rule.ip } };
      case "service_token":
        return { service_token: { token_id: TOKEN } };
      case "group":
        return { group: { id: createId(3, 0, rule.group) } };
    }
  }
}
