//! Two records with any titles and any two footprints: never a panic, never a number that is none, the same both ways.
#![no_main]

use geo::{Coord, Geometry, LineString, MultiPoint, Point, Polygon};
use libfuzzer_sys::fuzz_target;
use tapak::domain::facts::Facts;
use tapak::domain::footprint::{How, NewFootprint};
use tapak::duplicates::{Context, Judge, Prepared, Settings};
use tapak_fuzz::{facts, seed};

/// Bytes, taken one after the other; zeros behind the last.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let count = N.min(self.0.len());
        taken[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take::<1>()[0]
    }

    /// A corner: near a place of Banyuwangi on a grid of some metres (so that things touch), or anywhere at all.
    fn corner(&mut self, anywhere: bool) -> Coord<f64> {
        if anywhere {
            return Coord { x: f64::from_le_bytes(self.take()), y: f64::from_le_bytes(self.take()) };
        }
        let [x, y] = self.take::<2>().map(|byte| f64::from(byte) - 128.0);
        Coord { x: 114.3 + x * 4e-5, y: -8.2 + y * 4e-5 }
    }

    fn geometry(&mut self) -> Geometry<f64> {
        let kind = self.byte();
        let count = usize::from(self.byte() % 12) + 1;
        let corners: Vec<Coord<f64>> = (0..count).map(|_| self.corner(kind & 0x80 != 0)).collect();
        match kind % 4 {
            0 => Point(corners[0]).into(),
            1 => LineString(corners).into(),
            2 => Polygon::new(LineString(corners), Vec::new()).into(),
            _ => MultiPoint(corners.into_iter().map(Point).collect()).into(),
        }
    }

    fn record(&mut self, judge: &Judge) -> Prepared {
        let accuracy_m = f64::from(self.byte()) * 20.0;
        let geometry = self.geometry();
        let footprint = NewFootprint::parse(How::Map, vec![(None, Some(accuracy_m), geometry)]);
        let parts = footprint.map(|footprint| footprint.parts).unwrap_or_default();
        judge.prepare(Facts { parts: parts.into(), ..facts("Jalan") })
    }
}

fuzz_target!(
    init: seed(&[
        &[1, 1, 4, 10, 10, 20, 10, 30, 12, 40, 15, 1, 1, 3, 10, 10, 20, 10, 30, 12],
        &[1, 2, 4, 10, 10, 60, 10, 60, 60, 10, 60, 1, 0, 0, 30, 30],
        &[9, 3, 11, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 0, 1, 5, 1, 1, 9, 9],
    ]),
    |data: &[u8]| {
        let judge = Judge::new(Settings::default());
        let mut bytes = Bytes(data);
        let (a, b) = (bytes.record(&judge), bytes.record(&judge));
        let context = Context { same_place: usize::from(bytes.byte() % 4), ..Context::default() };
        let (there, back) = (judge.judge(&a, &b, &context), judge.judge(&b, &a, &context));
        for verdict in [&there, &back] {
            assert!((0.0..=1.0).contains(&verdict.probability), "{verdict:?}");
            assert!(verdict.distance_m.is_none_or(|metres| metres.is_finite() && metres >= 0.0), "{verdict:?}");
            assert!(verdict.shared_m.is_none_or(|metres| metres.is_finite() && metres >= 0.0), "{verdict:?}");
        }
        assert!((there.probability - back.probability).abs() < 1e-6, "{there:?}\n{back:?}");
        assert_eq!((there.kind, there.band), (back.kind, back.band));
        let explained = a.prefilter().is_surely_explained(&b.prefilter(), context.same_place >= 2);
        if explained || judge.is_surely_silent(&a, &b, &context) {
            assert_eq!(there.band, tapak::domain::verdict::Band::Silent);
        }
    }
);
