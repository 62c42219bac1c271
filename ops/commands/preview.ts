import type { Command } from "../command";
import { previewFleet } from "../preview/fleet";
import { describePreviewResult, describePreviews, renderPreviewMarkdown } from "../preview/text";
import { FLEET_OPTIONS, FLEET_USAGE, prepareFleet } from "./options";

export const preview: Command = {
  usage: `usage: npx entra-access preview [stacks...] [--all] [--markdown]

Shows which changes up would make to one stack or many, including the repair of drift; changes nothing. A stack that
cannot be previewed does not affect the others. Exit code: 0, or 1 if the changes of a stack are unknown.

${FLEET_USAGE}
  --markdown           prints the previews for a pull request`,
  options: { ...FLEET_OPTIONS, markdown: { type: "boolean" } },
  positionals: ["stacks..."],
  async run(options) {
    const fleet = await prepareFleet(options);
    const previews = await previewFleet({
      ...fleet,
      onStack: (result) => console.error(`${result.stack}: ${describePreviewResult(result)}`),
    });
    if (fleet.signal.aborted) return 130;
    console.log(options.markdown ? renderPreviewMarkdown(previews) : describePreviews(previews).join("\n"));
    return previews.some(({ changes }) => !changes) ? 1 : 0;
  },
};
