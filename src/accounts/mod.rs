//! Accounts: passwords and the line in which they are hashed, tokens, one-time codes, how long a session lasts. Knows no SQL
//! and no HTTP.

pub mod code;
pub mod password;
pub mod password_line;
pub mod session_limits;
pub mod token;
