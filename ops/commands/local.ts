import { defineCommand } from "../command";
import { UsageError } from "../errors";
import { choiceOption, flagOption } from "../options";

export const localCommand = defineCommand({
  description: `Installs the Pulumi engine if there is none, starts the twin on free ports, deploys stack dev, verifies it against the
twin, causes and repairs drift, and signs a person in (in Chromium, if there is one). Nothing leaves this machine.
In a terminal, the twin then serves until Ctrl-C.`,
  options: {
    once: flagOption(
      "destroys the stack at the end and checks that nothing is left; the default without a terminal",
    ),
    example: choiceOption(
      ["company"] as const,
      "<name>",
      "deploys an example instead (examples/company/README.md)",
    ),
    official: flagOption("requires the official provider plugins; downloads those that are missing"),
    "stand-ins": flagOption(
      "uses the stand-ins; the default only where the official plugins are not installed and cannot be downloaded",
    ),
  },
  async run({ once, example, official, "stand-ins": standIns }) {
    if (official && standIns) throw new UsageError("--official and --stand-ins exclude each other");
    const kind = official ? "official" : standIns ? "stand-ins" : undefined;
    // Loaded on demand, because the twin has hundreds of modules.
    if (example === "company") return loadCompany().runLocalCompany({ once, kind });
    return loadTour().runTour({ once, kind });
  },
});

const loadTour = () => require("../demo/tour") as typeof import("../demo/tour");
const loadCompany = () => require("../demo/local-company") as typeof import("../demo/local-company");
