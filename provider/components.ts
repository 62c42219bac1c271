import type { ComponentProviderOptions } from "@pulumi/pulumi/provider/experimental";
import { AccessIdentityProvider } from "../components/access/identity-provider";
import { EntraApplication } from "../components/entra/application";
import { Deployer } from "../components/entra/deployer";
import { EntraProvisioning } from "../components/entra/provisioning";
import { Access } from "./access";

/** The package of the components. Pulumi reads its schema from this folder's sources, from index.ts on. */
export const COMPONENT_PACKAGE: ComponentProviderOptions = {
  name: "entra-access",
  dirname: __dirname,
  components: [EntraApplication, AccessIdentityProvider, Access, Deployer, EntraProvisioning],
};
