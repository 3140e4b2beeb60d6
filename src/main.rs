//! `tapak`: parse the command line, run it, print the error chain.

/// A million records are several million small pieces: this allocator keeps them close together and gives them out faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tapak::cli::run()
}
