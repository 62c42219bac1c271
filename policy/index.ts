/** The policy pack `entra-access`; docs/policy.md says how to use it and lists the rules. */
import { PolicyPack } from "@pulumi/policy";
import { toPolicy } from "./rule";
import { RULES } from "./rules";

new PolicyPack("entra-access", { policies: RULES.map((rule) => toPolicy(rule)) });
