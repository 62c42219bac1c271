import { isSecret, stripPropertyMarks } from "../../stand-ins/bridge/values";
import {
  APPLICATION,
  APPLICATION_NAME,
  buildPlainApp,
  createResource,
  findGraphPrincipalId,
  GRANT,
  getCallerId,
  lab,
  maskIds,
  PASSWORD,
  SERVICE_PRINCIPAL,
  SOME_GUID,
  standIn,
  urn,
  useSignedInStandIn,
} from "./stand-in-fixture";

useSignedInStandIn();

type Values = Record<string, unknown>;

describe("a password", () => {
  test("is added, read five times, secret in the outputs, and removed; has whole seconds only", async () => {
    const { id: applicationId, outputs: app } = await createResource(
      standIn,
      APPLICATION,
      await buildPlainApp(standIn),
    );
    lab.wire.calls();
    const asked = {
      applicationId,
      displayName: "p",
      endDate: "2098-01-01T00:00:00.500Z",
      rotateWhenChanged: { a: "1" },
    };
    const { id, outputs, inputs } = await createResource(standIn, PASSWORD, asked);
    expect(maskIds(lab.wire.calls())).toEqual([
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

  test("accepts a relative end, and cannot be imported", async () => {
    const { id: applicationId } = await createResource(standIn, APPLICATION, await buildPlainApp(standIn));
    const { id, outputs } = await createResource(standIn, PASSWORD, {
      applicationId,
      startDate: "2030-01-01T00:00:00Z",
      endDateRelative: "24h30m",
    });
    expect(outputs.endDate).toBe("2030-01-02T00:30:00Z");
    expect(await standIn.read(urn(PASSWORD), id, {}, {})).toBeUndefined();
  });

  test("of a deleted application is an error", async () => {
    const wanted = `[application_id] Application (Application: "${SOME_GUID}") was not found`;
    await expect(
      createResource(standIn, PASSWORD, { applicationId: `/applications/${SOME_GUID}` }),
    ).rejects.toThrow(wanted);
  });
});

describe("a federated credential", () => {
  const TRUST = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
  const asked = {
    displayName: "github",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:contoso/access:environment:drift",
    audiences: ["api://AzureADTokenExchange"],
  };

  test("is added, read five times, changed in place, imported and removed", async () => {
    const { id: applicationId, outputs: app } = await createResource(
      standIn,
      APPLICATION,
      await buildPlainApp(standIn),
    );
    lab.wire.calls();
    const { id, outputs, inputs } = await createResource(standIn, TRUST, { ...asked, applicationId });
    expect(maskIds(lab.wire.calls())).toEqual([
      "GET /v1.0/applications/ID",
      "POST /v1.0/applications/ID/federatedIdentityCredentials",
      ...Array(5).fill("GET /v1.0/applications/ID/federatedIdentityCredentials"),
      "GET /v1.0/applications/ID/federatedIdentityCredentials/ID",
    ]);
    expect(id).toBe(`${app.objectId}/federatedIdentityCredential/${outputs.credentialId}`);
    expect((await standIn.diff(urn(TRUST), outputs, inputs)).size).toBe(0);
    const subject = "repo:contoso/access:environment:preview";
    const changed = await standIn.update(urn(TRUST), id, outputs, { ...inputs, subject }, false);
    expect(changed).toMatchObject({ ...asked, subject });
    expect((await standIn.read(urn(TRUST), id, {}, {}))?.inputs).toMatchObject({
      ...asked,
      applicationId,
      subject,
    });
    await standIn.delete(urn(TRUST), id, outputs);
    expect(await standIn.read(urn(TRUST), id, outputs, inputs)).toBeUndefined();
  });

  test("of a deleted application is an error", async () => {
    const applicationId = `/applications/${SOME_GUID}`;
    await expect(createResource(standIn, TRUST, { ...asked, applicationId })).rejects.toThrow(
      `[application_id] Application (Application: "${SOME_GUID}") was not found`,
    );
  });
});

describe("a service principal and its consent", () => {
  const principal = async () => {
    const app = await createResource(standIn, APPLICATION, await buildPlainApp(standIn));
    return createResource(standIn, SERVICE_PRINCIPAL, {
      clientId: app.outputs.clientId,
      owners: [await getCallerId(standIn)],
    });
  };

  test("creates a service principal with a temporary description, reads it, refuses a second one, and deletes it", async () => {
    const app = await createResource(standIn, APPLICATION, await buildPlainApp(standIn));
    lab.wire.calls();
    const { id, inputs, outputs } = await createResource(standIn, SERVICE_PRINCIPAL, {
      clientId: app.outputs.clientId,
      owners: [await getCallerId(standIn)],
    });
    const [post, patch] = lab.wire.sent.filter(({ body }) => body).map(({ body }) => body as Values);
    expect(post?.description).toMatch(/^TERRAFORM_UPDATE_/);
    expect(patch).toMatchObject({ description: null });
    expect(outputs).toMatchObject({
      id,
      displayName: APPLICATION_NAME,
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
    await standIn.delete(urn(SERVICE_PRINCIPAL), id, stripPropertyMarks(outputs));
    expect(await standIn.read(urn(SERVICE_PRINCIPAL), id, outputs, inputs)).toBeUndefined();
  });

  test("sends scopes in Terraform's order, updates them in place, and fails when deleted twice", async () => {
    const { outputs: sp } = await principal();
    lab.wire.calls();
    const { id, inputs, outputs } = await createResource(standIn, GRANT, {
      claimValues: ["email", "openid", "profile", "User.Read"],
      servicePrincipalObjectId: sp.objectId,
      resourceServicePrincipalObjectId: await findGraphPrincipalId(standIn),
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
