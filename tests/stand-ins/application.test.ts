import { UNKNOWN } from "../../stand-ins/bridge/values";
import { contoso } from "../../twin/index";
import {
  APPLICATION,
  APPLICATION_NAME,
  buildPlainApp,
  createResource,
  findGraphPrincipalId,
  getCallerId,
  lab,
  maskIds,
  SOME_GUID,
  signInStandIn,
  standIn,
  urn,
  useSignedInStandIn,
} from "./stand-in-fixture";

useSignedInStandIn();

type Values = Record<string, unknown>;

describe("an application", () => {
  test("is created by the recorded calls, renamed temporarily, and read in full", async () => {
    const asked = await buildPlainApp(standIn);
    const { id, outputs } = await createResource(standIn, APPLICATION, {
      ...asked,
      web: { redirectUris: ["https://b.example/", "https://a.example/"] },
    });
    const bodies = lab.wire.sent.filter(({ method }) => method === "PATCH").map(({ body }) => body as Values);
    expect(maskIds(lab.wire.calls())).toEqual([
      `GET /v1.0/applications?$filter=displayName eq '${APPLICATION_NAME}'`,
      `GET /v1.0/applications?$filter=displayName eq '${APPLICATION_NAME}'`,
      "POST /v1.0/applications",
      "PATCH /v1.0/applications/ID",
      "PATCH /v1.0/applications/ID",
      "GET /v1.0/applications/ID",
      "GET /beta/applications/ID?$select=oauth2RequirePostResponse",
      "GET /v1.0/applications/ID/owners",
    ]);
    expect(bodies[0]?.displayName).toMatch(/^TERRAFORM_UPDATE_[0-9a-f-]{36}$/);
    expect(bodies[1]?.displayName).toBe(APPLICATION_NAME);
    expect(id).toBe(`/applications/${outputs.objectId}`);
    expect(outputs).toMatchObject({
      id,
      displayName: APPLICATION_NAME,
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

  test("checks its name at preview, creates nothing, and has unknown computed values", async () => {
    const { inputs } = standIn.check(urn(APPLICATION), await buildPlainApp(standIn));
    const { id, outputs } = await standIn.create(urn(APPLICATION), inputs, true);
    expect(lab.wire.calls()).toEqual([`GET /v1.0/applications?$filter=displayName eq '${APPLICATION_NAME}'`]);
    expect(id).toBe("");
    expect(outputs).toMatchObject({
      displayName: APPLICATION_NAME,
      clientId: UNKNOWN,
      objectId: UNKNOWN,
      id: UNKNOWN,
    });
  });

  test("is refused with a taken name at preview, at apply and on rename", async () => {
    const { inputs, id, outputs } = await createResource(standIn, APPLICATION, await buildPlainApp(standIn));
    const found = `An existing "azuread_application" with name "${APPLICATION_NAME}" (ID: "${outputs.objectId}") was found and \`prevent_duplicate_names\` was specified`;
    for (const preview of [true, false]) {
      await expect(standIn.create(urn(APPLICATION), inputs, preview)).rejects.toThrow(
        `diffing ${urn(APPLICATION)}: 1 error occurred:\n\t* ${found}. To be managed via Terraform`,
      );
    }
    const other = await createResource(standIn, APPLICATION, {
      ...(await buildPlainApp(standIn)),
      displayName: "Other",
    });
    const renamed = { ...other.inputs, displayName: APPLICATION_NAME };
    // As in the real plugin, the plan compares with itself alone; the call finds the other.
    expect([...(await standIn.diff(urn(APPLICATION), other.outputs, renamed)).keys()]).toEqual([
      "displayName",
    ]);
    await expect(standIn.update(urn(APPLICATION), other.id, other.outputs, renamed, false)).rejects.toThrow(
      `[id] ${found}`,
    );
    expect(id).not.toBe(other.id);
  });

  test("is updated with all of web and api, and other changed properties", async () => {
    const { inputs, id, outputs } = await createResource(standIn, APPLICATION, {
      ...(await buildPlainApp(standIn)),
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

  test("keeps known values at the preview of an update", async () => {
    const { inputs, id, outputs } = await createResource(standIn, APPLICATION, {
      ...(await buildPlainApp(standIn)),
      notes: "n",
    });
    const { notes: _gone, ...rest } = inputs;
    const plan = await standIn.update(urn(APPLICATION), id, outputs, { ...rest, displayName: "New" }, true);
    const { objectId, clientId, publicClient } = outputs;
    expect(plan).toMatchObject({
      id,
      objectId,
      clientId,
      publicClient,
      displayName: "New",
      description: "",
      notes: null,
    });
  });

  test("disables a role before it is removed", async () => {
    const role = {
      id: SOME_GUID,
      displayName: "r",
      description: "r",
      allowedMemberTypes: ["User"],
      value: "r",
    };
    const { inputs, id, outputs } = await createResource(standIn, APPLICATION, {
      ...(await buildPlainApp(standIn)),
      appRoles: [role],
    });
    expect(outputs.appRoleIds).toEqual({ r: SOME_GUID });
    const { appRoles: _gone, ...rest } = inputs;
    expect(await standIn.update(urn(APPLICATION), id, outputs, rest, true)).toMatchObject({
      appRoleIds: UNKNOWN,
    });
    const after = await standIn.update(urn(APPLICATION), id, outputs, rest, false);
    expect(after.appRoles).toEqual([]);
  });

  test("adds and removes owners one by one, and removes the caller if not configured", async () => {
    const stranger = await findGraphPrincipalId(standIn);
    // Answered by the test: the deployer may not add an owner on the twin, and what is sent is what matters here.
    lab.wire.faults = [
      { method: "DELETE", path: /\/owners\/[^/]+\/\$ref$/, times: 9, status: 204 },
      { method: "POST", path: /\/owners\/\$ref$/, times: 9, status: 204 },
    ];
    const owners = () => lab.wire.sent.splice(0).filter(({ path }) => path.endsWith("$ref"));
    const { inputs, id, outputs } = await createResource(standIn, APPLICATION, {
      displayName: APPLICATION_NAME,
      owners: [],
    });
    expect(owners()).toMatchObject([
      {
        method: "DELETE",
        path: `/v1.0/applications/${outputs.objectId}/owners/${await getCallerId(standIn)}/$ref`,
      },
    ]);
    await standIn.update(urn(APPLICATION), id, outputs, { ...inputs, owners: [stranger] }, false);
    expect(owners()).toMatchObject([
      { method: "POST", body: { "@odata.id": `${lab.twin.microsoftUrl}/v1.0/directoryObjects/${stranger}` } },
      {
        method: "DELETE",
        path: `/v1.0/applications/${outputs.objectId}/owners/${await getCallerId(standIn)}/$ref`,
      },
    ]);
  });

  test("refreshes in the program's order, and detects drift and deletion", async () => {
    const { inputs, id, outputs } = await createResource(standIn, APPLICATION, {
      ...(await buildPlainApp(standIn)),
      tags: ["b", "a"],
      notes: "mine",
    });
    const same = await standIn.read(urn(APPLICATION), id, outputs, inputs);
    expect(same?.inputs).toEqual(inputs);
    const admin = await signInStandIn(lab, contoso.administrator);
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

  test("is only imported by its resource id", async () => {
    const { id, outputs } = await createResource(standIn, APPLICATION, {
      ...(await buildPlainApp(standIn)),
      tags: ["t"],
    });
    const imported = await standIn.read(urn(APPLICATION), id, {}, {});
    expect(imported?.id).toBe(id);
    expect(imported?.inputs).toEqual({
      displayName: APPLICATION_NAME,
      owners: [await getCallerId(standIn)],
      tags: ["t"],
    });
    expect(await standIn.read(urn(APPLICATION), String(outputs.objectId), {}, {})).toBeUndefined();
    expect(await standIn.read(urn(APPLICATION), `/applications/${SOME_GUID}`, {}, {})).toBeUndefined();
  });

  test("reports Graph's code and text without the permission", async () => {
    const auditor = await signInStandIn(lab, contoso.auditor);
    await expect(createResource(auditor, APPLICATION, { displayName: "x" })).rejects.toThrow(
      "1 error occurred:\n\t* Could not create application: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    );
  });
});
