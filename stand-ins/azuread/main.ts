/** The program `pulumi-resource-azuread`, the stand-in for azuread 6.9.1. */

import { servePlugin } from "../bridge/plugin";
import { createAzureadPackage } from "./package";

void servePlugin(createAzureadPackage());
