/** The program `pulumi-resource-random` that stands in for random 4.21.2. */
import { servePlugin } from "../plugin";
import { random } from "./package";

void servePlugin(random());
