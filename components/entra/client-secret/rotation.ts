import * as pulumi from "@pulumi/pulumi";
import { formatClientSecretName, parseClientSecretName } from "../../../config/mark";

const MINUTE = 60 * 1000;
export const DAY = 24 * 60 * MINUTE;

export interface RotationArgs {
  /** Days from one rotation to the next, e.g. 90. */
  periodDays: number;
  /** Days that a client secret overlaps with the next one, e.g. 30. */
  graceDays: number;
  /** Offset within the period, in hours; default: derived from mark and tenant, to spread a fleet. */
  phaseHours?: number | undefined;
  /** Directory (tenant) id. */
  tenantId: string;
  /** The tag of the stack, which begins the display name of the client secret. */
  mark: string;
  /** The end of the display name of the client secret. */
  description: string;
  /** The lowest number of the client secret; raising it above the deployed number rotates now. */
  rotation: number;
  /** The number that may follow while the client secret before the deployed one still overlaps. */
  force?: number | undefined;
  /** Client secrets up to this number do not overlap; if the deployed one is among them, it is replaced now. */
  compromised?: number | undefined;
}

/** A client secret with its dates, which are RFC 3339 in UTC and whole seconds. */
export interface Rotation {
  number: number;
  displayName: string;
  /** The time of its creation; absent for one of release 0.1.0. */
  startedAt?: string;
  /** The time at which the next one is due. */
  dueAt: string;
  /** The time at which Entra stops accepting it. */
  expiresAt: string;
  /** The time until which the client secret before it has to work; absent for the first. */
  graceEndsAt?: string;
  periodDays: number;
  graceDays: number;
  /** The marks that the stack had before it was renamed, by which it knows its earlier client secrets; absent if none. */
  formerMarks?: string[];
}

/** The client secret that Cloudflare has, with its key id in Entra. */
export type DeployedRotation = Rotation & { keyId: string };

/**
 * Plans the client secret that a stack has to have now. The deployed one stays as it is until the next is due or
 * requested, even if other settings change: another end date or display name would make another secret.
 *
 * Due times are phase + k * period / 2. A new secret gets the latest of them that is at most one period away. So a failed
 * `up` that runs again plans the same secret, a late one keeps the phase, and a secret lives for more than half a
 * period plus the overlap, and never longer than a period plus the overlap.
 *
 * @param last the deployed one; undefined before the first
 * @throws RunError if a rotation is requested within the overlap of the one before
 */
export function planRotation(args: RotationArgs, last: Rotation | undefined, now: Date): Rotation {
  const { periodDays, graceDays, compromised = 0 } = args;
  const grace = graceDays * DAY;
  const number = chooseNumber(args, last, now);
  if (last?.number === number) return endCompromisedOverlap(last, compromised);
  const formerMarks = listFormerMarks(args.mark, last);
  const isLost = last && compromised >= last.number;
  if (last && !isLost && now.getTime() < Date.parse(last.dueAt)) refuseWithinOverlap(args, last, now);
  const dueAt = findDueTime(args, now);
  return {
    number,
    displayName: formatClientSecretName(args.mark, number, args.description),
    startedAt: formatTime(now.getTime()),
    dueAt: formatTime(dueAt),
    expiresAt: formatTime(dueAt + grace),
    ...(last && { graceEndsAt: formatTime(now.getTime() + (isLost ? 0 : grace)) }),
    periodDays,
    graceDays,
    ...(formerMarks.length > 0 && { formerMarks }),
  };
}

function listFormerMarks(mark: string, last: Rotation | undefined): string[] {
  const known = new Set([
    ...(last?.formerMarks ?? []),
    parseClientSecretName(last?.displayName ?? "")?.mark ?? mark,
  ]);
  return [...known].filter((one) => one !== mark);
}

/** Chooses the deployed number, or a higher one if that is requested or due; a late rotation skips numbers. */
function chooseNumber(args: RotationArgs, last: Rotation | undefined, now: Date): number {
  const lowest = Math.max(args.rotation, (args.compromised ?? 0) + 1);
  if (!last) return lowest;
  const overdue = now.getTime() - Date.parse(last.dueAt);
  const due = overdue < 0 ? last.number : last.number + 1 + Math.floor(overdue / (args.periodDays * DAY));
  return Math.max(lowest, due);
}

function endCompromisedOverlap(last: Rotation, compromised: number): Rotation {
  const { number, startedAt, graceEndsAt } = last;
  const isCompromised = startedAt && graceEndsAt && compromised >= number - 1;
  return isCompromised ? { ...last, graceEndsAt: startedAt } : last;
}

function findDueTime({ periodDays, phaseHours, mark, tenantId }: RotationArgs, now: Date): number {
  const period = periodDays * DAY;
  const phase =
    phaseHours === undefined ? derivePhase(`${mark} ${tenantId}`, period) : phaseHours * 60 * MINUTE;
  const latest = now.getTime() + period;
  return latest - modulo(latest - phase, period / 2);
}

function refuseWithinOverlap({ force = 0 }: RotationArgs, last: Rotation, now: Date): void {
  const { number, graceEndsAt } = last;
  if (!graceEndsAt || now.getTime() >= Date.parse(graceEndsAt) || force > number) return;
  throw new pulumi.RunError(
    `credential.rotation must not be above ${number} until ${graceEndsAt}, when the client secret before number ` +
      `${number} stops working. Wait, or set credential.force to ${number + 1} as well (credential.compromised to ` +
      `${number} if the client secret has leaked).`,
  );
}

/** Derives a whole minute within the period from a text: FNV-1a, 32 bits. */
function derivePhase(text: string, period: number): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return ((hash >>> 0) % (period / MINUTE)) * MINUTE;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

export function formatTime(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
