import { Deployer } from "../components/entra/deployer";

const trusts = { github: ["contoso@123456/access@456789"] };
const features = ["accessRules", "entraGroups"];

const production = new Deployer("production", {
  displayName: "entra-access-production",
  jobs: ["deploy"],
  features,
  trusts,
});
const drift = new Deployer("drift", {
  displayName: "entra-access-drift",
  jobs: ["drift", "verify"],
  features,
  trusts,
});

// The variables of each environment at GitHub, and what its Cloudflare token needs.
export const environments = [production, drift].map((deployer) => ({
  ARM_CLIENT_ID: deployer.clientId,
  ARM_TENANT_ID: deployer.tenantId,
  cloudflarePermissions: deployer.cloudflarePermissions,
}));
// For `application.owners` in the settings of each stack.
export const owner = production.servicePrincipalObjectId;
