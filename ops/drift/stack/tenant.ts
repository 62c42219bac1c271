import type { Deployment } from "@pulumi/pulumi/automation";
import { connectClouds, type DeployerClouds } from "../../clients/deployer";
import {
  findTenantName,
  readApplicationIds,
  readTenantState,
  type TenantState,
} from "../../recovery/tenant-state";
import { OWN_TENANT, prefixTenant, type StackTenant } from "../../tenants";
import type { Difference, Gap, RotationState, Trace, Unowned } from "../report";
import { AuditLog } from "./audit";
import { extrasOf } from "./extras";

/** One tenant of a stack, as its deployer sees it. */
export class TenantSight {
  private constructor(
    private readonly clouds: DeployerClouds,
    private readonly known: TenantState,
    private readonly log: AuditLog,
  ) {}

  /** @param since when the stack itself changed something last */
  static async of({ name, settings }: StackTenant, state: Deployment, since: Date): Promise<TenantSight> {
    const clouds = await connectClouds(settings);
    return new TenantSight(clouds, readTenantState(state, name), new AuditLog(clouds.graph, since));
  }

  get name(): string {
    return this.known.tenant;
  }

  /** What hangs on the application and is in no state. */
  async extras(mark: string): Promise<{ unowned: Unowned[]; gaps: Gap[] }> {
    const { unowned, gaps } = await extrasOf(this.clouds, { known: this.known, mark, log: this.log });
    return {
      unowned: unowned.map((one) => ({ ...one, ...this.whose })),
      gaps: gaps.map((gap) => this.own(gap)),
    };
  }

  /** What its audit log tells of a difference in this tenant. */
  async tracesOf({ resource, type, kind }: Difference): Promise<readonly Trace[]> {
    if (kind === "settings" || findTenantName(resource) !== this.name) return [];
    const id = this.objectIdOf(type);
    return id === undefined ? [] : this.log.of(id);
  }

  /** Set once the audit log could not be read. */
  get gap(): Gap | undefined {
    return this.log.gap && this.own(this.log.gap);
  }

  /** @param rotates whether the next `up` makes another secret, whatever the time */
  rotation(rotates: boolean): { rotation?: RotationState } {
    if (!this.known.deployed) return {};
    const { number, keyId, dueAt, expiresAt } = this.known.deployed;
    const due = rotates || Date.parse(dueAt) <= this.clouds.entra.now().getTime();
    return { rotation: { number, keyId, dueAt, expiresAt, due } };
  }

  private get whose() {
    return this.name === OWN_TENANT ? {} : { identityProvider: this.name };
  }

  private own(gap: Gap): Gap {
    return { ...gap, what: prefixTenant(this.name, gap.what) };
  }

  /** Under which object of the tenant the audit log has a resource. */
  private objectIdOf(type: string): string | undefined {
    if (/ (Application|ApplicationPassword)$/.test(type)) return readApplicationIds(this.known)?.id;
    if (!/ ServicePrincipal/.test(type)) return undefined;
    return this.known.resources.get("servicePrincipal")?.outputs?.objectId as string | undefined;
  }
}
