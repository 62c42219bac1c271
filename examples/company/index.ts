/** The program of this repository, with the settings of this folder. */
import program = require("../../index");

export = program;
