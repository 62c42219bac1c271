import { contoso, type Seed } from "../../../twin/index";
import type { Reply, SendCall, TwinClient } from "../client";
import {
  GRAPH,
  RECORDED_APPLICATION,
  RECORDED_CREDENTIALS,
  RECORDED_GROUP,
  RECORDED_IDENTITY_PROVIDER,
  RECORDED_POLICY,
  RECORDED_SERVICE_PRINCIPAL,
  TENANT,
} from "./bodies";
import { recordedAccess } from "./recorded-access";
import type { RecordedExchange, Recording, RecordingStart } from "./recordings";

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";

const principal = {
  appId: "d3b07384-d9a0-4c9b-8f3e-1c2d3e4f5a6b",
  displayName: "deployer",
  secret: "replayed-not-a-real-secret",
  permissions: [
    "Application.ReadWrite.All",
    "Directory.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Group.ReadWrite.All",
    "Policy.ReadWrite.ConditionalAccess",
    // Microsoft asks for these beside it.
    "Policy.Read.All",
    "Application.Read.All",
    "Synchronization.ReadWrite.All",
  ],
};

const account = { ...contoso.account, teamName: "team" };

/** The clouds as they were when the recordings began: who called, and what the caller was allowed. */
export const seed: Seed = {
  tenants: [
    { id: TENANT, displayName: "Contoso", domain: "contoso.onmicrosoft.com", principals: [principal] },
  ],
  accounts: [account],
};

/** Sends what a recording holds to the twin, with recorded ids replaced by the twin's. */
export class Replayer {
  private readonly ids = new Map<string, string>();
  private graph: SendCall = () => Promise.reject(new Error("not started"));
  private readonly access: SendCall;

  constructor(
    private readonly client: TwinClient,
    private readonly all: Recording[],
  ) {
    this.access = client.accessAs(ACCOUNT, contoso.tokens.administrator.value);
  }

  /** Empties the twin and makes the objects that the recording starts from. */
  async start(recording: Recording): Promise<void> {
    const { clientSecretInAnswers = "omitted" } = recording.start;
    this.client.twin.reset({ ...seed, accounts: [{ ...account, clientSecretInAnswers }] });
    this.ids.clear();
    this.graph = await this.client.graphAs(TENANT, principal);
    this.ids.set("{origin}", this.client.twin.microsoftUrl);
    this.ids.set("{secret}", principal.secret);
    this.ids.set("{graph}", await this.objectId(GRAPH));
    this.ids.set("{deployer}", await this.objectId(principal.appId));
    const before = this.all.find((other) => other.name === recording.start.after);
    for (const exchange of before?.exchanges ?? []) await this.send(exchange);
    await this.make(recording.start);
  }

  private async objectId(appId: string): Promise<string> {
    const { body } = await this.graph("GET", `/v1.0/servicePrincipals?$filter=appId eq '${appId}'`);
    return body.value[0].id;
  }

  private async make(start: RecordingStart): Promise<void> {
    const appIds = new Map<string, string>();
    for (const application of start.applications ?? []) {
      const wanted = this.map(RECORDED_APPLICATION(application.displayName));
      const { body } = await this.must(this.graph("POST", "/v1.0/applications", wanted));
      this.ids.set(application.id, body.id);
      if (application.appId) this.ids.set(application.appId, body.appId);
      appIds.set(application.id, body.appId);
      if (application.patch) {
        await this.must(this.graph("PATCH", `/v1.0/applications/${body.id}`, application.patch));
      }
      for (const keyId of application.keyIds ?? []) {
        const passwordCredential = { displayName: "cloudflare-access", endDateTime: "2099-01-01T00:00:00Z" };
        const made = await this.must(
          this.graph("POST", `/v1.0/applications/${body.id}/addPassword`, { passwordCredential }),
        );
        this.ids.set(keyId, made.body.keyId);
      }
    }
    for (const recorded of start.templates ?? []) await this.makeFromTemplate(recorded);
    for (const { id, appId, app } of start.servicePrincipals ?? []) {
      // A recording may know the service principal and not its application.
      if (appId && !this.ids.has(appId))
        await this.make({ applications: [{ id: `application of ${id}`, appId }] });
      const body = this.map({ ...RECORDED_SERVICE_PRINCIPAL, appId: appId ?? appIds.get(app ?? "") });
      const made = await this.must(this.graph("POST", "/v1.0/servicePrincipals", body));
      this.ids.set(id, made.body.id);
    }
    for (const { id, clientId } of start.grants ?? []) {
      const client = clientId ?? start.servicePrincipals?.[0]?.id;
      const body = {
        clientId: client,
        consentType: "AllPrincipals",
        resourceId: "{graph}",
        scope: "openid email",
      };
      const made = await this.must(this.graph("POST", "/v1.0/oauth2PermissionGrants", this.map(body)));
      this.ids.set(id, made.body.id);
    }
    for (const { id, displayName } of start.groups ?? []) {
      const body = this.map(RECORDED_GROUP(displayName));
      const made = await this.must(this.graph("POST", "/beta/groups", body));
      this.ids.set(id, made.body.id);
    }
    for (const { id, ...assigned } of start.appRoleAssignments ?? []) {
      const body = this.map({ ...assigned, appRoleId: "00000000-0000-0000-0000-000000000000" });
      const path = `/v1.0/servicePrincipals/${body.resourceId}/appRoleAssignedTo`;
      const made = await this.must(this.graph("POST", path, body));
      this.ids.set(id, made.body.id);
    }
    for (const { id, application } of start.conditionalAccessPolicies ?? []) {
      const body = this.map(RECORDED_POLICY(application));
      const made = await this.must(this.graph("POST", "/v1.0/identity/conditionalAccess/policies", body));
      this.ids.set(id, made.body.id);
    }
    for (const { id, name } of start.identityProviders ?? []) {
      const made = await this.must(
        this.access("POST", "/identity_providers", RECORDED_IDENTITY_PROVIDER(name)),
      );
      this.ids.set(id, made.body.result.id);
    }
    for (const { id, path, body } of recordedAccess(start)) {
      const made = await this.must(this.access("POST", path, this.map(body)));
      this.ids.set(id, made.body.result.id);
    }
  }

