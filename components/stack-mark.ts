import * as pulumi from "@pulumi/pulumi";

/** What says in Entra which stack owns an application: one of its tags, e.g. "entra-access:entra-access/payments". */
export function stackMark(): string {
  return `entra-access:${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** Display name of a client secret: whose it is and which of them, e.g. "entra-access:entra-access/payments#7 sign-in". */
export function credentialName(rotation: number, description: string, mark = stackMark()): string {
  return `${mark}#${rotation} ${description}`;
}
