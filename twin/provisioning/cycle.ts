import { randomUUID } from "node:crypto";
import type { Execution, SynchronizationJob, SynchronizedObject } from "../store/entra/synchronization";
import type { EntraTenant, Group, ServicePrincipal, User } from "../store/entra/tenant";
import type { Store } from "../store/store";
import { type Attributes, fromResource, listChanges, mapGroup, mapUser, toResource } from "./attributes";
import { ExportFailed, type ScimClient } from "./scim-client";
import { listScope } from "./scope";

const HOUR = 3600_000;
const DAY = 24 * HOUR;
/** A deleted user can be restored for this long; then the user is deleted in the service. */
const RESTORABLE = 30 * DAY;
const CORE = "urn:ietf:params:scim:schemas:core:2.0:";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/**
 * Returns the time of the next attempt: 6, 12 and 24 hours after the first failure, then each day.
 *
 * https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-quarantine-status
 */
export function getNextAttempt(firstFailure: string, attempts: number): string {
  const hours = [6, 12, 24][attempts - 1] ?? 24 * (attempts - 2);
  return new Date(Date.parse(firstFailure) + hours * HOUR).toISOString();
}

/** A cycle of a job: brings the service in line with who is assigned. */
export class Cycle {
  private exported = 0;
  private readonly now: string;
  private readonly failed = new Set<string>();

  constructor(
    store: Store,
    private readonly tenant: EntraTenant,
    private readonly principal: ServicePrincipal,
    private readonly job: SynchronizationJob,
    private readonly client: ScimClient,
  ) {
    this.now = store.now().toISOString();
  }

  /** @throws ConnectionFailed when the service cannot be used, ExportFailed when it has no time now */
  async run(): Promise<Execution> {
    const { users, groups } = listScope(this.tenant, this.principal);
    await this.client.test();
    for (const user of users) await this.export(user.id, () => this.provisionUser(user));
    for (const [id, link] of [...this.job.links])
      if (link.type === "User" && !users.some((user) => user.id === id))
        await this.export(id, () => this.deprovisionUser(id, link));
    for (const group of groups) await this.export(group.id, () => this.provisionGroup(group));
    for (const [id, link] of [...this.job.links])
      if (link.type === "Group" && !groups.some((group) => group.id === id))
        await this.export(id, () => this.delete("Groups", id, link));
    return this.describe(users.length + groups.length);
  }

  /**
   * Provisions one user now, whatever failed before.
   *
   * @returns the number of changes; undefined if the user is neither assigned nor in the service
   * @throws ExportFailed when the service refuses it
   */
  async provisionOne(user: User): Promise<number | undefined> {
    const isAssigned = listScope(this.tenant, this.principal).users.includes(user);
    const link = this.job.links.get(user.id);
    if (isAssigned) await this.provisionUser(user);
    else if (link) await this.deprovisionUser(user.id, link);
    else return undefined;
    this.job.escrows.delete(user.id);
    return this.exported;
  }

  private describe(countEntitled: number): Execution {
    return {
      id: randomUUID(),
      state: this.failed.size > 0 ? "EntryLevelErrors" : "Succeeded",
      beganAt: this.now,
      endedAt: this.now,
      countEntitled,
      countExported: this.exported,
      countEscrowed: this.job.escrows.size,
    };
  }

  /** Exports one object. A failure is kept, and repeated when its time has come. */
  private async export(id: string, run: () => Promise<void>): Promise<void> {
    const escrow = this.job.escrows.get(id);
    if (escrow && this.now < escrow.nextAttemptAt) return;
    try {
      await run();
      this.job.escrows.delete(id);
    } catch (error) {
      if (!(error instanceof ExportFailed)) throw error;
      this.failed.add(id);
      const attempts = (escrow?.attempts ?? 0) + 1;
      const firstFailedAt = escrow?.firstFailedAt ?? this.now;
      const nextAttemptAt = getNextAttempt(firstFailedAt, attempts);
      this.job.escrows.set(id, { error: error.message, firstFailedAt, nextAttemptAt, attempts });
    }
  }

