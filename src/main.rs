//! `tapak`: parse the command line, run it, print the error chain.

fn main() -> std::process::ExitCode {
    tapak::cli::run()
}
