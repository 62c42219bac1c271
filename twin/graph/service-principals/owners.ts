import type { Call, Operation } from "../call";
import { directoryObjects } from "../directory-objects";
import { bound, OWNERS, referenceOperations } from "../references";

/** An application or a service principal. */
interface Owned {
  owners: string[];
}

/**
 * The calls on the owners of one kind of object. Nothing keeps the last owner: Microsoft recommends two and demands
 * none, unlike for groups.
 *
 * @param path of the kind, for example `/applications`
 * @param object the object that the path names
 * @param changeable the same, once the caller may change it
 */
export function ownerOperations(
  path: string,
  object: (call: Call) => Owned,
  changeable: (call: Call) => Owned,
): Operation[] {
  return [
    {
      call: `GET ${path}/{id}/owners`,
      handle: (call) => ({ status: 200, body: directoryObjects(call, object(call).owners) }),
    },
    ...referenceOperations(path, OWNERS, (call) => {
      const owned = changeable(call);
      return {
        ids: owned.owners,
        set(ids) {
          owned.owners = ids;
        },
      };
    }),
  ];
}

/**
 * The owners that a body binds, by `owners@odata.bind`; the caller, when it binds none.
 *
 * Source: https://learn.microsoft.com/graph/permissions-reference, `Application.ReadWrite.OwnedBy`: who creates
 * an application owns it.
 */
export function boundOwners(call: Call, urls: string[] | undefined): string[] {
  if (!urls || urls.length === 0) return [call.caller.principal.id];
  return bound(call, OWNERS, urls);
}
