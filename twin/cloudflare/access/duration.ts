import { z } from "zod";

/** Such as `30m` or `2h45m`, in the units that Cloudflare names. */
export const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/, "want a duration such as 24h");
