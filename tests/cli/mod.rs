//! What the program says in a terminal, in either language.

mod kinds;
mod log;
mod mistakes;
mod settings;
mod tables;
