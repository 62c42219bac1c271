/** The date by which somebody has to decide about a policy that only reports. */

const DAY = 24 * 60 * 60 * 1000;

/** Days before the end of report-only from which previews warn and `verify` leaves its check open. */
const ALERT_DAYS = 7;

/**
 * Tells how urgent the decision is.
 *
 * @param decideBy the last day of report-only, in UTC, e.g. "2027-03-31"
 */
export function judgeDecision(decideBy: string, now: Date): "late" | "soon" | "later" {
  const daysLeft = (Date.parse(decideBy) + DAY - now.getTime()) / DAY;
  if (daysLeft <= 0) return "late";
  return daysLeft <= ALERT_DAYS ? "soon" : "later";
}
