/** The identity provider of Access, with one call per operation; an update sends the whole body. */

import type { ResourceType } from "../bridge/resource";
import { getTerraformName } from "../bridge/table/properties";
import { isRecord, type Properties, UNKNOWN } from "../bridge/values";
import { type CloudflareApi, getScopePath, orUndefined, parseImportId, pickScope } from "./api";
import { findTypeOfSetting, identityProviderTable } from "./identity-provider-table";
import { fromApi, toApi } from "./naming";

const { accountId: _account, zoneId: _zone, ...body } = identityProviderTable;

export const identityProviderResource: ResourceType<CloudflareApi> = {
  terraform: "cloudflare_zero_trust_access_identity_provider",
  meta: '{"schema_version":"500"}',
  table: identityProviderTable,

  validate(inputs, name) {
    const config = inputs.config;
    if (!isRecord(config) || typeof inputs.type !== "string" || inputs.type === UNKNOWN) return [];
    if (inputs.type === "onetimepin" && inputs.scimConfig !== undefined) {
      const reason =
        'Invalid Attribute Combination. "scim_config" can not be set if "type" is one of: "onetimepin"';
      return [`${reason}. Examine values at '${name}.scimConfig'.`];
    }
    return Object.keys(config).flatMap((setting) => {
      const type = findTypeOfSetting(setting);
      if (!type || type === inputs.type) return [];
      const key = `config.${getTerraformName(setting, { type: "string" })}`;
      const reason = `Invalid Attribute Combination. "${key}" can only be set if "type" is one of: "${type}"`;
      return [`${reason}. Examine values at '${name}.config.${setting}'.`];
    });
  },

  async plan(_cloudflare, state, inputs) {
    // With `deleteBeforeReplace` on the password the engine plans an unknown `config`, on which the real plugin fails
    // with this error. Without it, tests would not reveal the problem.
    if (state && inputs.config === UNKNOWN) throw new Error(UNKNOWN_CONFIG);
  },

  async create(cloudflare, inputs) {
    const answer = await cloudflare.call(
      "POST",
      `${getScopePath(inputs)}/access/identity_providers`,
      toApi(body, inputs),
    );
    const id = String(answer.id);
    const config = { ...readSection(answer, "config"), ...pickClientSecret(inputs) };
    return { id, outputs: { ...pickScope(inputs), ...fromApi(body, answer), config, id } };
  },

  async read(cloudflare, id, state, imported) {
    const at = imported ? parseImportId(id, "identity_provider_id") : { scope: pickScope(state), id };
    const answer = await orUndefined(() =>
      cloudflare.call("GET", `${getScopePath(at.scope)}/access/identity_providers/${at.id}`),
    );
    return answer && { id: at.id, outputs: { ...at.scope, ...normalize(answer, state), id: at.id } };
  },

  async update(cloudflare, id, state, inputs) {
    const config = { ...clearRemoved(state, inputs), ...getSection(inputs, "config") };
    // A one-time PIN provider has none, and Access refuses it.
    const scimConfig = Object.keys(getSection(state, "scimConfig")).length > 0 && {
      scimConfig: state.scimConfig,
    };
    const sent = toApi(body, { ...scimConfig, ...inputs, config });
    const answer = await cloudflare.call(
      "PUT",
      `${getScopePath(inputs)}/access/identity_providers/${id}`,
      sent,
    );
    const outputs = normalize(answer, { ...state, config: inputs.config });
    if (isEnablingScim(state, inputs)) outputs.scimConfig = fromApi(body, answer).scimConfig;
    return { ...pickScope(inputs), ...outputs, id };
  },

  async delete(cloudflare, id, state) {
    await cloudflare.call("DELETE", `${getScopePath(state)}/access/identity_providers/${id}`);
  },
};

/**
 * Adds to the answer what the API does not show: an omitted client secret, and the SCIM secret, which is shown once. A
 * masked client secret ("****") is taken as it is and so always differs: the API must omit it.
 */
function normalize(answer: Properties, known: Properties): Properties {
  const outputs = fromApi(body, answer);
  const [config, before] = [readSection(answer, "config"), getSection(known, "config")];
  for (const name of ["conditionalAccessEnabled", "supportGroups", "signRequest"]) {
    if (config[name] || before[name]) continue;
    if (before[name] === undefined) delete config[name];
    else config[name] = before[name];
  }
  if (config.clientSecret === undefined) Object.assign(config, pickClientSecret(known));
  outputs.config = config;
  const { secret, scimBaseUrl } = getSection(known, "scimConfig");
  if (outputs.scimConfig) {
    outputs.scimConfig = {
      ...getSection(outputs, "scimConfig"),
      ...(secret !== undefined && { secret }),
      ...(scimBaseUrl !== undefined && { scimBaseUrl }),
    };
  }
  return outputs;
}

/** Returns null for settings that were removed from the program, like the real plugin (6.17.0). */
function clearRemoved(state: Properties, inputs: Properties): Properties {
  const [before, now] = [getSection(state, "config"), getSection(inputs, "config")];
  const removed = Object.keys(before).filter((name) => before[name] != null && now[name] === undefined);
  return Object.fromEntries(removed.map((name) => [name, null]));
}

/** Tells if an update enables SCIM, whose answer is the only one that shows the new secret. */
function isEnablingScim(state: Properties, inputs: Properties): boolean {
  return !getSection(state, "scimConfig").enabled && getSection(inputs, "scimConfig").enabled === true;
}

function pickClientSecret(values: Properties): Properties {
  const secret = getSection(values, "config").clientSecret;
  return secret === undefined ? {} : { clientSecret: secret };
}

function readSection(answer: Properties, name: string): Properties {
  return getSection(fromApi(body, answer), name);
}

function getSection(values: Properties, name: string): Properties {
  const value = values[name];
  return isRecord(value) ? value : {};
}

const UNKNOWN_CONFIG =
  '1 error occurred:\n\t* AttributeName("config"): Value Conversion Error - An unexpected error was encountered trying ' +
  "to build a value. This is always an error in the provider. Please report the following to the provider developer:\n\n" +
  "Received unknown value, however the target type cannot handle unknown values. Use the corresponding `types` package " +
  "type or a custom type that handles unknown values.\n\nPath: config\n\n";
