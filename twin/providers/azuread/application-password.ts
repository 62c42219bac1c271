/** `azuread:index/applicationPassword:ApplicationPassword`. Its id is `<application object id>/password/<key id>`. */

import type { Graph } from "../microsoft-graph/client";
import { applicationId, instant, notEmpty } from "../microsoft-graph/expectations";
import { label, naming, objectId } from "../microsoft-graph/identity";
import { records } from "../microsoft-graph/wire";
import { mapOf, type Table, text } from "../properties";
import type { Resource } from "../resource";
import type { Properties } from "../values";

/** Whatever changes, a new secret replaces the old one. */
const replaces = { replaces: true };

const table: Table = {
  applicationId: text({ ...replaces, required: true, expect: applicationId }),
  displayName: text({ ...replaces, computed: true }),
  endDate: text({ ...replaces, computed: true, expect: instant, conflicts: "endDateRelative" }),
  endDateRelative: text({ ...replaces, expect: notEmpty, conflicts: "endDate" }),
  keyId: text({ output: true }),
  rotateWhenChanged: mapOf(text(), replaces),
  startDate: text({ ...replaces, computed: true, expect: instant }),
  value: text({ output: true, secret: true }),
};

export const applicationPassword: Resource<Graph> = {
  terraform: "azuread_application_password",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":900000000000,"delete":300000000000,"read":300000000000,"update":300000000000},"schema_version":"1"}',
  // None: a secret cannot be read back.
  importable: /^$/,
  table,

  async create(graph, inputs) {
    const application = objectId(String(inputs.applicationId), "applications");
    const [path, name] = [`/applications/${application}`, label("Application", application)];
    const passwordCredential = credential(inputs);
    return graph.exclusively(async () => {
      const app = await naming(`[application_id] Retrieving ${name}`, () => graph.find(path));
      if (!app) throw new Error(`[application_id] ${name} was not found`);
      const added = await naming(`Adding password for ${name}`, () =>
        graph.post(`${path}/addPassword`, { passwordCredential }),
      );
      const { keyId, secretText } = added;
      if (!keyId || !secretText)
        throw new Error(`API error adding password for ${name}: nil or empty keyId or password received`);
      const seen = await naming(`Waiting for password credential for ${name}`, () =>
        graph.settle(async () => held(await graph.get(path), keyId) !== undefined),
      );
      if (!seen)
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
    const { application, keyId } = parse(id);
    const [path, name] = [`/applications/${application}`, label("Application", application)];
    await graph.exclusively(async () => {
      await naming(`Removing password credential "${keyId}" from ${name}`, () =>
        graph.post(`${path}/removePassword`, { keyId }),
      );
      await naming(`Waiting for deletion of password credential "${keyId}" from ${name}`, () =>
        graph.settle(async () => held(await graph.get(path), keyId) === undefined),
      );
    });
  },
};

async function readBack(graph: Graph, id: string, known: Properties) {
  const { application, keyId } = parse(id);
  const app = await naming(`[application_id] Retrieving ${label("Application", application)}`, () =>
    graph.find(`/applications/${application}`),
  );
  const found = app && held(app, keyId);
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
    // Graph shows it once; afterwards only the state has it.
    value: known.value,
  };
  return { id, outputs };
}

function held(app: Properties, keyId: unknown): Properties | undefined {
  const wanted = String(keyId).toLowerCase();
  return records(app.passwordCredentials).find(({ keyId: key }) => String(key).toLowerCase() === wanted);
}

function credential(inputs: Properties): Properties {
  const { displayName, startDate, endDate, endDateRelative } = inputs;
  const relative = endDateRelative === undefined ? undefined : later(startDate, String(endDateRelative));
  const end = endDate === undefined ? relative : wholeSeconds(endDate);
  return {
    ...(displayName !== undefined && { displayName }),
    ...(startDate !== undefined && { startDateTime: wholeSeconds(startDate) }),
    ...(end !== undefined && { endDateTime: end }),
  };
}

/**
 * Go's RFC 3339 format has no fractions. A program that writes milliseconds therefore never finds them in the state
 * again, and the secret is replaced at every `up`: the stand-in keeps that trap.
 */
function wholeSeconds(instantText: unknown): string {
  return String(instantText).replace(/\.\d+/, "");
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `startDate`, or now, plus a Go duration such as `2400h30m`. */
function later(startDate: unknown, duration: string): string {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== duration) {
    throw new Error(
      `[end_date_relative] Unable to parse \`end_date_relative\` ("${duration}") as a duration`,
    );
  }
  const start = startDate === undefined ? Date.now() : Date.parse(String(startDate));
  const length = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[String(unit)] ?? 0), 0);
  return wholeSeconds(new Date(start + length).toISOString());
}

function parse(id: string): { application: string; keyId: string } {
  const [application, kind, keyId] = id.split("/");
  if (application && kind === "password" && keyId) return { application, keyId };
  throw new Error(
    `[id] Parsing password credential with ID "${id}": unable to parse Password ID: Object Resource ID should be in ` +
      `the format {objectId}/{type}/{subId} - but got "${id}"`,
  );
}
