//! Compact records: a million are held in memory, and one in thirty of those near by is compared in full.
//!
//! Repeated values (names, words, villages) are stored once in a [`Lexicon`]; the corners of a footprint are deltas
//! of 1e-7 degrees if that is exact. Unpacking restores the record bit for bit.

use super::lexicon::{Lexicon, to_u32};
use super::title::TitleReading;
use super::{FoldedNames, Prepared, tables};
use crate::domain::activity::ActivityCode;
use crate::domain::facts::{Facts, FundingFact, Listed};
use crate::domain::footprint::{How, Part};
use crate::domain::project::{Authority, Segment, Status};
use geo::{BoundingRect, Coord, Geometry, LineString, Point, Polygon};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// A packed record, without its id. A copy shares its bytes.
#[derive(Clone, Debug)]
pub struct Packed(Arc<[u8]>);

/// A record as serialised; names, words and villages are indices into the lexicon.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    title: &'a str,
    village: u32,
    activity: Option<[u8; 3]>,
    year: Option<i32>,
    status: Option<Status>,
    authority: Option<Authority>,
    executor: Option<u32>,
    agreement: Option<u32>,
    hamlet: Option<u32>,
    rt: Option<u32>,
    rw: Option<u32>,
    owner: Option<&'a str>,
    volume: Option<Number>,
    volume_unit: Option<u32>,
    continues: Option<Uuid>,
    budget: Option<i64>,
    funding: Vec<StoredLine<'a>>,
    photo_marks: Vec<&'a str>,
    listed: Option<(u32, &'a str)>,
    how: Option<How>,
    parts: Vec<StoredPart<'a>>,
    reading: StoredReading<'a>,
}

#[derive(Serialize, Deserialize)]
struct StoredLine<'a> {
    fund: u32,
    amount: Option<i64>,
    #[serde(borrow)]
    budget_line: Option<&'a str>,
    contract: Option<&'a str>,
    segment: Option<(i64, Number, Number)>,
}

#[derive(Serialize, Deserialize)]
struct StoredPart<'a> {
    #[serde(borrow)]
    label: Option<&'a str>,
    accuracy: Number,
    shape: Shape,
}

/// See [`TitleReading`].
#[derive(Serialize, Deserialize)]
struct StoredReading<'a> {
    words: Vec<u32>,
    work: Option<u8>,
    objects: Vec<u8>,
    numbers: Vec<(u32, u32)>,
    phase: Option<u16>,
    /// One bit each, in the order of [`FLAGS`].
    flags: u8,
    sides: Vec<(u8, bool)>,
    station: Option<(f32, f32)>,
    measures: Option<[f32; 3]>,
    sizes: Vec<(u8, f32)>,
    hamlet: Option<u32>,
    #[serde(borrow)]
    owner: Option<&'a str>,
}

/// A number in tenths, if that is exact.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Number {
    Tenths(i64),
    Exact(f64),
}

#[derive(Serialize, Deserialize)]
enum Shape {
    Point(Corners),
    Line(Corners),
    /// The outer ring, then the inner ones, with the corners of each.
    Area(Vec<u32>, Corners),
}

/// Longitude and latitude of each corner in turn.
#[derive(Serialize, Deserialize)]
enum Corners {
    /// In units of 1e-7 degrees, each as the difference from the one before.
    Steps(Vec<i64>),
    Exact(Vec<f64>),
}

/// The bits of [`StoredReading::flags`]: continuation, revision, service, base, top, again, settlement, farm.
const FLAGS: [u8; 8] = [1, 2, 4, 8, 16, 32, 64, 128];

impl Prepared {
    /// Some 1 µs.
    pub fn pack(&self, lexicon: &mut Lexicon) -> Packed {
        let facts = &*self.facts;
        let stored = Stored {
            title: &facts.title,
            village: lexicon.village(facts),
            activity: facts.activity_code.map(|code| code.0),
            year: facts.fiscal_year,
            status: facts.status,
            authority: facts.authority,
            executor: lexicon.some_name(facts.executor.as_ref()),
            agreement: lexicon.some_name(facts.agreement.as_ref()),
            hamlet: lexicon.some_name(facts.hamlet.as_ref()),
            rt: lexicon.some_name(facts.rt.as_ref()),
            rw: lexicon.some_name(facts.rw.as_ref()),
            owner: facts.owner.as_deref(),
            volume: facts.volume.map(Number::new),
            volume_unit: lexicon.some_name(facts.volume_unit.as_ref()),
            continues: facts.continues.as_deref().copied(),
            budget: facts.budget_rupiah,
            funding: facts.funding.iter().map(|line| StoredLine::new(line, lexicon)).collect(),
            photo_marks: facts.photo_marks.iter().map(String::as_str).collect(),
            listed: facts.listed.as_deref().map(|listed| (listed.list, &*listed.id)),
            how: facts.how,
            parts: facts.parts.iter().map(StoredPart::new).collect(),
            reading: StoredReading::new(&self.title, lexicon),
        };
        Packed(postcard::to_allocvec(&stored).expect("packed records have no unbounded lists").into())
    }
}

