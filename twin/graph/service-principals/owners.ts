import type { GraphCall, GraphOperation } from "../call";
import { formatDirectoryObjects } from "../directory-objects";
import { createReferenceOperations, OWNERS, resolveBoundReferences } from "../references";

/** An object with owners: an application or a service principal. */
interface Owned {
  owners: string[];
}

/**
 * Creates the operations on the owners of a kind of object. Unlike for groups, the last owner may be removed: Microsoft
 * recommends two owners and requires none.
 *
 * @param path of the kind, for example `/applications`
 * @param findObject finds the object of the path
 * @param findChangeable finds it if the caller may change it
 */
export function createOwnerOperations(
  path: string,
  findObject: (call: GraphCall) => Owned,
  findChangeable: (call: GraphCall) => Owned,
): GraphOperation[] {
  return [
    {
      call: `GET ${path}/{id}/owners`,
      handle: (call) => formatDirectoryObjects(call, findObject(call).owners),
    },
    ...createReferenceOperations(path, OWNERS, (call) => {
      const owned = findChangeable(call);
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
 * Resolves the owners that a body binds with `owners@odata.bind`; the caller, when it binds none.
 *
 * Source: https://learn.microsoft.com/graph/permissions-reference, `Application.ReadWrite.OwnedBy`: the creator of an
 * application owns it.
 */
export function resolveOwners(call: GraphCall, urls: string[] | undefined): string[] {
  const { user, principal } = call.caller;
  // Whoever creates it by a directory role does not become its owner.
  if (!urls || urls.length === 0) return user ? [] : [principal.id];
  return resolveBoundReferences(call, OWNERS, urls);
}
