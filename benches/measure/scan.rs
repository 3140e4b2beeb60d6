//! What `tapak scan` costs, reading the file included.

use crate::table::{cores, peak_mib};
use crate::{Failure, crowded, generate};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use tapak::allocator::{NEVER, PURGE_DELAY};
use tapak::collection::read_collection;
use tapak::duplicates::{Judge, Settings, extract_owner};
use tapak::import::{Input, Needs, ReadOptions};
use tapak::scan::scan;

/// Scans of so many projects each, of both worlds, and of 20,000 on one coordinate; each in a process of its own, whose most
/// memory it tells.
pub fn scans(counts: &[usize]) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("list.csv");
    println!(
        "| scan of | read | compared | together | pairs | findings | most memory |\n| --- | --- | --- | --- | --- | --- | --- |"
    );
    for count in counts {
        std::fs::write(&file, generate::generate(*count, generate::SEED).projects)?;
        measure_apart(&format!("{count} projects"), &file)?;
        std::fs::write(&file, crowded::generate(*count, generate::SEED))?;
        measure_apart(&format!("{count} projects of the crowded world"), &file)?;
    }
    std::fs::write(&file, one_coordinate(20_000))?;
    measure_apart("20000 on one coordinate", &file)?;
    println!("\n{} cores", cores());
    Ok(())
}

fn measure_apart(what: &str, file: &Path) -> Result<(), Failure> {
    let mut apart = Command::new(std::env::current_exe()?);
    // As `tapak scan` sets it.
    apart.env(PURGE_DELAY, NEVER).arg("scan-file").arg(file).arg(what);
    let status = apart.status()?;
    if status.success() { Ok(()) } else { Err(format!("the scan of {what} failed").into()) }
}

/// Scans one file, and prints the row of the table that is called so.
pub fn measure(what: &str, file: &Path) -> Result<(), Failure> {
    let options = ReadOptions { owner_of: extract_owner, needs: Needs::Comparison, ..ReadOptions::default() };
    let start = Instant::now();
    let mut collection = read_collection(&[Input::path(file)], &options, |_, _| {})?;
    let read = start.elapsed().as_secs_f64();
    if !collection.refused.is_empty() {
        return Err(format!("{} cells refused", collection.refused.len()).into());
    }
    let outcome = scan(&mut collection, &Judge::new(Settings::default()), usize::MAX, |_| {});
    let all = start.elapsed().as_secs_f64();
    let memory = peak_mib().map_or_else(|| "not told".to_owned(), |mib| format!("{mib} MiB"));
    println!(
        "| {what} | {read:.2} s | {:.2} s | {all:.2} s | {} | {} | {memory} |",
        all - read,
        outcome.pairs.len(),
        outcome.findings.len()
    );
    Ok(())
}

/// Works of many titles, all on the coordinate of one office.
fn one_coordinate(count: usize) -> String {
    let mut text = String::from("id,title,village_code,year,fund,budget_rp,lat,lon\n");
    for at in 0..count {
        let _ = writeln!(
            text,
            "S{at},Pembangunan jalan lingkungan {} RT {:02},{},2025,DD,{},-8.2,114.3",
            at / 7,
            at % 12,
            generate::code(at % 40),
            50_000_000 + at
        );
    }
    text
}
