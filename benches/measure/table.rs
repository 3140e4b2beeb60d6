//! What was measured beside what was aimed at, and the percentiles that it is made of.

use std::time::Duration;

pub struct Table {
    projects: usize,
    rows: Vec<[String; 4]>,
}

impl Table {
    pub fn new(projects: usize) -> Self {
        Self { projects, rows: Vec::new() }
    }

    /// `reached` is said of a figure that has an aim.
    pub fn add(&mut self, what: &str, measured: String, aim: &str, reached: Option<bool>) {
        let said = match reached {
            Some(true) => "reached",
            Some(false) => "not reached",
            None => "",
        };
        println!("{what}: {measured}  (aim: {aim}) {said}");
        self.rows.push([what.to_owned(), measured, aim.to_owned(), said.to_owned()]);
    }

    pub fn print(&self) {
        println!("\n{} projects, {} cores\n", self.projects, cores());
        println!("| what | measured | aim | |\n| --- | --- | --- | --- |");
        for [what, measured, aim, said] in &self.rows {
            println!("| {what} | {measured} | {aim} | {said} |");
        }
    }
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The `share` (0 to 1) quantile of these times; they are sorted for it.
pub fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let at = ((times.len().saturating_sub(1)) as f64 * share).round() as usize;
    times.get(at).copied().unwrap_or_default()
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The most memory that this process ever held, MiB; `None` where the system does not say (no Linux).
pub fn peak_mib() -> Option<u64> {
    status_mib("VmHWM:")
}

/// What it holds now.
pub fn resident_mib() -> Option<u64> {
    status_mib("VmRSS:")
}

fn status_mib(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1_024)
}

/// Begins anew to look for the most memory: of what follows alone.
pub fn forget_peak() {
    // Elsewhere than on Linux there is no such file, and no peak is told either.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
