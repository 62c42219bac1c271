import { contoso } from "../../../twin/index";
import { azuread } from "../../../twin/providers/azuread/package";
import type { Graph } from "../../../twin/providers/microsoft-graph/client";
import { StandIn } from "../../../twin/providers/stand-in";
import { isSecret, plainProperties, secret, UNKNOWN } from "../../../twin/providers/values";
import {
  APPLICATION,
  GRANT,
  GRAPH_APP,
  type Lab,
  microsoftSettings,
  PASSWORD,
  SERVICE_PRINCIPAL,
  SOME_GUID,
  signedIn,
  startLab,
  urn,
} from "./lab";

type Values = Record<string, unknown>;
let lab: Lab;
let standIn: StandIn<Graph>;
beforeAll(async () => {
  lab = await startLab();
});
beforeEach(async () => {
  lab.twin.reset();
  lab.wire.faults = [];
  standIn = await signedIn(lab);
});
afterAll(() => lab.close());

/** Check and create, as the engine does. */
async function make(type: string, values: Values, by = standIn) {
  const { inputs, failures } = by.check(urn(type), values);
  expect(failures).toEqual([]);
  return { inputs, ...(await by.create(urn(type), inputs, false)) };
}

const graphObject = async () =>
  String(
    (await standIn.invoke("azuread:index/getServicePrincipal:getServicePrincipal", { clientId: GRAPH_APP }))
      .outputs.objectId,
  );

const me = async () =>
  String((await standIn.invoke("azuread:index/getClientConfig:getClientConfig", {})).outputs.objectId);

const NAME = "Cloudflare Access";
const plainApp = async () => ({ displayName: NAME, preventDuplicateNames: true, owners: [await me()] });
const shortened = (calls: string[]) => calls.map((call) => call.replace(/[0-9a-f-]{36}/g, "ID"));

