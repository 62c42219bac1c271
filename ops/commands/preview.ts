import { defineCommand } from "../command";
import { flagOption } from "../options";
import { previewFleet } from "../preview/fleet";
import { describePreviewResult, describePreviews, renderPreviewMarkdown } from "../preview/text";
import { FLEET_OPTIONS, prepareFleet } from "./fleet";

export const previewCommand = defineCommand({
  description: `Shows which changes up would make to one stack or many, including the repair of drift; changes nothing. A stack that
cannot be previewed does not affect the others. Exit code: 0, or 1 if the changes of a stack are unknown.`,
  options: { ...FLEET_OPTIONS, markdown: flagOption("prints the previews for a pull request") },
  async run({ markdown, ...options }) {
    const fleet = await prepareFleet(options);
    const previews = await previewFleet({
      ...fleet,
      onStack: (result) => console.error(`${result.stack}: ${describePreviewResult(result)}`),
    });
    if (fleet.signal.aborted) return 130;
    console.log(markdown ? renderPreviewMarkdown(previews) : describePreviews(previews).join("\n"));
    return previews.some(({ changes }) => !changes) ? 1 : 0;
  },
});
