import { defineCommand } from "../command";
import { UsageError } from "../errors";
import { choosePeopleDetail, FLEET_OPTIONS, PEOPLE_OPTIONS, prepareFleet } from "../fleet/options";
import { flagOption, jsonOption } from "../options";
import { previewFleet } from "../preview/fleet";
import {
  describeExcessiveGains,
  MAX_GAIN_OPTION,
  type MaxGain,
  markExcessiveGains,
} from "../preview/max-gain";
import type { StackPreview } from "../preview/preview";
import { describePreviewResult, describePreviews, renderPreviewMarkdown } from "../preview/text";
import { replaceControlCharacters } from "../terminal/untrusted-text";

export const previewCommand = defineCommand({
  description: `Shows which changes up would make to one stack or many, including the repair of drift; changes nothing. A stack that
cannot be previewed does not affect the others. Exit code: 0, 1 if the changes of a stack are unknown, or 2 if more
people gain access than --max-gain allows.`,
  options: {
    ...FLEET_OPTIONS,
    ...PEOPLE_OPTIONS,
    "max-gain": MAX_GAIN_OPTION,
    markdown: flagOption("prints the previews for a pull request"),
    json: jsonOption("preview"),
  },
  async run({ markdown, json, "max-gain": maxGain, ...options }) {
    if (json && markdown) throw new UsageError("--json must not be combined with --markdown");
    const people = choosePeopleDetail(options) ?? (maxGain === undefined ? undefined : "counts");
    const fleet = await prepareFleet(options);
    const given = await previewFleet({
      ...fleet,
      people,
      onStack: (result) => console.error(`${result.stack}: ${describePreviewResult(result)}`),
    });
    if (fleet.signal.aborted) return 130;
    const previews = given.map((preview) => markExcessive(preview, maxGain));
    if (json)
      console.log(JSON.stringify({ schema: "entra-access/preview/1", stacks: previews }, undefined, 2));
    else console.log(markdown ? renderPreviewMarkdown(previews) : describePreviews(previews).join("\n"));
    if (previews.some(({ changes }) => !changes)) return 1;
    return maxGain === undefined ? 0 : checkGains(previews, maxGain);
  },
});

function markExcessive(preview: StackPreview, maxGain: MaxGain | undefined): StackPreview {
  const { people } = preview;
  if (!people || "unknown" in people || maxGain === undefined) return preview;
  return { ...preview, people: markExcessiveGains(people, maxGain) };
}

/** Prints on standard error which applications too many people gain. @returns the exit code */
function checkGains(previews: readonly StackPreview[], maxGain: MaxGain): number {
  const excessive = previews.flatMap(({ stack, people }) =>
    !people || "unknown" in people
      ? []
      : describeExcessiveGains(people, maxGain).map((text) => `${stack}: ${text}`),
  );
  for (const text of excessive) console.error(replaceControlCharacters(text));
  if (excessive.length > 0) return 2;
  return previews.some(({ people }) => !people || "unknown" in people) ? 1 : 0;
}
