//! Accounts: passwords and the line in which they are hashed, tokens. Knows no SQL and no HTTP.

pub mod password;
pub mod password_line;
pub mod token;
