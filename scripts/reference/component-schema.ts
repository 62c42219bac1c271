import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import { COMPONENT_PACKAGE } from "../../provider/components";

/** Builds provider/components.schema.json, the schema that Pulumi reads from the components to offer them in other languages. */
export async function buildComponentSchema(): Promise<string> {
  const schema = await new ComponentProvider(COMPONENT_PACKAGE).getSchema();
  return `${JSON.stringify(JSON.parse(schema), null, 2)}\n`;
}
