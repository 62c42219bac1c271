/** The program `pulumi-resource-random`, the stand-in for random 4.21.2. */
import { servePlugin } from "../bridge/plugin";
import { createRandomPackage } from "./package";

void servePlugin(createRandomPackage());
