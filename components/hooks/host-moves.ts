import * as pulumi from "@pulumi/pulumi";
import { adviseWildcard } from "../identifiers";

/**
 * Creates a hook for applications that refuses to move a host name to another one: Cloudflare accepts it there only
 * after the first one has given it up, so nothing would protect it in between, and for good if the second change fails.
 *
 * @param hostnames the host names of all applications, by resource name
 */
export function createMoveHook(
  name: string,
  hostnames: Readonly<Record<string, readonly string[]>>,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, ({ name: resource, oldInputs, newInputs }) => {
    const kept = new Set(listPublicHostnames(newInputs));
    const given = listPublicHostnames(oldInputs).filter((hostname) => !kept.has(hostname));
    for (const hostname of given) {
      const owner = Object.keys(hostnames).find(
        (other) => other !== resource && hostnames[other]?.map(withoutWildcard).includes(hostname),
      );
      if (owner === undefined) continue;
      throw new Error(
        `${hostname} must not move from ${resource} to ${owner} in one update. ${adviseWildcard(hostname)}`,
      );
    }
  });
}

/** Lists the host names of an application's inputs, without a final wildcard, which covers no more. */
function listPublicHostnames(
  inputs: { destinations?: { type?: string; uri?: string }[] } | undefined,
): string[] {
  return (inputs?.destinations ?? []).flatMap(({ uri }) => (uri === undefined ? [] : [withoutWildcard(uri)]));
}

const withoutWildcard = (hostname: string) => hostname.toLowerCase().replace(/\/\*$/, "");
