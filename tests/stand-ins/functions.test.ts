import {
  APPLICATION,
  buildPlainApp,
  createResource,
  GRAPH_APP,
  getCallerId,
  lab,
  SERVICE_PRINCIPAL,
  SOME_GUID,
  standIn,
  urn,
  useSignedInStandIn,
} from "./stand-in-fixture";

useSignedInStandIn();

describe("getServicePrincipals", () => {
  const token = "azuread:index/getServicePrincipals:getServicePrincipals";

  it("finds by client ids, without reading permissions from Graph", async () => {
    const { outputs } = await standIn.invoke(token, { clientIds: [GRAPH_APP] });
    const found = { displayName: "Microsoft Graph", clientId: GRAPH_APP, accountEnabled: true };
    expect(outputs.servicePrincipals).toEqual([expect.objectContaining(found)]);
    expect(outputs.servicePrincipals).toEqual([expect.not.objectContaining({ appRoles: expect.anything() })]);
    expect(lab.wire.calls()).toEqual([
      expect.stringMatching(/servicePrincipals\?.*\$select=accountEnabled,appId,/),
      expect.stringMatching(/beta\/servicePrincipals\/.*\$select=samlMetadataUrl$/),
    ]);
  });

  it("fails if one of them is not found", async () => {
    await expect(standIn.invoke(token, { clientIds: [GRAPH_APP, SOME_GUID] })).rejects.toThrow(
      `Service principal not found with application ID: "${SOME_GUID}"`,
    );
  });

  it.each([
    ["nothing", {}, "one of `client_ids,display_names,object_ids,return_all` must be specified"],
    ["no GUID", { clientIds: ["x"] }, "to be a valid UUID"],
  ])("refuses %s without a call", async (_what, args, reason) => {
    const { failures } = await standIn.invoke(token, args);
    expect(failures.join("\n")).toContain(reason);
    expect(lab.wire.calls()).toEqual([]);
  });
});

describe("getApplication", () => {
  const token = "azuread:index/getApplication:getApplication";

  it("reads by object id, with single blocks as lists, by the calls of the real plugin", async () => {
    const { outputs: created } = await createResource(standIn, APPLICATION, {
      ...(await buildPlainApp(standIn)),
      tags: ["AZ-4711"],
      optionalClaims: { idTokens: [{ name: "email" }] },
    });
    const { objectId } = created;
    lab.wire.calls();
    const { outputs } = await standIn.invoke(token, { objectId });
    expect(outputs).toMatchObject({
      objectId,
      tags: ["AZ-4711"],
      optionalClaims: [
        { idTokens: [{ name: "email", essential: false, source: "", additionalProperties: [] }] },
      ],
      webs: [{ redirectUris: expect.any(Array) }],
      apis: [{ requestedAccessTokenVersion: 1 }],
    });
    expect(lab.wire.calls()).toEqual([
      `GET /v1.0/applications/${objectId}`,
      `GET /beta/applications/${objectId}?$select=oauth2RequirePostResponse`,
      `GET /v1.0/applications/${objectId}/owners`,
    ]);
  });

  it("finds by display name, and does not escape an apostrophe, like the plugin", async () => {
    await createResource(standIn, APPLICATION, { displayName: "Plain", tags: ["mark"] });
    await createResource(standIn, APPLICATION, { displayName: "Owners' Access" });
    const { outputs } = await standIn.invoke(token, { displayName: "plain" });
    expect(outputs).toMatchObject({ displayName: "Plain", tags: ["mark"] });
    for (const [displayName, message] of [
      ["Nobody", "Application not found: no applications found matching filter: \"displayName eq 'Nobody'\""],
      ["Owners' Access", "with error: BadRequest: Invalid filter clause"],
      ["Owners'' Access", "Bad API Response: DisplayName does not match for applications matching filter"],
    ])
      await expect(standIn.invoke(token, { displayName })).rejects.toThrow(message);
  });

  it("says which application does not exist", async () => {
    await expect(standIn.invoke(token, { objectId: SOME_GUID })).rejects.toThrow(
      `[object_id] Application with object ID "${SOME_GUID}" was not found`,
    );
  });
});

it("an update of a service principal keeps the tags that the program does not set", async () => {
  const app = await createResource(standIn, APPLICATION, await buildPlainApp(standIn));
  const owners = [await getCallerId(standIn)];
  const args = { clientId: app.outputs.clientId, owners, tags: ["HideApp"] };
  const { id, outputs } = await createResource(standIn, SERVICE_PRINCIPAL, args);
  const { tags: _tags, ...others } = args;
  const changed = { ...others, appRoleAssignmentRequired: true };
  const after = await standIn.update(urn(SERVICE_PRINCIPAL), id, outputs, changed, false);
  expect(after).toMatchObject({ appRoleAssignmentRequired: true, tags: ["HideApp"] });
});
