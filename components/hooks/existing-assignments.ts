import * as pulumi from "@pulumi/pulumi";
import { createSearchHook } from "./search-hook";

/**
 * Creates a hook for `beforeCreate` of app role assignments that says how to use one that Entra has already. The provider
 * cannot look for it, its error does not say what to do, and no hook runs after it.
 */
export function createAssignmentNotice(name: string): pulumi.ResourceHook {
  let isLogged = false;
  return createSearchHook(`${name}-assignments-may-exist`, async () => {
    if (isLogged) return;
    isLogged = true;
    await pulumi.log.info(
      'If Entra answers "Permission being assigned already exists on the object", somebody or an interrupted update has ' +
        `assigned it: \`npx entra-access up ${pulumi.getStack()}\` imports it and completes this update.`,
    );
  });
}
