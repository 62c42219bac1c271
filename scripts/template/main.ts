/** Writes the template for `pulumi new` into a folder. */
import { resolveUserPath } from "../../ops/terminal/user-path";
import { writeTemplate } from "./template";

const [folder] = process.argv.slice(2);
if (folder) writeTemplate(resolveUserPath(folder));
else {
  console.error("error: a folder is required. Run: npm run template -- <folder>");
  process.exitCode = 1;
}
