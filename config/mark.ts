/** The mark of a stack: the tag of its applications in Entra, with which the names of their client secrets begin. */

/** The beginning of every mark. */
export const MARK_PREFIX = "entra-access:";

/**
 * Formats a mark, e.g. "entra-access:entra-access/payments".
 *
 * @param signIn the name of a sign-in that is not the only one of the stack to its tenant
 */
export function formatMark(project: string, stack: string, signIn?: string): string {
  return `${MARK_PREFIX}${project}/${stack}${signIn === undefined ? "" : `:${signIn}`}`;
}

/** Formats the display name of a client secret, e.g. "entra-access:entra-access/payments#7 sign-in". */
export function formatClientSecretName(mark: string, number: number, description: string): string {
  return `${mark}#${number} ${description}`;
}

/** Reads mark and number at the beginning of a client secret's display name; undefined if it has none. */
export function parseClientSecretName(name: string): { mark: string; number: number } | undefined {
  const [, mark, number] = /^(entra-access:[^#]+)#(\d+)(?:\s|$)/.exec(name) ?? [];
  return mark === undefined ? undefined : { mark, number: Number(number) };
}
