//! A picture of footprints for a mail, drawn locally: no map service is asked, and no reader is tracked.
//!
//! The first footprint is solid and teal, the second dashed and vermilion, each with its letter, so that they differ
//! without colour. North is up; the bar at the lower left is `scale_m` long, and so are the squares of the grid.

mod letters;
mod pen;

use geo::{BoundingRect, Coord, CoordsIter, Geometry, LineString, Point, Rect};
use letters::Letter;
use pen::{Pen, Sheet};

/// Twice the width at which a mail shows it.
const WIDTH: u32 = 1_116;
const HEIGHT: u32 = 560;
const MARGIN: f64 = 76.0;
/// Minimum width shown, metres: two points on one spot still get some surroundings.
const LEAST_M: f64 = 60.0;
/// Larger accuracy circles do not widen the picture, metres: the works would get too small.
const MOST_ACCURACY_M: f64 = 60.0;
/// Vertices of each footprint considered as places for its letter.
const SAMPLES: usize = 64;

const TEAL: [u8; 3] = [0x0b, 0x6e, 0x69];
const VERMILION: [u8; 3] = [0xd5, 0x5e, 0x00];
const BAND: [u8; 3] = [0xf7, 0xcf, 0x7f];
const BORDER: [u8; 3] = [0x8d, 0x9d, 0xa1];
const GRID: [u8; 3] = [0xee, 0xf2, 0xf2];
const INK: [u8; 3] = [0x1b, 0x2a, 0x2d];
const WHITE: [u8; 3] = [0xff, 0xff, 0xff];

/// The scene, WGS 84 lon/lat.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub first: Vec<Geometry<f64>>,
    pub second: Vec<Geometry<f64>>,
    /// Positions of the two works in the list beside the picture, counted from 1: their letters.
    pub numbers: [i64; 2],
    /// The metres claimed by both.
    pub shared: Vec<LineString<f64>>,
    /// The nearest points of the two: connected by a line if they share nothing.
    pub nearest: Option<[Coord<f64>; 2]>,
    /// Borders of villages near by.
    pub borders: Vec<Geometry<f64>>,
}

/// A PNG and its scale.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub png: Vec<u8>,
    /// Length of the bar and of a grid square, metres.
    pub scale_m: u32,
    /// Whether any metres are claimed by both.
    pub shows_shared: bool,
}

/// Draws the scene; `None` if it is empty. Some 10 ms.
pub fn draw(scene: &Scene) -> Option<Drawing> {
    draw_with_accuracy(scene, [&[], &[]])
}

/// The same with a faint accuracy circle around each point. `accuracy_m` corresponds to `first` and `second` by
/// index; missing values, lines and areas have no circle.
pub fn draw_with_accuracy(scene: &Scene, accuracy_m: [&[f64]; 2]) -> Option<Drawing> {
    let circles = [circles(&scene.first, accuracy_m[0]), circles(&scene.second, accuracy_m[1])];
    let view = View::around(scene, circles.iter().flatten())?;
    let mut sheet = Sheet::new(WIDTH, HEIGHT)?;
    let scale_m = view.scale_m();
    grid(&mut sheet, &view, scale_m);
    for border in &scene.borders {
        sheet.lines(view.rings(border), &Pen::new(BORDER, 2.5).dashed(16.0, 10.0));
    }
    for (circles, colour) in circles.iter().zip([TEAL, VERMILION]) {
        for circle in circles {
            sheet.circle(view.pixel(circle.centre), view.pixels(circle.radius_m), &Pen::new(colour, 2.0), 22, 70);
        }
    }
    for line in &scene.shared {
        sheet.lines(vec![view.line(line)], &Pen::new(BAND, 38.0));
    }
    let full = Pen::new(TEAL, 12.0);
    for geometry in &scene.first {
        match geometry {
            Geometry::Point(point) => sheet.first_point(view.pixel(point.0), TEAL),
            Geometry::Polygon(_) => sheet.area(view.rings(geometry), &full, 46),
            _ => sheet.lines(view.rings(geometry), &full),
        }
    }
    let broken = Pen::new(VERMILION, 7.0).dashed(20.0, 12.0);
    for geometry in &scene.second {
        match geometry {
            Geometry::Point(point) => sheet.second_point(view.pixel(point.0), VERMILION),
            Geometry::Polygon(_) => {
                sheet.area(view.rings(geometry), &Pen::new(WHITE, 12.0), 0);
                sheet.area(view.rings(geometry), &broken, 34);
            }
            _ => {
                sheet.lines(view.rings(geometry), &Pen::new(WHITE, 12.0));
                sheet.lines(view.rings(geometry), &broken);
            }
        }
    }
    if let (Some(ends), true) = (scene.nearest, scene.shared.is_empty()) {
        sheet.lines(vec![ends.map(|end| view.pixel(end)).to_vec()], &Pen::new(INK, 4.0));
    }
    letters(&mut sheet, &view, scene);
    furniture(&mut sheet, &view, scale_m);
    Some(Drawing { png: sheet.png()?, scale_m, shows_shared: !scene.shared.is_empty() })
}

