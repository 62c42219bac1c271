/** `azuread:index/applicationPassword:ApplicationPassword`. Its id is `<application object id>/password/<key id>`. */

import type { ResourceType } from "../../bridge/resource";
import { mapOf, string, type Table } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import type { GraphApi } from "../microsoft-graph/client";
import { expectApplicationId, expectNotEmpty, expectTimestamp } from "../microsoft-graph/expectations";
import { formatIdLabel, parseObjectId, withSummary } from "../microsoft-graph/identity";
import { toRecords } from "../microsoft-graph/wire";

/** Every change replaces the secret. */
const replaces = { replaces: true };

const table: Table = {
  applicationId: string({ ...replaces, required: true, expect: expectApplicationId }),
  displayName: string({ ...replaces, computed: true }),
  endDate: string({ ...replaces, computed: true, expect: expectTimestamp, conflicts: "endDateRelative" }),
  endDateRelative: string({ ...replaces, expect: expectNotEmpty, conflicts: "endDate" }),
  keyId: string({ output: true }),
  rotateWhenChanged: mapOf(string(), replaces),
  startDate: string({ ...replaces, computed: true, expect: expectTimestamp }),
  value: string({ output: true, secret: true }),
};

export const applicationPasswordResource: ResourceType<GraphApi> = {
  terraform: "azuread_application_password",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":900000000000,"delete":300000000000,"read":300000000000,"update":300000000000},"schema_version":"1"}',
  // No id matches: a secret cannot be imported.
  importable: /^$/,
  table,

  async create(graph, inputs) {
    const application = parseObjectId(String(inputs.applicationId), "applications");
    const [path, name] = [`/applications/${application}`, formatIdLabel("Application", application)];
    const passwordCredential = buildCredential(inputs);
    return graph.runExclusively(async () => {
      const app = await withSummary(`[application_id] Retrieving ${name}`, () => graph.find(path));
      if (!app) throw new Error(`[application_id] ${name} was not found`);
      const added = await withSummary(`Adding password for ${name}`, () =>
        graph.post(`${path}/addPassword`, { passwordCredential }),
      );
      const { keyId, secretText } = added;
      if (!keyId || !secretText)
        throw new Error(`API error adding password for ${name}: nil or empty keyId or password received`);
      const isVisible = await withSummary(`Waiting for password credential for ${name}`, () =>
        graph.waitUntilStable(async () => findPassword(await graph.get(path), keyId) !== undefined),
      );
      if (!isVisible)
        throw new Error(
          `Waiting for password credential for ${name}: password credential not found in application manifest`,
        );
      const id = `${application}/password/${keyId}`;
      const found = await readBack(graph, id, { ...inputs, value: secretText });
      if (!found) throw new Error(`expected non-nil error with nil state during Create of ${id}`);
      return found;
    });
  },

  read: (graph, id, state) => readBack(graph, id, state),

  async delete(graph, id) {
    const { application, keyId } = parseId(id);
    const [path, name] = [`/applications/${application}`, formatIdLabel("Application", application)];
    await graph.runExclusively(async () => {
      await withSummary(`Removing password credential "${keyId}" from ${name}`, () =>
        graph.post(`${path}/removePassword`, { keyId }),
      );
      await withSummary(`Waiting for deletion of password credential "${keyId}" from ${name}`, () =>
        graph.waitUntilStable(async () => findPassword(await graph.get(path), keyId) === undefined),
      );
    });
  },
};

async function readBack(graph: GraphApi, id: string, known: Properties) {
  const { application, keyId } = parseId(id);
  const app = await withSummary(
    `[application_id] Retrieving ${formatIdLabel("Application", application)}`,
    () => graph.find(`/applications/${application}`),
  );
  const found = app && findPassword(app, keyId);
  if (!found) return undefined;
  const outputs = {
    id,
    applicationId: `/applications/${application}`,
    displayName: found.displayName ?? "",
    endDate: found.endDateTime,
    endDateRelative: known.endDateRelative,
    keyId,
    rotateWhenChanged: known.rotateWhenChanged,
    startDate: found.startDateTime,
    // Graph shows the secret once; afterwards only the state has it.
    value: known.value,
  };
  return { id, outputs };
}

function findPassword(app: Properties, keyId: unknown): Properties | undefined {
  const expected = String(keyId).toLowerCase();
  return toRecords(app.passwordCredentials).find(({ keyId: key }) => String(key).toLowerCase() === expected);
}

function buildCredential(inputs: Properties): Properties {
  const { displayName, startDate, endDate, endDateRelative } = inputs;
  const relative =
    endDateRelative === undefined ? undefined : addDuration(startDate, String(endDateRelative));
  const end = endDate === undefined ? relative : dropFractions(endDate);
  return {
    ...(displayName !== undefined && { displayName }),
    ...(startDate !== undefined && { startDateTime: dropFractions(startDate) }),
    ...(end !== undefined && { endDateTime: end }),
  };
}

/**
 * Drops fractions of a second, as Go's RFC 3339 format does. A program that writes milliseconds therefore replaces the
 * secret at every `up`; the stand-in deliberately behaves the same.
 */
function dropFractions(instantText: unknown): string {
  return String(instantText).replace(/\.\d+/, "");
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Adds a Go duration such as `2400h30m` to `startDate`, or to now. */
function addDuration(startDate: unknown, duration: string): string {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== duration) {
    throw new Error(
      `[end_date_relative] Unable to parse \`end_date_relative\` ("${duration}") as a duration`,
    );
  }
  const start = startDate === undefined ? Date.now() : Date.parse(String(startDate));
  const length = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[String(unit)] ?? 0), 0);
  return dropFractions(new Date(start + length).toISOString());
}

function parseId(id: string): { application: string; keyId: string } {
  const [application, kind, keyId] = id.split("/");
  if (application && kind === "password" && keyId) return { application, keyId };
  throw new Error(
    `[id] Parsing password credential with ID "${id}": unable to parse Password ID: Object Resource ID should be in ` +
      `the format {objectId}/{type}/{subId} - but got "${id}"`,
  );
}
