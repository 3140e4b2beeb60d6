//! Space: metres, the places index of villages, and the Atlas of all projects. Knows nothing of SQL, HTTP or clocks.

pub mod atlas;
pub mod country;
pub mod far;
pub mod metres;
pub mod neighbourhood;
pub mod picture;
pub mod places;
