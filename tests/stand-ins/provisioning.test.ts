import { markSecret } from "../../stand-ins/bridge/values";
import {
  createResource,
  lab,
  maskIds,
  SOME_GUID,
  standIn,
  urn,
  useSignedInStandIn,
} from "./stand-in-fixture";

useSignedInStandIn();

const TEMPLATE = "azuread:index/applicationFromTemplate:ApplicationFromTemplate";
const SECRET = "azuread:index/synchronizationSecret:SynchronizationSecret";
const JOB = "azuread:index/synchronizationJob:SynchronizationJob";
const templateId = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";
const createApplication = () => createResource(standIn, TEMPLATE, { displayName: "SCIM", templateId });
const address = { key: "BaseAddress", value: "https://contoso.cloudflareaccess.com/populations/x/scim/v2" };
const credentials = [address, { key: "SecretToken", value: "scim_not_a_real_secret" }];
const marked = (all: readonly { key: string; value: string }[]) =>
  all.map(({ key, value }) => ({ key, value: markSecret(value) }));
/** The calls, each once, with masked ids. */
const calls = () => [...new Set(maskIds(lab.wire.calls()).map((call) => call.replace(/scim\.[^/]+/, "JOB")))];

test("an application is made from the template, renamed, imported and deleted", async () => {
  const { id, inputs, outputs } = await createApplication();
  expect(calls()).toEqual(["POST /v1.0/applicationTemplates/ID/instantiate", "GET /v1.0/applications/ID"]);
  expect(id).toBe(
    `/applicationTemplates/${templateId}/instantiate/${outputs.applicationObjectId}/${outputs.servicePrincipalObjectId}`,
  );
  expect(outputs).toMatchObject({
    displayName: "SCIM",
    applicationId: `/applications/${outputs.applicationObjectId}`,
    servicePrincipalId: `/servicePrincipals/${outputs.servicePrincipalObjectId}`,
  });
  expect((await standIn.diff(urn(TEMPLATE), outputs, inputs)).size).toBe(0);
  const renamed = await standIn.update(
    urn(TEMPLATE),
    id,
    outputs,
    { ...inputs, displayName: "Other" },
    false,
  );
  expect(renamed.displayName).toBe("Other");
  expect((await standIn.read(urn(TEMPLATE), id, {}, {}))?.outputs).toMatchObject({
    displayName: "Other",
    templateId,
  });
  await standIn.delete(urn(TEMPLATE), id, outputs);
  expect(await standIn.read(urn(TEMPLATE), id, outputs, inputs)).toBeUndefined();
});

test("credentials keep the value of the state where Graph masks it, are replaced, and emptied at the end", async () => {
  const { outputs: application } = await createApplication();
  const { servicePrincipalId } = application;
  calls();
  const { id, inputs, outputs } = await createResource(standIn, SECRET, { servicePrincipalId, credentials });
  expect(calls()).toEqual([
    "PUT /v1.0/servicePrincipals/ID/synchronization/secrets",
    "GET /v1.0/servicePrincipals/ID/synchronization/secrets",
  ]);
  expect(id).toBe(servicePrincipalId);
  expect(outputs).toMatchObject({ credentials: marked(credentials) });
  expect((await standIn.read(urn(SECRET), id, outputs, inputs))?.outputs).toMatchObject({
    credentials: marked(credentials),
  });
  const imported = await standIn.read(urn(SECRET), id, {}, {});
  expect(imported?.outputs).toMatchObject({
    credentials: marked([address, { key: "SecretToken", value: "*" }]),
  });
  const next = [address, { key: "SecretToken", value: "scim_next" }];
  const changed = await standIn.update(urn(SECRET), id, outputs, { ...inputs, credentials: next }, false);
  expect(changed).toMatchObject({ credentials: marked(next) });
  await standIn.delete(urn(SECRET), id, changed);
  expect((await standIn.read(urn(SECRET), id, {}, {}))?.outputs).toMatchObject({ credentials: [] });
});

test("a job is started, paused, imported and deleted", async () => {
  const { outputs: application } = await createApplication();
  const { servicePrincipalId } = application;
  await createResource(standIn, SECRET, { servicePrincipalId, credentials });
  calls();
  const { id, inputs, outputs } = await createResource(standIn, JOB, {
    servicePrincipalId,
    templateId: "scim",
  });
  expect(calls()).toEqual([
    "GET /v1.0/servicePrincipals/ID",
    "POST /v1.0/servicePrincipals/ID/synchronization/jobs",
    "GET /v1.0/servicePrincipals/ID/synchronization/jobs/JOB",
    "POST /v1.0/servicePrincipals/ID/synchronization/jobs/JOB/start",
  ]);
  expect(outputs).toMatchObject({
    enabled: true,
    schedules: [{ expiration: "", interval: "PT40M", state: "Active" }],
  });
  const paused = await standIn.update(urn(JOB), id, outputs, { ...inputs, enabled: false }, false);
  expect(paused).toMatchObject({ enabled: false, schedules: [{ state: "Paused" }] });
  expect((await standIn.read(urn(JOB), id, {}, {}))?.outputs).toMatchObject({
    enabled: false,
    templateId: "scim",
  });
  await standIn.delete(urn(JOB), id, paused);
  expect(await standIn.read(urn(JOB), id, paused, inputs)).toBeUndefined();
});

test("a job of no service principal, a wrong id and a wrong template are refused", async () => {
  const servicePrincipalId = `/servicePrincipals/${SOME_GUID}`;
  await expect(createResource(standIn, JOB, { servicePrincipalId, templateId: "scim" })).rejects.toThrow(
    `[service_principal_id] Service Principal (Service Principal: "${SOME_GUID}") was not found`,
  );
  expect(standIn.check(urn(SECRET), { servicePrincipalId: SOME_GUID, credentials }).failures).toHaveLength(1);
  expect(standIn.check(urn(TEMPLATE), { displayName: "", templateId: "x" }).failures).toHaveLength(2);
});
