//! Words in files for our closed sets: status, authority, location source.

use crate::domain::Invalid;
use crate::domain::footprint::{How, UNKNOWN_ACCURACY_M};
use crate::domain::project::{Authority, Status};
use crate::domain::text::fold;

/// Folded words for each status. Indonesian first, then English; our own codes are accepted as well.
const STATUSES: &[(Status, &[&str])] = &[
    (Status::Proposed, &["usulan", "diusulkan", "usul", "pengusulan", "draft", "proposal"]),
    (
        Status::Planned,
        &[
            "rencana",
            "direncanakan",
            "perencanaan",
            "belum dimulai",
            "belum mulai",
            "belum dikerjakan",
            "belum dilaksanakan",
            "belum",
            "not started",
            "planificado",
            "programado",
            "planejado",
            "planeado",
        ],
    ),
    (
        Status::Approved,
        &[
            "disetujui",
            "ditetapkan",
            "persetujuan",
            "disahkan",
            "tender",
            "lelang",
            "proses tender",
            "proses lelang",
            "pemilihan penyedia",
            "adjudicado",
            "adjudicada",
            "awarded",
        ],
    ),
    (
        Status::Running,
        &[
            "berjalan",
            "sedang berjalan",
            "pelaksanaan",
            "proses",
            "dalam proses",
            "sedang dikerjakan",
            "dikerjakan",
            "dilaksanakan",
            "sedang dilaksanakan",
            "on progress",
            "on going",
            "dalam pelaksanaan",
            "dalam pengerjaan",
            "in progress",
            "ongoing",
            "mulai",
            "dimulai",
            "berlangsung",
            "sedang berlangsung",
            "under construction",
            "en ejecución",
            "en ejecucion",
            "en proceso",
            "em execução",
            "em execucao",
            "em andamento",
        ],
    ),
    (
        Status::Finished,
        &[
            "selesai",
            "sudah selesai",
            "sdh selesai",
            "telah selesai",
            "tuntas",
            "rampung",
            "done",
            "completed",
            "complete",
            "terminado",
            "terminada",
            "concluido",
            "concluida",
            "concluído",
            "concluída",
            "finalizado",
            "finalizada",
        ],
    ),
    (
        Status::HandedOver,
        &["serah terima", "diserahterimakan", "sudah serah terima", "pho", "fho", "bast", "handed over"],
    ),
    (
        Status::Halted,
        &[
            "dihentikan",
            "terhenti",
            "berhenti",
            "mangkrak",
            "ditunda",
            "putus kontrak",
            "stopped",
            "suspended",
            "terminated",
            "suspendido",
            "suspendida",
            "paralizado",
            "paralizada",
            "suspenso",
            "suspensa",
            "paralisado",
            "paralisada",
        ],
    ),
    (
        Status::Cancelled,
        &["batal", "dibatalkan", "pembatalan", "canceled", "dicoret", "dihapus", "cancelado", "cancelada"],
    ),
    (
        Status::TenderFailed,
        &[
            "gagal tender",
            "tender gagal",
            "gagal lelang",
            "lelang gagal",
            "tender batal",
            "tender failed",
            "failed tender",
            "gagal batal",
            "gagal",
        ],
    ),
];

/// A status by its word. Percentages beside it are ignored: `Selesai (100 %)`.
pub fn status(field: &str, text: &str) -> Result<Status, Invalid> {
    let folded = without_numbers(text);
    let own = Status::parse(&folded.replace(' ', "_"));
    own.or_else(|| STATUSES.iter().find(|(_, words)| words.contains(&folded.as_str())).map(|(status, _)| *status))
        .ok_or_else(|| {
            let accepted: Vec<&str> = STATUSES.iter().map(|(_, words)| words[0]).collect();
            Invalid::new("unknown_status", field).with("given", text).with("accepted", accepted)
        })
}

