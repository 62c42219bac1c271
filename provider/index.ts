/** Hosts the components for programs in every Pulumi language: docs/components.md. */
import { componentProviderHost } from "@pulumi/pulumi/provider/experimental";
import { COMPONENT_PACKAGE } from "./components";

void componentProviderHost(COMPONENT_PACKAGE);
