/** Prints docs/policy.md, which a test holds equal: node -r ./ops/register.cjs policy/docs.ts > docs/policy.md */
import { renderDocs } from "./render-docs";

process.stdout.write(renderDocs());
