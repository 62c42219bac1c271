import type { Clock } from "../clock";
import type { Faults } from "../faults/faults";
import type { TwinRequest } from "../http/requests";
import type { PlaceSeed, Seed } from "../seed/seed";
import type { PinMail } from "../store/cloudflare/account";
import type { Snapshot } from "./snapshot";

/** A mailed one-time PIN, without the twin's internal id. */
export type Mail = Omit<PinMail, "id">;

/** The members of the twin that programs in this process and the control API share. */
export interface ControllableTwin {
  /** Every request answered since the start or the last reset, in order of their answers. */
  readonly requests: readonly TwinRequest[];
  /** The one-time PINs that Access mailed, in order. No mail leaves the machine. */
  readonly mails: readonly Mail[];
  /** The twin's own clock, by which secrets and tokens expire; it can be set and frozen. */
  readonly clock: Clock;
  /** The injected faults. */
  readonly faults: Faults;
  /** Seconds on the twin's clock before a new client secret works at the token endpoint. Default: the seed's, or 0. */
  secretDelaySeconds: number;
  /** Seconds on the twin's clock before the token endpoint knows a new service principal. Default: the seed's, or 0. */
  principalDelaySeconds: number;
  /**
   * Replicas of the token endpoint. They authenticate clients in turn, and learn of new client secrets and service
   * principals one after another, the last one after the whole delay. Default: the seed's, or 1.
   */
  tokenReplicas: number;
  /**
   * The IP address and country that Access sees, by the local address of the connection (`127.0.0.1` for browsers).
   * Default: the seed's.
   */
  places: Readonly<Record<string, PlaceSeed>>;
  /**
   * Runs the cycles of provisioning that are due on the twin's clock, and resolves when they have ended. Without a call
   * they run when the clock is moved or, while it runs, within a second.
   */
  runProvisioning(): Promise<void>;
  /**
   * Signs tokens with a new key from now on. The previous key stays published, so that its tokens stay valid; older
   * keys are removed.
   */
  rotateSigningKey(): Promise<void>;
  /** Returns contents, clock and faults as plain JSON; secrets are in it as the twin stores them. */
  snapshot(): Snapshot;
  /**
   * Restores a snapshot of this twin or another. Sessions signed by another twin end.
   *
   * @throws InvalidInput, with nothing changed, when the snapshot is not valid
   */
  restore(snapshot: unknown): void;
  /** Replaces all contents by those of `seed` and resets the clock. Default: the seed the twin was started with. */
  reset(seed?: Seed): void;
}