impl Packed {
    /// From the bytes that [`Packed::bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Restores the record, given the lexicon it was packed with. Some 1 µs.
    pub fn unpack(&self, id: Uuid, lexicon: &Lexicon) -> Prepared {
        let stored: Stored<'_> = postcard::from_bytes(&self.0).expect("these bytes were packed by this program");
        let (village_id, village_code, village_name) = lexicon.village_at(stored.village);
        let contracts = stored.funding.iter().filter_map(|line| line.contract);
        let names = FoldedNames {
            executor: FoldedNames::known(stored.executor.map(|at| lexicon.folded(at))),
            agreement: FoldedNames::known(stored.agreement.map(|at| lexicon.folded(at))),
            funds: FoldedNames::of_funds(stored.funding.iter().map(|line| lexicon.folded(line.fund))),
            contracts: FoldedNames::of_contracts(contracts),
        };
        let facts = Facts {
            id,
            title: stored.title.into(),
            village_id,
            village_code,
            village_name,
            activity_code: stored.activity.map(ActivityCode),
            fiscal_year: stored.year,
            status: stored.status,
            authority: stored.authority,
            executor: lexicon.some_written(stored.executor),
            agreement: lexicon.some_written(stored.agreement),
            hamlet: lexicon.some_written(stored.hamlet),
            rt: lexicon.some_written(stored.rt),
            rw: lexicon.some_written(stored.rw),
            owner: stored.owner.map(Into::into),
            volume: stored.volume.map(Number::value),
            volume_unit: lexicon.some_written(stored.volume_unit),
            continues: stored.continues.map(Box::new),
            budget_rupiah: stored.budget,
            funding: stored.funding.iter().map(|line| line.funding_fact(lexicon)).collect(),
            photo_marks: stored.photo_marks.iter().map(|mark| (*mark).to_owned()).collect(),
            listed: stored.listed.map(|(list, id)| Box::new(Listed { list, id: id.into() })),
            how: stored.how,
            parts: stored.parts.into_iter().map(StoredPart::part).collect(),
        };
        Prepared { facts: Arc::new(facts), title: stored.reading.reading(lexicon), names }
    }
}

impl<'a> StoredLine<'a> {
    fn new(line: &'a FundingFact, lexicon: &mut Lexicon) -> Self {
        Self {
            fund: lexicon.name(&line.fund),
            amount: line.amount_rupiah,
            budget_line: line.budget_line.as_deref(),
            contract: line.contract_number.as_deref(),
            segment: line.segment.as_deref().map(|one| (one.part, Number::new(one.from_m), Number::new(one.to_m))),
        }
    }

    fn funding_fact(&self, lexicon: &Lexicon) -> FundingFact {
        let segment = self.segment.map(|(part, from, to)| Segment { part, from_m: from.value(), to_m: to.value() });
        FundingFact {
            fund: lexicon.written(self.fund),
            amount_rupiah: self.amount,
            budget_line: self.budget_line.map(Into::into),
            contract_number: self.contract.map(Into::into),
            segment: segment.map(Box::new),
        }
    }
}

impl<'a> StoredPart<'a> {
    fn new(part: &'a Part) -> Self {
        let shape = match &part.geometry {
            Geometry::Point(point) => Shape::Point(Corners::new([point.0].iter())),
            Geometry::LineString(line) => Shape::Line(Corners::new(line.0.iter())),
            Geometry::Polygon(area) => {
                let rings = || std::iter::once(area.exterior()).chain(area.interiors());
                let corners = rings().flat_map(|ring| &ring.0);
                Shape::Area(rings().map(|ring| to_u32(ring.0.len())).collect(), Corners::new(corners))
            }
            // A footprint has only points, lines and areas: see NewFootprint::parse and project_facts::facts. Of
            // anything else the bounding box is kept, to preserve its location.
            other => {
                let area = other.bounding_rect().map(|around| around.to_polygon());
                let corners: &[Coord<f64>] = area.as_ref().map_or(&[], |area| &area.exterior().0);
                Shape::Area(vec![to_u32(corners.len())], Corners::new(corners.iter()))
            }
        };
        Self { label: part.label.as_deref(), accuracy: Number::new(part.accuracy_m), shape }
    }

