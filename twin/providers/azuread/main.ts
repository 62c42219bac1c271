/** The program `pulumi-resource-azuread` that stands in for azuread 6.9.1. */

import { servePlugin } from "../plugin";
import { azuread } from "./package";

void servePlugin(azuread());
