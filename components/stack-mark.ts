import * as pulumi from "@pulumi/pulumi";

/**
 * Returns the tag that says in Entra which stack owns an application, e.g. "entra-access:entra-access/payments".
 *
 * @param signIn the name of a sign-in that is not the only one of the stack to its tenant
 */
export function getStackMark(signIn?: string): string {
  return `entra-access:${pulumi.getProject()}/${pulumi.getStack()}${signIn === undefined ? "" : `:${signIn}`}`;
}

/** Reads the mark at the beginning of a client secret's display name; undefined if it has none. */
export function readMark(clientSecretName: string): string | undefined {
  return /^(entra-access:[^#]+)#\d+(\s|$)/.exec(clientSecretName)?.[1];
}

/** Returns the display name of a client secret, e.g. "entra-access:entra-access/payments#7 sign-in". */
export function formatClientSecretName(mark: string, number: number, description: string): string {
  return `${mark}#${number} ${description}`;
}
