/** The common form of the plugin's resources, which reads an object back after each call that changes it. */
import type { ResourceType } from "../../bridge/resource";
import type { Properties } from "../../bridge/values";
import { type GraphApi, isNotFound, type Retry } from "./client";

type Operations = Pick<ResourceType<GraphApi>, "create" | "read" | "update">;

export interface GraphResource extends Omit<ResourceType<GraphApi>, keyof Operations> {
  /** Creates the object. @returns its id */
  create(graph: GraphApi, inputs: Properties): Promise<string>;
  /** Reads the outputs. @param known the state, or the inputs after a change; undefined if the object does not exist */
  readBack(graph: GraphApi, id: string, known: Properties): Promise<Properties | undefined>;
  /** Absent if every change replaces. */
  update?(graph: GraphApi, id: string, state: Properties, inputs: Properties): Promise<void>;
}

/** Creates a resource type; an object that does not exist after a call is the error of Pulumi's bridge. */
export function createGraphResource(kind: GraphResource): ResourceType<GraphApi> {
  const { create, readBack, update, ...rest } = kind;
  return {
    ...rest,
    async create(graph, inputs) {
      const id = await create(graph, inputs);
      const outputs = await readBack(graph, id, inputs);
      if (!outputs) throw new Error(`expected non-nil error with nil state during Create of ${id}`);
      return { id, outputs };
    },
    async read(graph, id, state) {
      const outputs = await readBack(graph, id, state);
      return outputs && { id, outputs };
    },
    ...(update &&
      ({
        async update(graph, id, state, inputs) {
          await update(graph, id, state, inputs);
          const outputs = await readBack(graph, id, inputs);
          if (!outputs)
            throw new Error(
              `Resource provider reported that the resource did not exist while updating ${id}.`,
            );
          return outputs;
        },
      } satisfies Pick<Operations, "update">)),
  };
}

/** Changes a new object for the first time, which fails while Graph does not know it everywhere. */
export async function patchCreated(
  graph: GraphApi,
  path: string,
  body: Properties,
  { kind, label = kind, retry }: { kind: string; label?: string; retry?: Retry },
): Promise<void> {
  try {
    await graph.patch(path, body, retry);
  } catch (error) {
    const summary = isNotFound(error)
      ? `Timed out whilst waiting for new ${kind} to be replicated in Azure AD`
      : `Failed to patch ${label} after creating`;
    throw new Error(`${summary}: ${(error as Error).message}`);
  }
}

/** Formats the plugin's advice for an object that exists already. */
export function formatImportAdvice(terraform: string): string {
  return (
    "To be managed via Terraform, this resource needs to be imported into the State. Please see the resource " +
    `documentation for "${terraform}" for more information.`
  );
}
