import type { Client } from "@microsoft/microsoft-graph-client";
import type Cloudflare from "cloudflare";

/** Both clouds, as one person signed in to them sees them. */
export interface Clouds {
  readonly graph: Client;
  readonly cloudflare: Cloudflare;
  /** Cloudflare account id. */
  readonly accountId: string;
}
