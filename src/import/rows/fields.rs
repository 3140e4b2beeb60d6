//! The fields of a row about a project, and their usual headings.

use crate::domain::words;
use crate::import::error::ImportError;

words! {
    /// A field of a row about a project.
    Field {
        ExternalId = "external_id", Title = "title", VillageCode = "village_code", VillageName = "village_name",
        District = "district", ActivityCode = "activity_code",
        FiscalYear = "fiscal_year", Status = "status", Authority = "authority", Executor = "executor",
        Programme = "programme", Agreement = "agreement", Hamlet = "hamlet", Rt = "rt", Rw = "rw", RtRw = "rt_rw",
        Owner = "owner", StartOn = "start_on", FinishOn = "finish_on", Volume = "volume", VolumeUnit = "volume_unit",
        Continues = "continues", Budget = "budget_rupiah", Funds = "funds", BudgetLine = "budget_line",
        ContractNumber = "contract_number", SegmentFrom = "segment_from_m", SegmentTo = "segment_to_m",
        PhotoMarks = "photo_marks", LocationSource = "location_source", Accuracy = "accuracy_m",
        Lat = "lat", Lon = "lon", EndLat = "end_lat", EndLon = "end_lon",
        Coordinates = "coordinates", EndCoordinates = "end_coordinates", Geometry = "geometry",
    }
}

impl Field {
    /// Headings that mean this field, folded (see `fold_heading`), the surest first. The field's own name comes before all.
    pub const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::ExternalId => &[
                "id",
                "idkegiatan",
                "idpaket",
                "idproyek",
                "projectid",
                "kodepaket",
                "koderup",
                "idrup",
                "kodeproyek",
                "uuid",
            ],
            Self::Title => &[
                "judul",
                "namapaket",
                "namakegiatan",
                "namapekerjaan",
                "namaproyek",
                "pekerjaan",
                "kegiatan",
                "uraiankegiatan",
                "uraianpekerjaan",
                "paket",
                "projecttitle",
                "projectname",
                "uraian",
                "nama",
                "name",
            ],
            Self::VillageCode => {
                &["kodedesa", "kodekelurahan", "kodedesakelurahan", "kodewilayah", "kddesa", "desakode", "villagecd"]
            }
            Self::VillageName => &[
                "desa",
                "namadesa",
                "kelurahan",
                "namakelurahan",
                "desakelurahan",
                "village",
                "barangay",
                "municipio",
                "aldeia",
            ],
            Self::District => &["kecamatan", "namakecamatan", "kec", "municipality"],
            Self::ActivityCode => {
                &["kodekegiatan", "kdkegiatan", "kodekeg", "kdkeg", "koderekeningkegiatan", "activity"]
            }
            Self::FiscalYear => &["year", "tahun", "tahunanggaran", "thnanggaran", "thn", "ta", "budgetyear"],
            Self::Status => &["statuskegiatan", "statuspekerjaan", "tahapan", "state"],
            Self::Authority => &["kewenangan", "instansi", "opd", "skpd", "satker"],
            Self::Executor => &[
                "contractor",
                "pelaksana",
                "penyedia",
                "kontraktor",
                "rekanan",
                "namapenyedia",
                "pelaksanakegiatan",
                "tpk",
            ],
            Self::Programme => &["program", "namaprogram"],
            Self::Agreement => &["perjanjian", "kesepakatan", "nomorperjanjian", "noperjanjian", "bkad"],
            Self::Hamlet => &["dusun", "dukuh", "lingkungan", "kampung"],
            Self::Owner => &["pemilik", "penerima", "namapenerima", "penerimamanfaat", "namapemilik", "pemilikrumah"],
            Self::StartOn => &["start", "startdate", "tanggalmulai", "tglmulai", "mulai"],
            Self::FinishOn => &["finish", "finishdate", "enddate", "tanggalselesai", "tglselesai", "selesai"],
            Self::Volume => &["vol", "quantity"],
            Self::VolumeUnit => &["unit", "satuan", "satuanvolume"],
            Self::Continues => &["lanjutandari", "melanjutkan", "continuesid"],
            Self::Budget => &[
                "budgetrp",
                "budget",
                "anggaran",
                "pagu",
                "paguanggaran",
                "jumlahanggaran",
                "nilaipagu",
                "nilaianggaran",
                "nilaikontrak",
                "hps",
                "nilaihps",
                "biaya",
                "nilai",
                "amount",
            ],
            Self::Funds => &["fund", "sumberdana", "sumberanggaran", "sumberpendanaan", "dana", "fundingsource"],
            Self::BudgetLine => &["koderekening", "mataanggaran", "rekeningbelanja"],
            Self::ContractNumber => &["nomorkontrak", "nokontrak", "nomorspk", "nospk", "contractno"],
            Self::SegmentFrom => &["staawal", "stadari", "segmentfrom"],
            Self::SegmentTo => &["staakhir", "stasampai", "segmentto"],
            Self::PhotoMarks => &["photosha256", "photohash", "hashfoto", "fotosha256"],
            Self::LocationSource => &["sumberlokasi", "asallokasi", "sumberkoordinat"],
            Self::Accuracy => &["accuracy", "akurasi", "ketelitian", "akurasigps"],
            Self::Lat => &[
                "latitude",
                "lintang",
                "lat1",
                "latawal",
                "latitudeawal",
                "lintangawal",
                "startlat",
                "y",
                "northing",
                "utmy",
                "yutm",
                "koordinaty",
            ],
            Self::Lon => &[
                "lng",
                "long",
                "longitude",
                "bujur",
                "lon1",
                "lng1",
                "long1",
                "lonawal",
                "lngawal",
                "longawal",
                "longitudeawal",
                "bujurawal",
                "startlon",
                "startlng",
                "x",
                "easting",
                "utmx",
                "xutm",
                "koordinatx",
            ],
            Self::EndLat => &["lat2", "latakhir", "latitudeakhir", "lintangakhir"],
            Self::EndLon => &[
                "lon2",
                "lng2",
                "long2",
                "lonakhir",
                "lngakhir",
                "longakhir",
                "longitudeakhir",
                "bujurakhir",
                "endlng",
            ],
            Self::Coordinates => &[
                "koordinat",
                "titikkoordinat",
                "koordinatawal",
                "titikawal",
                "latlong",
                "latlng",
                "latlon",
                "coordinate",
            ],
            Self::EndCoordinates => &["koordinatakhir", "titikakhir"],
            Self::Geometry => &["wkt", "geom", "thegeom", "geojson", "geometri"],
            Self::Rt | Self::Rw | Self::RtRw => &[],
        }
    }
}

/// A heading as it is compared: lower case letters and digits only, a unit in brackets dropped: `Pagu Anggaran (Rp)` is
/// `paguanggaran`.
pub fn fold_heading(heading: &str) -> String {
    let heading = heading.trim();
    let bare = match heading.rsplit_once('(') {
        Some((bare, unit)) if unit.ends_with(')') && !bare.trim().is_empty() => bare,
        _ => heading,
    };
    bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A field by its own name or one of its headings.
pub fn field_named(name: &str) -> Result<Field, ImportError> {
    let folded = fold_heading(name);
    let own = Field::ALL.iter().copied().find(|field| fold_heading(field.as_str()) == folded);
    own.or_else(|| Field::ALL.iter().copied().find(|field| field.headings().contains(&folded.as_str()))).ok_or_else(
        || {
            let fields = Field::ALL.iter().map(|field| field.as_str().to_owned()).collect();
            ImportError::UnknownField { field: name.to_owned(), fields }
        },
    )
}
