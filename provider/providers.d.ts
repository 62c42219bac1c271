/** Stands for the packages of the providers where Pulumi reads the schema: tsconfig.json. */
export {};