/// Words for a tender that is under way, or that has found its contractor.
const TENDERS: [&str; 14] = [
    "berlangsung",
    "sedang berlangsung",
    "berjalan",
    "sedang berjalan",
    "aktif",
    "selesai",
    "sudah selesai",
    "ditutup",
    "ulang",
    "evaluasi",
    "pengumuman",
    "pengumuman pemenang",
    "penetapan pemenang",
    "kontrak",
];
const OF_TENDERS: [&str; 9] =
    ["tender", "nontender", "non", "seleksi", "lelang", "pengadaan", "pencatatan", "paket", "langsung"];

/// The status of a work by that of its tender: one that has ended has found a contractor, and the work is still to be done.
pub fn tender_status(field: &str, text: &str) -> Result<Status, Invalid> {
    // What is tendered stands in the column: "Tender Selesai", "Seleksi Batal", "Non Tender Gagal".
    let folded = without_numbers(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| !OF_TENDERS.contains(word)).collect();
    let bare = words.join(" ");
    if TENDERS.contains(&bare.as_str()) {
        return Ok(Status::Approved);
    }
    let found = status(field, text).or_else(|wrong| status(field, &bare).map_err(|_| wrong))?;
    Ok(if found.is_cancelled() { Status::TenderFailed } else { found })
}

/// The authority responsible, by the first word that identifies it: `Dinas PU CKPP`, `Kementerian PUPR`, `Pemerintah
/// Desa`.
pub fn authority(field: &str, text: &str) -> Result<Authority, Invalid> {
    let folded = without_numbers(text);
    if let Some(own) = Authority::parse(&folded.replace(' ', "_")) {
        return Ok(own);
    }
    let by_word = |word: &str| match word {
        "kementerian" | "kemen" | "kementrian" | "kementerianpu" | "kementerianpupr" | "bbws" | "bbpjn" | "bpjn"
        | "balai" | "ministry" | "apbn" | "pusat" => Some(Authority::Ministry),
        "dinas" | "dpu" | "dpupr" | "pupr" | "pu" | "puckpp" | "opd" | "perkim" | "bina" | "kabupaten" | "pemkab"
        | "pemkot" | "provinsi" | "works" | "office" => Some(Authority::WorksOffice),
        "desa" | "pemdes" | "kelurahan" | "pekon" | "gampong" | "nagari" | "kalurahan" | "village" => {
            Some(Authority::Village)
        }
        _ => None,
    };
    folded.split(' ').find_map(by_word).ok_or_else(|| {
        Invalid::new("unknown_authority", field)
            .with("given", text)
            .with("accepted", ["desa", "dinas PU", "kementerian"].as_slice())
    })
}

/// The source of a position, and its default accuracy in metres. Unknown words are an import of unknown accuracy.
pub fn location_source(text: &str) -> (How, f64) {
    let folded = fold(text);
    let words_of_cell: Vec<&str> = folded.split(' ').collect();
    let has = |words: &[&str]| words.iter().any(|word| words_of_cell.contains(word));
    if has(&["kantor", "balai", "office"]) {
        (How::Office, 500.0)
    } else if has(&["exif", "foto", "photo"]) {
        (How::Exif, 20.0)
    } else if has(&["berjalan", "jalan", "tracking", "track", "walked", "trek"]) {
        (How::Walked, 10.0)
    } else if has(&["gps", "gnss", "geodetik"]) {
        (How::Gps, 10.0)
    } else if has(&["peta", "gambar", "map", "digitasi", "citra"]) {
        (How::Map, 10.0)
    } else if has(&["ketik", "diketik", "manual", "typed"]) {
        (How::Typed, UNKNOWN_ACCURACY_M)
    } else {
        (How::Import, UNKNOWN_ACCURACY_M)
    }
}

/// Whether a work is a grant for a house, by activity code or title: shown to the public by hamlet only.
pub fn is_house_grant(activity: Option<crate::domain::activity::ActivityCode>, title: &str) -> bool {
    const TITLES: &[&str] =
        &[" rtlh ", " rutilahu ", " bsps ", " bedah rumah ", " rumah tidak layak huni ", " rumah swadaya "];
    if activity.is_some_and(|code| code.0 == [2, 4, 1]) {
        return true;
    }
    let folded = format!(" {} ", fold(title));
    TITLES.iter().any(|words| folded.contains(words))
}

