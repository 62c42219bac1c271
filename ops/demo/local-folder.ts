import { join } from "node:path";

/** Files that commands keep between runs: the twin's certificate authority, a Pulumi home. Ignored by git. */
export const LOCAL_FOLDER = join(__dirname, "..", "..", ".local");