    fn part(self) -> Part {
        let geometry = match self.shape {
            Shape::Point(corners) => Geometry::Point(Point(corners.corners().next().unwrap_or_default())),
            Shape::Line(corners) => Geometry::LineString(LineString(corners.corners().collect())),
            Shape::Area(rings, corners) => {
                let mut corners = corners.corners();
                let mut rings =
                    rings.into_iter().map(|ring| LineString(corners.by_ref().take(ring as usize).collect()));
                let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
                Geometry::Polygon(Polygon::new(outer, rings.collect()))
            }
        };
        Part { label: self.label.map(str::to_owned), accuracy_m: self.accuracy.value(), geometry }
    }
}

impl<'a> StoredReading<'a> {
    fn new(reading: &'a TitleReading, lexicon: &mut Lexicon) -> Self {
        let flags = [
            reading.is_continuation,
            reading.is_revision,
            reading.is_service,
            reading.is_base,
            reading.is_top,
            reading.is_again,
            reading.is_settlement,
            reading.is_farm,
        ];
        Self {
            words: reading.words.iter().map(|word| lexicon.word(word)).collect(),
            work: reading.work.map(tables::number_of),
            objects: reading.objects.iter().map(|object| tables::number_of(object)).collect(),
            numbers: reading.numbers.iter().map(|(name, number)| (lexicon.name(name), lexicon.name(number))).collect(),
            phase: reading.phase,
            flags: flags.iter().zip(FLAGS).map(|(is, bit)| u8::from(*is) * bit).sum(),
            sides: reading.sides.to_vec(),
            station: reading.station,
            measures: reading.measures,
            sizes: reading.sizes.to_vec(),
            hamlet: lexicon.some_name(reading.hamlet.as_ref()),
            owner: reading.owner.as_deref(),
        }
    }

    fn reading(self, lexicon: &Lexicon) -> TitleReading {
        let [is_continuation, is_revision, is_service, is_base, is_top, is_again, is_settlement, is_farm] =
            FLAGS.map(|bit| self.flags & bit != 0);
        TitleReading {
            words: self.words.iter().map(|at| lexicon.word_at(*at)).collect(),
            work: self.work.map(tables::named),
            objects: self.objects.iter().map(|at| tables::named(*at)).collect(),
            numbers: self.numbers.iter().map(|(name, at)| (lexicon.written(*name), lexicon.written(*at))).collect(),
            phase: self.phase,
            is_continuation,
            is_revision,
            is_service,
            is_base,
            is_top,
            is_again,
            is_settlement,
            is_farm,
            sides: self.sides.into(),
            station: self.station,
            measures: self.measures,
            sizes: self.sizes.into(),
            hamlet: self.hamlet.map(|at| lexicon.written(at)),
            owner: self.owner.map(Into::into),
        }
    }
}

impl Number {
    fn new(number: f64) -> Self {
        match whole(number, 10.0) {
            Some(tenths) => Self::Tenths(tenths),
            None => Self::Exact(number),
        }
    }

    fn value(self) -> f64 {
        match self {
            Self::Tenths(tenths) => shared(tenths, 10.0),
            Self::Exact(number) => number,
        }
    }
}

impl Corners {
    fn new<'a>(corners: impl Iterator<Item = &'a Coord<f64>> + Clone) -> Self {
        let mut before = [0, 0];
        let mut steps = Vec::with_capacity(2 * corners.size_hint().0);
        for corner in corners.clone() {
            let (Some(x), Some(y)) = (whole(corner.x, UNITS), whole(corner.y, UNITS)) else {
                return Self::Exact(corners.flat_map(|corner| [corner.x, corner.y]).collect());
            };
            steps.extend([x - before[0], y - before[1]]);
            before = [x, y];
        }
        Self::Steps(steps)
    }

    fn corners(&self) -> impl Iterator<Item = Coord<f64>> + '_ {
        let (steps, exact): (&[i64], &[f64]) = match self {
            Self::Steps(steps) => (steps, &[]),
            Self::Exact(exact) => (&[], exact),
        };
        let mut at = [0, 0];
        let stepped = steps.chunks_exact(2).map(move |step| {
            at = [at[0] + step[0], at[1] + step[1]];
            Coord { x: shared(at[0], UNITS), y: shared(at[1], UNITS) }
        });
        stepped.chain(exact.chunks_exact(2).map(|corner| Coord { x: corner[0], y: corner[1] }))
    }
}

/// Units in a degree.
const UNITS: f64 = 1e7;

/// `number` as a whole count of 1/`parts`, if that is exact to the last bit.
#[expect(clippy::cast_possible_truncation, reason = "compared with its source")]
fn whole(number: f64, parts: f64) -> Option<i64> {
    let count = (number * parts).round();
    if count.abs() > 1e15 {
        return None;
    }
    let count = count as i64;
    (shared(count, parts).to_bits() == number.to_bits()).then_some(count)
}

/// The number that is `count` times 1/`parts`.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn shared(count: i64, parts: f64) -> f64 {
    count as f64 / parts
}