fn without_numbers(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.starts_with(|c: char| c.is_ascii_digit())).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_in_both_languages() {
        for (given, expected) in [
            ("selesai", Status::Finished),
            ("Selesai (100%)", Status::Finished),
            ("gagal tender", Status::TenderFailed),
            ("BATAL", Status::Cancelled),
            ("Sedang berjalan", Status::Running),
            ("Serah Terima", Status::HandedOver),
            ("handed_over", Status::HandedOver),
            ("Direncanakan", Status::Planned),
            ("usulan", Status::Proposed),
            ("Mangkrak", Status::Halted),
            ("approved", Status::Approved),
            ("Pelaksanaan 40 %", Status::Running),
            ("Gagal/Batal", Status::TenderFailed),
            ("Berlangsung", Status::Running),
            ("En ejecución", Status::Running),
            ("Concluída", Status::Finished),
        ] {
            assert_eq!(status("status", given), Ok(expected), "{given}");
        }
        let refused = status("status", "entah").unwrap_err();
        assert_eq!((refused.code, refused.values["accepted"].as_array().map(Vec::len)), ("unknown_status", Some(9)));
    }

    #[test]
    fn the_end_of_a_tender_is_not_the_end_of_its_work() {
        for (given, expected) in [
            ("Berlangsung", Status::Approved),
            ("Selesai", Status::Approved),
            ("Gagal/Batal", Status::TenderFailed),
            ("Batal", Status::TenderFailed),
            ("Seleksi Batal", Status::TenderFailed),
            ("Non Tender Gagal", Status::TenderFailed),
            ("Tender Selesai", Status::Approved),
            ("Tender Ulang", Status::Approved),
            ("Selesai Tender", Status::Approved),
        ] {
            assert_eq!(tender_status("status_tender", given), Ok(expected), "{given}");
        }
        assert_eq!(tender_status("status_tender", "1").unwrap_err().code, "unknown_status");
    }

    #[test]
    fn flags_and_places_are_no_status() {
        for given in ["1", "0", "2", "Jawa Timur", "Ya", "true", "Dusun Krajan"] {
            assert_eq!(status("status", given).unwrap_err().code, "unknown_status", "{given}");
        }
    }

    #[test]
    fn every_status_has_words() {
        assert!(Status::ALL.iter().all(|status| STATUSES.iter().any(|(with_words, _)| with_words == status)));
    }

    #[test]
    fn the_authority_is_determined_by_the_first_word_that_names_one() {
        for (given, expected) in [
            ("desa", Authority::Village),
            ("Pemerintah Desa Sumberagung", Authority::Village),
            ("Dinas PU CKPP", Authority::WorksOffice),
            ("dinas PU", Authority::WorksOffice),
            ("Kementerian PUPR", Authority::Ministry),
            ("works_office", Authority::WorksOffice),
            ("Dinas Pemberdayaan Masyarakat Desa", Authority::WorksOffice),
        ] {
            assert_eq!(authority("opd", given), Ok(expected), "{given}");
        }
        assert_eq!(authority("opd", "PT Maju").unwrap_err().code, "unknown_authority");
    }

    #[test]
    fn the_source_of_a_position_determines_its_accuracy() {
        for (given, how, metres) in [
            ("gambar di peta", How::Map, 10.0),
            ("kantor desa", How::Office, 500.0),
            ("GPS", How::Gps, 10.0),
            ("foto EXIF", How::Exif, 20.0),
            ("", How::Import, UNKNOWN_ACCURACY_M),
            ("kira-kira", How::Import, UNKNOWN_ACCURACY_M),
        ] {
            assert_eq!(location_source(given), (how, metres), "{given}");
        }
    }

    #[test]
    fn a_grant_house_is_known_by_code_or_title() {
        assert!(is_house_grant(None, "Rehab RTLH RT 01") && is_house_grant(None, "Bedah Rumah Dusun Krajan"));
        assert!(!is_house_grant(None, "Rehab Rumah Dinas") && !is_house_grant(None, "Pembangunan Rumah Pompa"));
    }
}
