//! What the program says in a terminal, in either language.

mod log;
mod mistakes;
mod settings;
mod start;
mod tables;
