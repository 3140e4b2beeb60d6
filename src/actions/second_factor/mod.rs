//! The second factor of a sign-in: codes that a telephone shows, and recovery codes for when it is lost. Setting it up,
//! passing it, removing it.

pub mod manage;
pub mod pass;
pub mod set_up;
