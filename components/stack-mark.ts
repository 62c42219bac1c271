import * as pulumi from "@pulumi/pulumi";
import { formatMark } from "../config/mark";

/**
 * Returns the mark of the stack that is deployed.
 *
 * @param signIn the name of a sign-in that is not the only one of the stack to its tenant
 */
export function getStackMark(signIn?: string): string {
  return formatMark(pulumi.getProject(), pulumi.getStack(), signIn);
}
