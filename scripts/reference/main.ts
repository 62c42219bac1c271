/**
 * Writes what follows from the descriptions of the settings: the schema for editors, the tables of the documentation and
 * the access rules of the components; then, from the components, their schema.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildComponentSchema } from "./component-schema";
import { buildReference } from "./reference";

const root = join(__dirname, "../..");
for (const [file, text] of buildReference((path) => readFileSync(join(root, path), "utf8")))
  writeFileSync(join(root, file), text);
void buildComponentSchema().then((schema) =>
  writeFileSync(join(root, "provider/components.schema.json"), schema),
);
