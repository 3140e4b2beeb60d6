//! Backups: made beside a service, verified, restored, pruned; moves between engines; what is refused.

mod broken_off;
mod comes_back;
mod cycles;
mod encrypted;
mod moving;
mod nightly;
mod refused;
mod s3;
mod target;
