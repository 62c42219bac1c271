import { z } from "zod";
import { parseMilliseconds } from "../../store/durations";

/** A duration in Cloudflare's units, for example `30m` or `2h45m`. */
export const durationSchema = z
  .string()
  .regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/, "must be a duration such as 24h");

/** A month, the longest session of a policy or an application. */
const LONGEST_SESSION = parseMilliseconds("730h");

/** https://developers.cloudflare.com/cloudflare-one/access-controls/access-settings/session-management/ */
export const sessionDurationSchema = durationSchema.refine(
  (duration) => parseMilliseconds(duration) <= LONGEST_SESSION,
  "must be at most a month",
);
