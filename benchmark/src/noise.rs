//! Life's noise: slips of the pen, of the telephone and of the form. It never turns the truth of a case round.

use crate::cases::Bears;
use crate::chance::Chance;
use crate::geometry::{P, Shape, p};
use crate::record::Record;

/// What a pair is labelled as; noise may take the kind away.
pub struct Marks {
    pub kind: &'static str,
    pub noise: Vec<&'static str>,
}

/// Spoils the second record of a pair, and the first a little; `villages` is how many there are.
pub fn spoil(
    first: &mut Record,
    second: &mut Record,
    bears: Bears,
    villages: usize,
    marks: &mut Marks,
    chance: &mut Chance,
) {
    let mut done = Vec::new();
    if chance.likely(0.25) {
        second.title = misspelt(&second.title, chance);
        done.push("misspelling");
    }
    if chance.likely(0.2) {
        let record = if chance.one_in(2) { &mut *first } else { &mut *second };
        record.title = record.title.to_uppercase();
        done.push("upper_case");
    }
    if chance.likely(0.3) {
        match chance.between(1, 4) {
            1 => {
                second.contractor = None;
                // Packages are known by their firm.
                if marks.kind == "split_package" {
                    marks.kind = "";
                }
            }
            2 => second.months = None,
            3 => second.volume = None,
            _ => second.activity = None,
        }
        done.push("missing_field");
    }
    if bears != Bears::Words && chance.likely(0.3) {
        let metres = chance.range(2.0, 5.0);
        match &mut second.shape {
            Some(Shape::Point(c)) => {
                *c = p(c.x + chance.around(8.0), c.y + chance.around(8.0));
                second.accuracy_m = Some(chance.range(6.0, 12.0).round());
                done.push("gps_error");
            }
            Some(Shape::Line(line)) => {
                let (east, north) = (chance.around(metres), chance.around(metres));
                line.iter_mut().for_each(|c: &mut P| *c = p(c.x + east, c.y + north));
                done.push("map_offset");
            }
            _ => {}
        }
    }
    if bears == Bears::All && chance.likely(0.2) {
        match chance.between(1, 3) {
            1 => {
                second.village = (second.village + 1) % villages;
                second.hamlet = None;
                done.push("village_slip");
            }
            2 => {
                second.year += if chance.one_in(2) { 1 } else { -1 };
                done.push("year_slip");
            }
            _ => {
                second.budget = if chance.one_in(2) { second.budget * 10 } else { second.budget / 10 };
                done.push("amount_slip");
            }
        }
        // The facts name another kind now, or none: whose village, which year.
        if !done.contains(&"amount_slip") {
            marks.kind = "";
        }
    }
    marks.noise = done;
}

/// One slip in a word of six letters or more: two letters exchanged, one left out, one typed twice.
fn misspelt(title: &str, chance: &mut Chance) -> String {
    let words: Vec<&str> = title.split(' ').collect();
    let long: Vec<usize> = (0..words.len())
        .filter(|n| words[*n].len() >= 6 && words[*n].chars().all(|c| c.is_ascii_alphabetic()))
        .collect();
    if long.is_empty() {
        return title.to_owned();
    }
    let which = *chance.of(&long);
    let mut letters: Vec<char> = words[which].chars().collect();
    let at = chance.between(2, letters.len() - 2);
    match chance.between(1, 3) {
        1 => letters.swap(at, at - 1),
        2 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    let word: String = letters.into_iter().collect();
    let all: Vec<&str> =
        words.iter().enumerate().map(|(n, other)| if n == which { word.as_str() } else { *other }).collect();
    all.join(" ")
}
