//! One file a noun, speaking HTTP as a browser would.

mod bodies;
mod description;
mod jobs;
mod limits;
mod odd_geometries;
mod permissions;
mod photo_files;
mod photos;
mod places;
mod projects;
mod refusals;
mod rights;
mod session;
mod sight;
mod villages;
