//! `tapak`: parse the command line, run it, print the error chain.

/// A million records are several million small allocations: this allocator packs them closely and is faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tapak::cli::run()
}
