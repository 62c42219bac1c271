/** The program of this repository, with the config of this folder. */
import program = require("../../index");

export = program;
