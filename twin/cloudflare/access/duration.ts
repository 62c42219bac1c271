import { z } from "zod";

/** A duration in Cloudflare's units, for example `30m` or `2h45m`. */
export const durationSchema = z
  .string()
  .regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/, "must be a duration such as 24h");
