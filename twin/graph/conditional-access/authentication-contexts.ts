import { z } from "zod";
import type { AuthenticationContext } from "../../store/entra/conditional-access";
import { type BodyRules, findByPath, type GraphOperation, getPathId, readBody } from "../call";
import { malformedRequest, resourceNotFound } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";

const TYPE = "identity/conditionalAccess/authenticationContextClassReferences";

const contextSchema = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.authenticationContextClassReference").optional(),
  displayName: z.string().min(1).nullable().optional(),
  description: z.string().nullable().optional(),
  isAvailable: z.boolean().optional(),
});

const rules: BodyRules = { type: "AuthenticationContextClassReference", readOnly: ["id"], notServed: [] };

/**
 * Operations on authentication contexts. A change of one that does not exist creates it.
 *
 * Sources: https://learn.microsoft.com/graph/api/conditionalaccessroot-list-authenticationcontextclassreferences,
 * `authenticationcontextclassreference-get` and `authenticationcontextclassreference-update`.
 */
export const authenticationContextOperations: GraphOperation[] = [
  {
    call: "GET /identity/conditionalAccess/authenticationContextClassReferences",
    query: PAGING_OPTIONS,
    handle: (call) => {
      const wires = [...call.tenant.authenticationContexts.values()].map((context) => ({ ...context }));
      return formatCollection(call, TYPE, wires);
    },
  },
  {
    call: "GET /identity/conditionalAccess/authenticationContextClassReferences/{id}",
    query: ["$select"],
    handle: (call) => {
      const missing = resourceNotFound("Authentication context");
      const context = findByPath(call, call.tenant.authenticationContexts, missing);
      return formatEntity(call, TYPE, { ...context });
    },
  },
  {
    call: "PATCH /identity/conditionalAccess/authenticationContextClassReferences/{id}",
    async handle(call) {
      const id = getPathId(call);
      if (!/^c[1-9]\d?$/.test(id)) throw malformedRequest(`Invalid authentication context id '${id}'.`);
      const { "@odata.type": _type, ...sent } = await readBody(call, contextSchema, rules);
      const { authenticationContexts } = call.tenant;
      const before = authenticationContexts.get(id) ?? createContext(id);
      authenticationContexts.set(id, { ...before, ...sent } as AuthenticationContext);
      return null;
    },
  },
];

function createContext(id: string): AuthenticationContext {
  return { id, displayName: null, description: null, isAvailable: false };
}
