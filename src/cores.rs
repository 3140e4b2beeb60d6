//! One piece of work on every core.

/// Runs this on every core at once; what each of them came to. A panic of one is one of the caller.
pub fn on_all_cores<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..cores).map(|_| scope.spawn(&work)).collect();
        let done = tasks.into_iter().map(|task| task.join());
        done.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}
