/** Writes what follows from the descriptions of the settings: the schema for editors and the tables of the documentation. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildReference } from "./reference";

const root = join(__dirname, "../..");
for (const [file, text] of buildReference((path) => readFileSync(join(root, path), "utf8")))
  writeFileSync(join(root, file), text);
