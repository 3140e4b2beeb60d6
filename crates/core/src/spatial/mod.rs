//! Space: metres, the outlines of villages and of the country, time zones by place. Geometry only: knows nothing of
//! projects.

pub mod country;
pub mod far;
pub mod metres;
pub mod places;
pub mod zone;