  /** Creates or updates a user. One who is disabled and not in the service is not created. */
  private async provisionUser(user: User): Promise<void> {
    const attributes = mapUser(user, user.accountEnabled);
    const link = this.job.links.get(user.id);
    if (link) return this.update("Users", link, attributes);
    if (!user.accountEnabled) return;
    await this.create("Users", user.id, attributes, "userName");
  }

  /** Disables a user who is deleted or no longer assigned, and deletes one who cannot be restored any more. */
  private async deprovisionUser(id: string, link: SynchronizedObject): Promise<void> {
    if (this.tenant.users.has(id)) delete link.deletedAt;
    else link.deletedAt ??= this.now;
    if (link.deletedAt && Date.parse(this.now) - Date.parse(link.deletedAt) >= RESTORABLE)
      return this.delete("Users", id, link);
    await this.update("Users", link, { ...link.attributes, active: "False" });
  }

  private async provisionGroup(group: Group): Promise<void> {
    const attributes = mapGroup(group);
    const known = this.job.links.get(group.id);
    if (known) await this.update("Groups", known, attributes);
    else await this.create("Groups", group.id, attributes, "displayName");
    const link = this.job.links.get(group.id) as SynchronizedObject;
    const members = group.members.filter((id) => this.job.links.get(id)?.type === "User");
    await this.changeMembers(
      "Add",
      link,
      members.filter((id) => !link.members.includes(id)),
    );
    await this.changeMembers(
      "Remove",
      link,
      link.members.filter((id) => !members.includes(id)),
    );
    link.members = members;
  }

  private async changeMembers(op: "Add" | "Remove", link: SynchronizedObject, ids: string[]): Promise<void> {
    const value = ids.flatMap((id) => {
      const { targetId } = this.job.links.get(id) ?? {};
      return targetId === undefined ? [] : [{ $ref: null, value: targetId }];
    });
    if (value.length > 0) await this.patch(`/Groups/${link.targetId}`, [{ op, path: "members", value }]);
  }

  /** Creates an object, or adopts the one of the service that matches it. */
  private async create(
    kind: "Users" | "Groups",
    id: string,
    attributes: Attributes,
    matching: string,
  ): Promise<void> {
    const type = kind === "Users" ? "User" : "Group";
    const found = await this.client.find(kind, matching, attributes[matching] ?? "");
    if (found) {
      const link: SynchronizedObject = {
        type,
        targetId: found.id,
        attributes: fromResource(found),
        members: [],
      };
      this.job.links.set(id, link);
      return this.update(kind, link, attributes);
    }
    const sent = toResource(CORE + type, attributes);
    const { body } = await this.client.send(
      "POST",
      `/${kind}`,
      kind === "Groups" ? { ...sent, members: [] } : sent,
    );
    this.exported++;
    this.job.links.set(id, { type, targetId: String(body.id), attributes, members: [] });
  }

  private async update(kind: "Users" | "Groups", link: SynchronizedObject, after: Attributes): Promise<void> {
    const changes = listChanges(link.attributes, after);
    if (changes.length > 0) await this.patch(`/${kind}/${link.targetId}`, changes);
    link.attributes = after;
  }

  private async delete(
    kind: "Users" | "Groups",
    id: string,
    { targetId }: SynchronizedObject,
  ): Promise<void> {
    await this.client.send("DELETE", `/${kind}/${targetId}`);
    this.exported++;
    this.job.links.delete(id);
  }

  private async patch(path: string, Operations: object[]): Promise<void> {
    await this.client.send("PATCH", path, { schemas: [PATCH], Operations });
    this.exported++;
  }
}

/** Creates the record of a cycle that the service's failure ended. */
export function describeFailure(now: string, error: Error): Execution {
  return {
    id: randomUUID(),
    state: "Failed",
    error: { code: CREDENTIAL_ERROR, message: error.message },
    beganAt: now,
    endedAt: now,
    countEntitled: 0,
    countExported: 0,
    countEscrowed: 0,
  };
}

/** Entra's code for a service that it cannot use. */
export const CREDENTIAL_ERROR = "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable";
