import type { Deployment } from "@pulumi/pulumi/automation";
import { OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import { connectClouds, type DeployerClouds } from "../../clients/deployer";
import {
  findTenantName,
  readApplicationIds,
  readTenantState,
  type TenantState,
} from "../../recovery/tenant-state";
import type { StackReader } from "../../stacks/stack-reader";
import { prefixTenant, type StackTenant } from "../../tenants";
import type { AuditEntry, Difference, RotationState, UncheckedPart, UnmanagedObject } from "../report";
import { DirectoryAuditLog } from "./directory-audit-log";
import { findUnmanagedObjects } from "./unmanaged";

/** The check of one tenant of a stack, signed in as the tenant's deployer. */
export class TenantCheck {
  private constructor(
    private readonly clouds: DeployerClouds,
    private readonly markedSignIn: string | undefined,
    private readonly known: TenantState,
    private readonly log: DirectoryAuditLog,
  ) {}

  /** @param since the time at which the stack last changed something itself */
  static async open(
    { name, settings, markedSignIn }: StackTenant,
    state: Deployment,
    since: Date,
  ): Promise<TenantCheck> {
    const clouds = await connectClouds(settings);
    return new TenantCheck(
      clouds,
      markedSignIn,
      readTenantState(state, name),
      new DirectoryAuditLog(clouds.graph, since),
    );
  }

  get name(): string {
    return this.known.signIn;
  }

  /** @param stack recognizes its own objects by their tag */
  async findUnmanaged(
    stack: Pick<StackReader, "mark">,
  ): Promise<{ objects: UnmanagedObject[]; unchecked: UncheckedPart[] }> {
    const { known, log } = this;
    const mark = await stack.mark(this.markedSignIn);
    const { objects, unchecked } = await findUnmanagedObjects(this.clouds, { known, mark, log });
    const identityProvider = this.name === OWN_IDENTITY_PROVIDER ? {} : { identityProvider: this.name };
    return {
      objects: objects.map((object) => ({ ...object, ...identityProvider })),
      unchecked: unchecked.map((part) => this.addName(part)),
    };
  }

  /** Reads the audit log entries of a difference; there are none unless the difference is drift in this tenant. */
  async readAuditEntries({ resource, type, kind }: Difference): Promise<readonly AuditEntry[]> {
    if (kind === "not deployed" || findTenantName(resource) !== this.name) return [];
    const id = this.findObjectId(type);
    return id === undefined ? [] : this.log.read(id);
  }

  /** The audit log, once it could not be read. */
  get unchecked(): UncheckedPart | undefined {
    return this.log.unchecked && this.addName(this.log.unchecked);
  }

  /** @param isRotating true if the next `up` rotates the client secret, whatever the time */
  readRotation(isRotating: boolean): { rotation?: RotationState } {
    return readRotationState(this.known, this.clouds.entra.now(), isRotating);
  }

  private addName(part: UncheckedPart): UncheckedPart {
    return { ...part, subject: prefixTenant(this.name, part.subject) };
  }

  /** Finds the id of the directory object to which the audit log attributes changes of a resource type. */
  private findObjectId(type: string): string | undefined {
    if (/ (Application|ApplicationPassword)$/.test(type)) return readApplicationIds(this.known)?.id;
    if (!/ ServicePrincipal/.test(type)) return undefined;
    return this.known.resources.get("servicePrincipal")?.outputs?.objectId as string | undefined;
  }
}

/**
 * Reads the client secret in use at a tenant from the state.
 *
 * @param isRotating true if the next `up` rotates it, whatever the time; default: only the time decides
 */
export function readRotationState(
  { deployed }: TenantState,
  now: Date,
  isRotating = false,
): { rotation?: RotationState } {
  if (!deployed) return {};
  const { number, keyId, dueAt, expiresAt } = deployed;
  return {
    rotation: { number, keyId, dueAt, expiresAt, due: isRotating || Date.parse(dueAt) <= now.getTime() },
  };
}
