/** The identity provider of Access: every operation is one call, and an update sends the whole body. */

import { terraformName } from "../properties";
import type { Resource } from "../resource";
import { isRecord, type Properties, UNKNOWN } from "../values";
import { type Cloudflare, found, importedId, scope, scopeOf } from "./api";
import { identityProviderTable, TYPE_OF_SETTING } from "./identity-provider-table";
import { fromApi, toApi } from "./naming";

const { accountId: _account, zoneId: _zone, ...body } = identityProviderTable;

export const identityProvider: Resource<Cloudflare> = {
  terraform: "cloudflare_zero_trust_access_identity_provider",
  meta: '{"schema_version":"500"}',
  table: identityProviderTable,

  validate(inputs, name) {
    const config = inputs.config;
    if (!isRecord(config) || typeof inputs.type !== "string" || inputs.type === UNKNOWN) return [];
    if (inputs.type === "onetimepin" && inputs.scimConfig !== undefined) {
      const reason =
        'Invalid Attribute Combination. "scim_config" can not be set if "type" is one of: "onetimepin"';
      return [{ property: "", reason: `${reason}. Examine values at '${name}.scimConfig'.` }];
    }
    return Object.keys(config).flatMap((setting) => {
      const type = TYPE_OF_SETTING[setting];
      if (!type || type === inputs.type) return [];
      const key = `config.${terraformName(setting, { type: "string" })}`;
      const reason = `Invalid Attribute Combination. "${key}" can only be set if "type" is one of: "${type}"`;
      return [{ property: "", reason: `${reason}. Examine values at '${name}.config.${setting}'.` }];
    });
  },

  async plan(_cloudflare, state, inputs) {
    // With `deleteBeforeReplace` on the password the engine asks what an unknown `config` would do, and the real
    // plugin fails in just this way. A stand-in that did not would hide it until production.
    if (state && inputs.config === UNKNOWN) throw new Error(UNKNOWN_CONFIG);
  },

  async create(cloudflare, inputs) {
    const answer = await cloudflare.call(
      "POST",
      `${scopeOf(inputs)}/access/identity_providers`,
      toApi(body, inputs),
    );
    const id = String(answer.id);
    const config = { ...fromSection(answer, "config"), ...clientSecret(inputs) };
    return { id, outputs: { ...scope(inputs), ...fromApi(body, answer), config, id } };
  },

  async read(cloudflare, id, state, imported) {
    const at = imported ? importedId(id, "identity_provider_id") : { scope: scope(state), id };
    const answer = await found(() =>
      cloudflare.call("GET", `${scopeOf(at.scope)}/access/identity_providers/${at.id}`),
    );
    return answer && { id: at.id, outputs: { ...at.scope, ...normalized(answer, state), id: at.id } };
  },

  async update(cloudflare, id, state, inputs) {
    const config = { ...cleared(state, inputs), ...section(inputs, "config") };
    // A one-time PIN has none, and Access takes none for it.
    const scimConfig = Object.keys(section(state, "scimConfig")).length > 0 && {
      scimConfig: state.scimConfig,
    };
    const sent = toApi(body, { ...scimConfig, ...inputs, config });
    const answer = await cloudflare.call("PUT", `${scopeOf(inputs)}/access/identity_providers/${id}`, sent);
    const outputs = normalized(answer, { ...state, config: inputs.config });
    if (enabling(state, inputs)) outputs.scimConfig = fromApi(body, answer).scimConfig;
    return { ...scope(inputs), ...outputs, id };
  },

  async delete(cloudflare, id, state) {
    await cloudflare.call("DELETE", `${scopeOf(state)}/access/identity_providers/${id}`);
  },
};

/**
 * The answer, with what the API does not show taken from what is known: an absent client secret, and the SCIM secret,
 * which is shown once. A masked client secret ("****") is believed, and so differs for ever: the API must leave it out.
 */
function normalized(answer: Properties, known: Properties): Properties {
  const outputs = fromApi(body, answer);
  const [config, before] = [fromSection(answer, "config"), section(known, "config")];
  for (const name of ["conditionalAccessEnabled", "supportGroups", "signRequest"]) {
    if (config[name] || before[name]) continue;
    if (before[name] === undefined) delete config[name];
    else config[name] = before[name];
  }
  if (config.clientSecret === undefined) Object.assign(config, clientSecret(known));
  outputs.config = config;
  const { secret, scimBaseUrl } = section(known, "scimConfig");
  if (outputs.scimConfig) {
    outputs.scimConfig = {
      ...section(outputs, "scimConfig"),
      ...(secret !== undefined && { secret }),
      ...(scimBaseUrl !== undefined && { scimBaseUrl }),
    };
  }
  return outputs;
}

/** Settings that the program no longer has: the real plugin sends them as null, seen with 6.17.0's code. */
function cleared(state: Properties, inputs: Properties): Properties {
  const [before, now] = [section(state, "config"), section(inputs, "config")];
  const gone = Object.keys(before).filter((name) => before[name] != null && now[name] === undefined);
  return Object.fromEntries(gone.map((name) => [name, null]));
}

/** SCIM switched on: the API makes a secret, and shows it in this answer alone. */
function enabling(state: Properties, inputs: Properties): boolean {
  return !section(state, "scimConfig").enabled && section(inputs, "scimConfig").enabled === true;
}

function clientSecret(values: Properties): Properties {
  const secret = section(values, "config").clientSecret;
  return secret === undefined ? {} : { clientSecret: secret };
}

function fromSection(answer: Properties, name: string): Properties {
  return section(fromApi(body, answer), name);
}

function section(values: Properties, name: string): Properties {
  const value = values[name];
  return isRecord(value) ? value : {};
}

const UNKNOWN_CONFIG =
  '1 error occurred:\n\t* AttributeName("config"): Value Conversion Error - An unexpected error was encountered trying ' +
  "to build a value. This is always an error in the provider. Please report the following to the provider developer:\n\n" +
  "Received unknown value, however the target type cannot handle unknown values. Use the corresponding `types` package " +
  "type or a custom type that handles unknown values.\n\nPath: config\n\n";
