//! What the program says in a terminal, in either language.

mod audit;
mod doctor;
mod kinds;
mod log;
mod mistakes;
mod own_data;
mod settings;
mod start;
mod tables;
mod tls;