struct Circle {
    centre: Coord<f64>,
    radius_m: f64,
}

fn circles(geometries: &[Geometry<f64>], accuracy_m: &[f64]) -> Vec<Circle> {
    let points = geometries.iter().zip(accuracy_m).filter_map(|(geometry, metres)| match geometry {
        Geometry::Point(point) if metres.is_finite() && *metres > 0.0 => {
            Some(Circle { centre: point.0, radius_m: *metres })
        }
        _ => None,
    });
    points.collect()
}

/// A plane in metres around the middle of the scene, mapped to pixels.
struct View {
    middle: Coord<f64>,
    /// Metres of a degree of longitude and of latitude.
    per_degree: Coord<f64>,
    pixels_per_metre: f64,
}

impl View {
    fn around<'a>(scene: &Scene, circles: impl Iterator<Item = &'a Circle>) -> Option<Self> {
        let all = geo::GeometryCollection(scene.first.iter().chain(&scene.second).cloned().collect());
        let mut rect = all.bounding_rect()?;
        // WGS 84 radii are within 0.4 % of this sphere, enough for a picture.
        let per_degree = Coord { x: 111_320.0 * rect.center().y.to_radians().cos().max(0.01), y: 110_574.0 };
        for circle in circles {
            let metres = circle.radius_m.min(MOST_ACCURACY_M);
            let reach = Coord { x: metres / per_degree.x, y: metres / per_degree.y };
            let (low, high) = (circle.centre - reach, circle.centre + reach);
            rect = Rect::new(
                Coord { x: rect.min().x.min(low.x), y: rect.min().y.min(low.y) },
                Coord { x: rect.max().x.max(high.x), y: rect.max().y.max(high.y) },
            );
        }
        let width_m = (rect.width() * per_degree.x).max(LEAST_M);
        let height_m = (rect.height() * per_degree.y).max(LEAST_M * f64::from(HEIGHT) / f64::from(WIDTH));
        let pixels_per_metre =
            ((f64::from(WIDTH) - 2.0 * MARGIN) / width_m).min((f64::from(HEIGHT) - 2.0 * MARGIN) / height_m);
        Some(Self { middle: rect.center(), per_degree, pixels_per_metre })
    }

    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    fn pixel(&self, c: Coord<f64>) -> (f32, f32) {
        let x = (c.x - self.middle.x) * self.per_degree.x * self.pixels_per_metre + f64::from(WIDTH) / 2.0;
        let y = f64::from(HEIGHT) / 2.0 - (c.y - self.middle.y) * self.per_degree.y * self.pixels_per_metre;
        (x as f32, y as f32)
    }

    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    fn pixels(&self, metres: f64) -> f32 {
        (metres * self.pixels_per_metre) as f32
    }

    fn line(&self, line: &LineString<f64>) -> Vec<(f32, f32)> {
        line.0.iter().map(|c| self.pixel(*c)).collect()
    }

    /// The lines and rings of a geometry; a point has none.
    fn rings(&self, geometry: &Geometry<f64>) -> Vec<Vec<(f32, f32)>> {
        match geometry {
            Geometry::LineString(line) => vec![self.line(line)],
            Geometry::Polygon(polygon) => {
                std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| self.line(ring)).collect()
            }
            Geometry::MultiLineString(many) => many.0.iter().map(|line| self.line(line)).collect(),
            Geometry::MultiPolygon(many) => {
                many.0.iter().flat_map(|polygon| self.rings(&Geometry::Polygon(polygon.clone()))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A round length of at most a fifth of the width.
    fn scale_m(&self) -> u32 {
        let wanted_m = f64::from(WIDTH) / 5.0 / self.pixels_per_metre;
        let lengths = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000];
        lengths.into_iter().rev().find(|length| f64::from(*length) <= wanted_m).unwrap_or(1)
    }
}

/// A faint grid with squares as long as the bar.
fn grid(sheet: &mut Sheet, view: &View, scale_m: u32) {
    let step = view.pixels(f64::from(scale_m)).max(24.0);
    let (width, height) = sheet.size();
    let pen = Pen::new(GRID, 2.0);
    let mut x = (width / 2.0) % step;
    while x < width {
        sheet.lines(vec![vec![(x, 0.0), (x, height)]], &pen);
        x += step;
    }
    let mut y = (height / 2.0) % step;
    while y < height {
        sheet.lines(vec![vec![(0.0, y), (width, y)]], &pen);
        y += step;
    }
}

/// Places each letter where its footprint is farthest from the other one, never on top of the other letter.
fn letters(sheet: &mut Sheet, view: &View, scene: &Scene) {
    let first = seat(view, &scene.first, &scene.second, false);
    let second = seat(view, &scene.second, &scene.first, true);
    let (width, height) = sheet.size();
    let inside = |(x, y): (f32, f32)| (x.clamp(34.0, width - 34.0), y.clamp(34.0, height - 34.0));
    let first = first.map(inside);
    let second = second.map(|seat| {
        let (x, y) = inside(seat);
        match first {
            Some((a, b)) if (a - x).hypot(b - y) < 56.0 => {
                inside((x, if b < height / 2.0 { b + 56.0 } else { b - 56.0 }))
            }
            _ => (x, y),
        }
    });
    for ((seat, colour), number) in [(first, TEAL), (second, VERMILION)].into_iter().zip(scene.numbers) {
        if let (Some(seat), Some(letter)) = (seat, Letter::for_number(number)) {
            sheet.badge(seat, colour, letter);
        }
    }
}

/// The vertex of `own` farthest from `other`: if there are several, the last one if `last`, else the first. Beside a
/// point, not on it.
fn seat(view: &View, own: &[Geometry<f64>], other: &[Geometry<f64>], last: bool) -> Option<(f32, f32)> {
    let (own_corners, other_corners) = (corners(view, own), corners(view, other));
    let clearance = |(x, y): (f32, f32)| {
        let nearest = other_corners.iter().map(|(a, b)| (a - x).hypot(b - y)).fold(f32::INFINITY, f32::min);
        nearest.round() // differences by rounding are ignored
    };
    let mut best: Option<((f32, f32), f32)> = None;
    for corner in own_corners {
        let room = clearance(corner);
        if best.is_none_or(|(_, most)| room > most || (last && room >= most)) {
            best = Some((corner, room));
        }
    }
    let ((x, y), _) = best?;
    let is_point = own.iter().all(|geometry| matches!(geometry, Geometry::Point(_)));
    let aside = if last { 46.0 } else { -46.0 };
    Some(if is_point { (x + aside, y + aside) } else { (x, y) })
}

/// Evenly spaced vertices of the geometries.
fn corners(view: &View, geometries: &[Geometry<f64>]) -> Vec<(f32, f32)> {
    let all: Vec<Coord<f64>> = geometries.iter().flat_map(CoordsIter::coords_iter).collect();
    let step = all.len().div_ceil(SAMPLES).max(1);
    // The last vertex of a line must be included.
    all.iter().step_by(step).chain(all.last()).map(|c| view.pixel(Point::from(*c).0)).collect()
}

/// The bar at the lower left and the north arrow at the upper right, each on a white background.
fn furniture(sheet: &mut Sheet, view: &View, scale_m: u32) {
    let (width, height) = sheet.size();
    let (left, bottom, long) = (30.0, height - 28.0, view.pixels(f64::from(scale_m)));
    let bar = vec![vec![(left, bottom - 14.0), (left, bottom), (left + long, bottom), (left + long, bottom - 14.0)]];
    sheet.lines(bar.clone(), &Pen::new(WHITE, 13.0));
    sheet.lines(bar, &Pen::new(INK, 5.0).square());
    sheet.north((width - 40.0, 50.0), INK);
}

#[cfg(test)]
mod tests;