describe("signing in", () => {
  test("takes the metadata host, a token, and the caller's object id from it", async () => {
    const fresh = new StandIn(azuread(lab.wire));
    await fresh.configure(microsoftSettings(lab.twin));
    expect(lab.wire.calls()).toEqual([
      "GET /metadata/endpoints?api-version=2022-09-01",
      `POST /${contoso.tenant.id}/oauth2/v2.0/token`,
    ]);
    const { outputs } = await fresh.invoke("azuread:index/getClientConfig:getClientConfig", {});
    const { clientId, tenantId, objectId } = outputs;
    expect([clientId, tenantId]).toEqual([contoso.deployer.appId, contoso.tenant.id]);
    expect(outputs.id).toBe(`${tenantId}-${clientId}-${objectId}`);
  });

  test.each([
    [
      "a wrong secret",
      { clientSecret: "wrong" },
      /^1 error occurred:\n\t\* building client: unable to obtain access token: clientCredentialsToken: received HTTP status 401 with response: .*AADSTS7000215/,
    ],
    ["an unknown tenant", { tenantId: SOME_GUID }, /building client: .*AADSTS90002/],
    [
      "another machine",
      { metadataHost: "login.microsoftonline.com" },
      /only talks to this machine, and azuread:metadataHost .* is "https:\/\/login/,
    ],
    ["no secret", { clientSecret: "" }, /azuread:clientSecret is not set/],
  ])("%s is an error of the whole provider", async (_what, change, message) => {
    const fresh = new StandIn(azuread(lab.wire));
    await expect(fresh.configure({ ...microsoftSettings(lab.twin), ...change })).rejects.toThrow(message);
  });

  test("reads the environment where the config says nothing, and makes credentials secret", async () => {
    const { metadataHost, tenantId, clientId, clientSecret } = microsoftSettings(lab.twin);
    const names = {
      ARM_TENANT_ID: tenantId,
      ARM_CLIENT_ID: clientId,
      ARM_CLIENT_SECRET: clientSecret,
      ARM_METADATA_HOSTNAME: metadataHost,
    };
    const before = { ...process.env };
    Object.assign(process.env, names);
    try {
      const fresh = new StandIn(azuread(lab.wire));
      await fresh.configure({});
      expect((await fresh.invoke("azuread:index/getClientConfig:getClientConfig", {})).outputs).toMatchObject(
        { clientId },
      );
    } finally {
      for (const name of Object.keys(names)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
    const { inputs } = standIn.checkConfig("urn:pulumi:dev::lab::pulumi:providers:azuread::ad", {
      clientSecret: "s",
      tenantId,
    });
    expect(inputs).toEqual({ clientSecret: secret("s"), tenantId });
  });
});

describe("an application", () => {
  test("is made by the recorded calls, proved by a temporary name, and read back whole", async () => {
    const asked = await plainApp();
    const { id, outputs } = await make(APPLICATION, {
      ...asked,
      web: { redirectUris: ["https://b.example/", "https://a.example/"] },
    });
    const bodies = lab.wire.sent.filter(({ method }) => method === "PATCH").map(({ body }) => body as Values);
    expect(shortened(lab.wire.calls())).toEqual([
      `GET /v1.0/applications?$filter=displayName eq '${NAME}'`,
      `GET /v1.0/applications?$filter=displayName eq '${NAME}'`,
      "POST /v1.0/applications",
      "PATCH /v1.0/applications/ID",
      "PATCH /v1.0/applications/ID",
      "GET /v1.0/applications/ID",
      "GET /beta/applications/ID?$select=oauth2RequirePostResponse",
      "GET /v1.0/applications/ID/owners",
    ]);
    expect(bodies[0]?.displayName).toMatch(/^TERRAFORM_UPDATE_[0-9a-f-]{36}$/);
    expect(bodies[1]?.displayName).toBe(NAME);
    expect(id).toBe(`/applications/${outputs.objectId}`);
    expect(outputs).toMatchObject({
      id,
      displayName: NAME,
      preventDuplicateNames: true,
      signInAudience: "AzureADMyOrg",
      publisherDomain: contoso.domain,
      owners: asked.owners,
      web: { redirectUris: ["https://a.example/", "https://b.example/"], homepageUrl: "" },
      identifierUris: null,
      tags: [],
    });
    expect(String(outputs.__meta)).toContain('"schema_version":"2"');
  });

  test("at preview is checked for its name, makes nothing, and leaves the service's part unknown", async () => {
    const { inputs } = standIn.check(urn(APPLICATION), await plainApp());
    const { id, outputs } = await standIn.create(urn(APPLICATION), inputs, true);
    expect(lab.wire.calls()).toEqual([`GET /v1.0/applications?$filter=displayName eq '${NAME}'`]);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ displayName: NAME, clientId: UNKNOWN, objectId: UNKNOWN, id: UNKNOWN });
  });

  test("with a taken name is refused at preview and at apply, and on rename", async () => {
    const { inputs, id, outputs } = await make(APPLICATION, await plainApp());
    const found = `An existing "azuread_application" with name "${NAME}" (ID: "${outputs.objectId}") was found and \`prevent_duplicate_names\` was specified`;
    for (const preview of [true, false]) {
      await expect(standIn.create(urn(APPLICATION), inputs, preview)).rejects.toThrow(
        `diffing ${urn(APPLICATION)}: 1 error occurred:\n\t* ${found}. To be managed via Terraform`,
      );
    }
    const other = await make(APPLICATION, { ...(await plainApp()), displayName: "Other" });
    const renamed = { ...other.inputs, displayName: NAME };
    // As in the real plugin, the plan compares with itself alone; the call finds the other.
    expect([...(await standIn.diff(urn(APPLICATION), other.outputs, renamed)).keys()]).toEqual([
      "displayName",
    ]);
    await expect(standIn.update(urn(APPLICATION), other.id, other.outputs, renamed, false)).rejects.toThrow(
      `[id] ${found}`,
    );
    expect(id).not.toBe(other.id);
  });

  test("is updated with the whole of web and api, and only what changed beside them", async () => {
    const { inputs, id, outputs } = await make(APPLICATION, {
      ...(await plainApp()),
      optionalClaims: { idTokens: [{ name: "email" }] },
    });
    lab.wire.calls();
    const news = { ...inputs, web: { redirectUris: ["https://a.example/"] } };
    const after = await standIn.update(urn(APPLICATION), id, outputs, news, false);
    const body = lab.wire.sent.find(({ method }) => method === "PATCH")?.body as Values;
    expect(body).toMatchObject({
      web: { redirectUris: ["https://a.example/"], homePageUrl: null },
      api: { requestedAccessTokenVersion: 1 },
    });
    expect(Object.keys(body)).not.toContain("optionalClaims");
    expect(body.api).not.toHaveProperty("oauth2PermissionScopes");
    expect(after).toMatchObject({
      web: { redirectUris: ["https://a.example/"] },
      optionalClaims: { idTokens: [{ name: "email" }] },
    });
    expect((await standIn.diff(urn(APPLICATION), after, news)).size).toBe(0);
  });

  test("a role is disabled before it goes", async () => {
    const role = {
      id: SOME_GUID,
      displayName: "r",
      description: "r",
      allowedMemberTypes: ["User"],
      value: "r",
    };
    const { inputs, id, outputs } = await make(APPLICATION, { ...(await plainApp()), appRoles: [role] });
    expect(outputs.appRoleIds).toEqual({ r: SOME_GUID });
    const { appRoles: _gone, ...rest } = inputs;
    expect(await standIn.update(urn(APPLICATION), id, outputs, rest, true)).toMatchObject({
      appRoleIds: UNKNOWN,
    });
    const after = await standIn.update(urn(APPLICATION), id, outputs, rest, false);
    expect(after.appRoles).toEqual([]);
  });

  test("owners come and go one by one, and the caller leaves where it is not wanted", async () => {
    const stranger = await graphObject();
    // The twin does not serve changes of owners; what is sent is what matters here.
    lab.wire.faults = [
      { method: "DELETE", path: /\/owners\/[^/]+\/\$ref$/, times: 9, status: 204 },
      { method: "POST", path: /\/owners\/\$ref$/, times: 9, status: 204 },
    ];
    const owners = () => lab.wire.sent.splice(0).filter(({ path }) => path.endsWith("$ref"));
    const { inputs, id, outputs } = await make(APPLICATION, { displayName: NAME, owners: [] });
    expect(owners()).toMatchObject([
      { method: "DELETE", path: `/v1.0/applications/${outputs.objectId}/owners/${await me()}/$ref` },
    ]);
    await standIn.update(urn(APPLICATION), id, outputs, { ...inputs, owners: [stranger] }, false);
    expect(owners()).toMatchObject([
      { method: "POST", body: { "@odata.id": `${lab.twin.microsoftUrl}/v1.0/directoryObjects/${stranger}` } },
      { method: "DELETE", path: `/v1.0/applications/${outputs.objectId}/owners/${await me()}/$ref` },
    ]);
  });

  test("refreshes into inputs that keep the program's order, drifts, and is gone when it is gone", async () => {
    const { inputs, id, outputs } = await make(APPLICATION, {
      ...(await plainApp()),
      tags: ["b", "a"],
      notes: "mine",
    });
    const same = await standIn.read(urn(APPLICATION), id, outputs, inputs);
    expect(same?.inputs).toEqual(inputs);
    const admin = await signedIn(lab, contoso.administrator);
    await admin.update(urn(APPLICATION), id, outputs, { ...inputs, notes: "theirs" }, false);
    const drifted = await standIn.read(urn(APPLICATION), id, outputs, inputs);
    expect(drifted?.inputs.notes).toBe("theirs");
    expect(await standIn.diff(urn(APPLICATION), drifted?.outputs ?? {}, inputs)).toEqual(
      new Map([["notes", { kind: "update", replace: false }]]),
    );
    await standIn.delete(urn(APPLICATION), id, outputs);
    expect(await standIn.read(urn(APPLICATION), id, outputs, inputs)).toBeUndefined();
    await expect(standIn.delete(urn(APPLICATION), id, outputs)).rejects.toThrow(
      /^deleting .*: 1 error occurred:\n\t\* \[id\] deleting Application \(Application: ".*"\): unexpected status 404 \(404 Not Found\) with error: Request_ResourceNotFound/,
    );
  });

  test("is imported by its resource id and by nothing else", async () => {
    const { id, outputs } = await make(APPLICATION, { ...(await plainApp()), tags: ["t"] });
    const imported = await standIn.read(urn(APPLICATION), id, {}, {});
    expect(imported?.id).toBe(id);
    expect(imported?.inputs).toEqual({ displayName: NAME, owners: [await me()], tags: ["t"] });
    expect(await standIn.read(urn(APPLICATION), String(outputs.objectId), {}, {})).toBeUndefined();
    expect(await standIn.read(urn(APPLICATION), `/applications/${SOME_GUID}`, {}, {})).toBeUndefined();
  });

  test("without the right, the error has Graph's code and text", async () => {
    const auditor = await signedIn(lab, contoso.auditor);
    await expect(make(APPLICATION, { displayName: "x" }, auditor)).rejects.toThrow(
      "1 error occurred:\n\t* Could not create application: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    );
  });
});

describe("a password", () => {
  test("is added, seen five times, secret in the outputs, and removed; whole seconds only", async () => {
    const { id: applicationId, outputs: app } = await make(APPLICATION, await plainApp());
    lab.wire.calls();
    const asked = {
      applicationId,
      displayName: "p",
      endDate: "2098-01-01T00:00:00.500Z",
      rotateWhenChanged: { a: "1" },
    };
    const { id, outputs, inputs } = await make(PASSWORD, asked);
    expect(shortened(lab.wire.calls())).toEqual([
      "GET /v1.0/applications/ID",
      "POST /v1.0/applications/ID/addPassword",
      ...Array(6).fill("GET /v1.0/applications/ID"),
    ]);
    expect(id).toBe(`${app.objectId}/password/${outputs.keyId}`);
    expect(outputs).toMatchObject({
      applicationId,
      endDate: "2098-01-01T00:00:00Z",
      endDateRelative: null,
      rotateWhenChanged: { a: "1" },
    });
    expect(isSecret(outputs.value)).toBe(true);
    const again = await standIn.read(urn(PASSWORD), id, outputs, inputs);
    expect(again?.outputs.value).toEqual(outputs.value);
    await standIn.delete(urn(PASSWORD), id, outputs);
    expect(await standIn.read(urn(PASSWORD), id, outputs, inputs)).toBeUndefined();
  });

  test("takes a relative end, and cannot be imported", async () => {
    const { id: applicationId } = await make(APPLICATION, await plainApp());
    const { id, outputs } = await make(PASSWORD, {
      applicationId,
      startDate: "2030-01-01T00:00:00Z",
      endDateRelative: "24h30m",
    });
    expect(outputs.endDate).toBe("2030-01-02T00:30:00Z");
    expect(await standIn.read(urn(PASSWORD), id, {}, {})).toBeUndefined();
  });

  test("of an application that is gone is an error", async () => {
    const wanted = `[application_id] Application (Application: "${SOME_GUID}") was not found`;
    await expect(make(PASSWORD, { applicationId: `/applications/${SOME_GUID}` })).rejects.toThrow(wanted);
  });
});

describe("a service principal and its consent", () => {
  const principal = async () => {
    const app = await make(APPLICATION, await plainApp());
    return make(SERVICE_PRINCIPAL, { clientId: app.outputs.clientId, owners: [await me()] });
  };

  test("it is made with a temporary description, found again, not made twice, and deleted", async () => {
    const app = await make(APPLICATION, await plainApp());
    lab.wire.calls();
    const { id, inputs, outputs } = await make(SERVICE_PRINCIPAL, {
      clientId: app.outputs.clientId,
      owners: [await me()],
    });
    const [post, patch] = lab.wire.sent.filter(({ body }) => body).map(({ body }) => body as Values);
    expect(post?.description).toMatch(/^TERRAFORM_UPDATE_/);
    expect(patch).toMatchObject({ description: null });
    expect(outputs).toMatchObject({
      id,
      displayName: NAME,
      description: "",
      accountEnabled: true,
      useExisting: null,
    });
    expect((await standIn.diff(urn(SERVICE_PRINCIPAL), outputs, inputs)).size).toBe(0);
    await expect(standIn.create(urn(SERVICE_PRINCIPAL), inputs, false)).rejects.toThrow(
      `[id] A resource with the ID "${outputs.objectId}" already exists: To be managed via Terraform`,
    );
    const changed = await standIn.update(
      urn(SERVICE_PRINCIPAL),
      id,
      outputs,
      { ...inputs, appRoleAssignmentRequired: true },
      false,
    );
    expect(changed.appRoleAssignmentRequired).toBe(true);
    expect((await standIn.read(urn(SERVICE_PRINCIPAL), id, {}, {}))?.inputs).toMatchObject({
      clientId: app.outputs.clientId,
    });
    await standIn.delete(urn(SERVICE_PRINCIPAL), id, plainProperties(outputs));
    expect(await standIn.read(urn(SERVICE_PRINCIPAL), id, outputs, inputs)).toBeUndefined();
  });

  test("the consent sends its scopes in Terraform's order, changes in place, and errs when deleted twice", async () => {
    const { outputs: sp } = await principal();
    lab.wire.calls();
    const { id, inputs, outputs } = await make(GRANT, {
      claimValues: ["email", "openid", "profile", "User.Read"],
      servicePrincipalObjectId: sp.objectId,
      resourceServicePrincipalObjectId: await graphObject(),
    });
    const post = lab.wire.sent.find(({ path, body }) => path === "/v1.0/oauth2PermissionGrants" && body);
    expect(post?.body).toMatchObject({
      consentType: "AllPrincipals",
      scope: "openid profile User.Read email",
    });
    expect(outputs.claimValues).toEqual(["User.Read", "email", "openid", "profile"]);
    const fewer = { ...inputs, claimValues: ["openid"] };
    expect((await standIn.update(urn(GRANT), id, outputs, fewer, false)).claimValues).toEqual(["openid"]);
    await expect(
      standIn.update(urn(GRANT), id, outputs, { ...inputs, claimValues: ["No.Such"] }, false),
    ).rejects.toMatchObject({
      message: expect.stringMatching(
        /^updating .*\n\t\* Updating O Auth 2 Permission Grant .*: unexpected status 400 \(400 Bad Request\)/,
      ),
      id,
    });
    await standIn.delete(urn(GRANT), id, outputs);
    await expect(standIn.delete(urn(GRANT), id, outputs)).rejects.toThrow(
      /\[id\] Deleting O Auth 2 Permission Grant .*404 Not Found/,
    );
  });
});

describe("getServicePrincipal", () => {
  const token = "azuread:index/getServicePrincipal:getServicePrincipal";
  test("finds by client id, object id and display name, with the scopes it offers", async () => {
    const { outputs } = await standIn.invoke(token, { clientId: GRAPH_APP });
    expect(outputs).toMatchObject({ displayName: "Microsoft Graph", clientId: GRAPH_APP });
    expect((outputs.oauth2PermissionScopeIds as Values).openid).toBe("37f7f235-527c-4136-accd-4a02d197296e");
    for (const by of [{ objectId: outputs.objectId }, { displayName: "Microsoft Graph" }]) {
      expect((await standIn.invoke(token, by)).outputs.id).toBe(outputs.id);
    }
  });

  test.each([
    [
      "nobody",
      { displayName: "Nobody" },
      "Service principal not found: no service principals found matching filter: \"displayName eq 'Nobody'\"",
    ],
    ["no such client", { clientId: SOME_GUID }, "No service principal found: no service principal found"],
    [
      "no such object",
      { objectId: SOME_GUID },
      `[object_id] Service Principal (Service Principal: "${SOME_GUID}") was not found`,
    ],
  ])("%s is an error", async (_what, args, message) => {
    await expect(standIn.invoke(token, args)).rejects.toThrow(
      `invoking ${token}: 1 error occurred:\n\t* ${message}`,
    );
  });

  test.each([
    ["nothing", {}, "one of `client_id,display_name,object_id` must be specified"],
    ["two things", { displayName: "x", objectId: SOME_GUID }, "but `display_name,object_id` were specified."],
    ["no GUID", { clientId: "x" }, 'expected "client_id" to be a valid UUID'],
  ])("refuses %s without a call", async (_what, args, reason) => {
    const { failures } = await standIn.invoke(token, args);
    expect(failures.map((failure) => failure.reason).join("\n")).toContain(reason);
    expect(lab.wire.calls()).toEqual([]);
  });
});
