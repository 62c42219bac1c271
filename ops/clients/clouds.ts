import type { Client } from "@microsoft/microsoft-graph-client";
import type { CloudflareClient } from "./cloudflare";

/** Clients for both clouds, signed in. */
export interface Clouds {
  readonly graph: Client;
  readonly cloudflare: CloudflareClient;
  readonly accountId: string;
}
