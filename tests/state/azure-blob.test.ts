import { startAzurite } from "../support/azurite";
import { describeBackend } from "./backend";

describeBackend("Azure Blob Storage", startAzurite);
