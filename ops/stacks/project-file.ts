import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";

/** @throws UserError unless the folder is that of a Pulumi project */
export function requireProjectFile(folder: string): void {
  if (!existsSync(join(folder, "Pulumi.yaml")))
    throw new UserError(`there is no Pulumi.yaml in ${folder}`, ["Set the project folder with -C."]);
}
