/** The resource option `ignoreChanges`, as the real plugins' bridges implement it. */
import { isRecord, type Properties } from "../values";

/**
 * Replaces the inputs at the paths by what the state has, so that they do not differ and an update sends what is there.
 *
 * @param paths in Pulumi's notation, without indexes: `notes`, `web.homepageUrl`
 */
export function keepIgnored(state: Properties, inputs: Properties, paths: readonly string[]): Properties {
  return paths.reduce((result, path) => keepPath(state, result, path.split(".")), inputs);
}

function keepPath(state: Properties, inputs: Properties, [name = "", ...rest]: string[]): Properties {
  const { [name]: given, ...others } = inputs;
  const old = state[name];
  if (rest.length === 0) return old === undefined || old === null ? others : { ...others, [name]: old };
  if (!isRecord(old) && !isRecord(given)) return inputs;
  return { ...others, [name]: keepPath(isRecord(old) ? old : {}, isRecord(given) ? given : {}, rest) };
}