  private async makeFromTemplate(recorded: { application: string; servicePrincipal: string; job: string }) {
    const template = "/v1.0/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate";
    const { body } = await this.must(this.graph("POST", template, { displayName: "Cloudflare SCIM" }));
    this.ids.set(recorded.application, body.application.id);
    this.ids.set(recorded.servicePrincipal, body.servicePrincipal.id);
    const path = `/v1.0/servicePrincipals/${body.servicePrincipal.id}/synchronization`;
    await this.must(this.graph("PUT", `${path}/secrets`, RECORDED_CREDENTIALS));
    const job = await this.must(this.graph("POST", `${path}/jobs`, { templateId: "scim" }));
    await this.must(this.graph("POST", `${path}/jobs/${job.body.id}/start`));
    this.ids.set(recorded.job, job.body.id);
  }

  private async must(answer: Promise<Reply>): Promise<Reply> {
    const reply = await answer;
    if (reply.status >= 400) throw new Error(`cannot make the starting point: ${JSON.stringify(reply.body)}`);
    return reply;
  }

  /** Sends one recorded request and learns the ids that its answer brings. */
  async send(exchange: RecordedExchange): Promise<Reply> {
    const [method = "", path = ""] = exchange.call.split(" ");
    const target = this.text(path) + (exchange.query ? `?${encodeURI(this.text(exchange.query))}` : "");
    const reply = await this.deliver(method, target, exchange.body);
    for (const [property, recorded] of Object.entries(exchange.learn ?? {})) {
      const value = found(reply.body?.result ?? reply.body, property);
      if (value !== undefined) this.ids.set(recorded, value);
    }
    return reply;
  }

  private deliver(method: string, target: string, body: unknown): Promise<Reply> {
    if (typeof body === "string") {
      // The recorded form is encoded, and so is what goes into it.
      const encoded = body.replace("{origin}", encodeURIComponent(this.client.twin.microsoftUrl));
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return this.client.send(method, target, { body: this.text(encoded), headers });
    }
    const sent = body === undefined ? undefined : this.map(body);
    const access = `/client/v4/accounts/${ACCOUNT}/access`;
    if (target.startsWith(access)) return this.access(method, target.slice(access.length), sent);
    if (target.startsWith("/metadata")) return this.client.send(method, target);
    return this.graph(method, target, sent);
  }

  private map<T>(value: T): T {
    return JSON.parse(this.text(JSON.stringify(value))) as T;
  }

  private text(text: string): string {
    let mapped = text;
    for (const [recorded, own] of this.ids) mapped = mapped.replaceAll(recorded, own);
    return mapped;
  }
}

/** A key id made with the application lies in its list of passwords. */
function found(body: Record<string, unknown> | undefined, property: string): string | undefined {
  const passwords = body?.passwordCredentials as { keyId: string }[] | undefined;
  const path = property.split(".");
  const value =
    path.reduce<unknown>((object, name) => (object as Record<string, unknown>)?.[name], body) ??
    (property === "keyId" ? passwords?.[0]?.keyId : undefined);
  return typeof value === "string" ? value : undefined;
}
