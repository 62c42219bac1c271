import type { Client } from "@microsoft/microsoft-graph-client";
import type Cloudflare from "cloudflare";

/** Clients for both clouds, signed in. */
export interface Clouds {
  readonly graph: Client;
  readonly cloudflare: Cloudflare;
  readonly accountId: string;
}
