import type { Bridge } from "./table/check";

export function getMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Formats the message of an error as the bridge of the real plugin does. */
export function formatError(bridge: Bridge, error: unknown): string {
  return bridge === "sdk" ? `1 error occurred:\n\t* ${getMessage(error)}\n\n` : getMessage(error);
}

/** Runs a call whose errors get the prefix that Terraform's SDK gives them; its framework gives none. */
export async function prefixErrors<T>(bridge: Bridge, prefix: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new Error(bridge === "sdk" ? prefix + formatError(bridge, error) : getMessage(error));
  }
}
