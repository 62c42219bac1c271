import type { RotationArgs } from "../../../components/entra/client-secret/rotation";
import { tenantId } from "../../support/mocks";

/** The time of the plans in tests. */
export const now = new Date("2026-11-23T12:34:56.789Z");

/** A first rotation with the default period and overlap. */
export const rotationArgs: RotationArgs = {
  periodDays: 90,
  graceDays: 30,
  tenantId,
  mark: "entra-access:entra-access/test",
  description: "sign-in",
  rotation: 1,
};
