import { startPostgresql } from "../support/postgresql";
import { describeBackend } from "./backend";

describeBackend("PostgreSQL", startPostgresql);
