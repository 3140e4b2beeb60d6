//! What the program says in a terminal, in either language.

mod log;
mod settings;
mod tables;
