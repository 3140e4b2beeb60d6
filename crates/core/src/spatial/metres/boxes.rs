//! A tree of boxes over runs of a line's segments: finding the nearest segment of a walked track then costs what its
//! neighbourhood costs. A tangle has no order that boxes could use: there a [`Budget`] stops the search.

use super::length;
use geo::Coord;
use std::cell::Cell;

/// Segments under one box, and boxes under each higher box.
const RUN: usize = 8;

/// Limits the work of a comparison, in boxes and segments visited. Results are invalid once it is spent.
#[derive(Debug)]
pub struct Budget(Cell<u64>);

impl Budget {
    pub const fn new(looks: u64) -> Self {
        Self(Cell::new(looks))
    }

    pub const fn unlimited() -> Self {
        Self::new(u64::MAX)
    }

    /// Deducts so many visits; `false` if the budget is spent.
    pub fn spend(&self, looks: u64) -> bool {
        let left = self.0.get().saturating_sub(looks);
        self.0.set(left);
        left > 0
    }

    pub const fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

/// Least x, least y, greatest x, greatest y.
type Box2 = [f64; 4];

/// The boxes over a line's segments, in the order of the line. The corners are not stored: each query passes them.
#[derive(Clone, Debug, Default)]
pub struct Boxes {
    /// Boxes of runs of segments, then of runs of the level below. Empty for a short line.
    levels: Vec<Vec<Box2>>,
}

/// The point of a line nearest to another point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foot {
    /// The segment, and the position on it, 0 to 1.
    pub segment: usize,
    pub t: f64,
    pub place: Coord<f64>,
    pub distance_2: f64,
}

/// A point on each of two lines, and the squared distance between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    pub ends: [Coord<f64>; 2],
    pub distance_2: f64,
}

impl Gap {
    fn between(a: Coord<f64>, b: Coord<f64>) -> Self {
        let d = b - a;
        Self { ends: [a, b], distance_2: d.x * d.x + d.y * d.y }
    }
}

impl Boxes {
    /// O(n).
    pub fn new(corners: &[Coord<f64>]) -> Self {
        let mut levels: Vec<Vec<Box2>> = Vec::new();
        if corners.len() <= 2 * RUN {
            return Self { levels };
        }
        let runs = (0..corners.len() - 1).step_by(RUN);
        levels.push(runs.map(|at| around(&corners[at..corners.len().min(at + RUN + 1)])).collect());
        while let Some(below) = levels.last().filter(|below| below.len() > RUN) {
            let above = below.chunks(RUN).map(|run| run.iter().copied().reduce(joined).unwrap_or_default()).collect();
            levels.push(above);
        }
        Self { levels }
    }

    /// The first of the points of a line nearest to `p`, if one is at most `within_m` away.
    pub fn nearest(&self, corners: &[Coord<f64>], p: Coord<f64>, within_m: f64, budget: &Budget) -> Option<Foot> {
        let mut search = Nearest { corners, p, best: None, best_2: (within_m * within_m).next_up(), budget };
        self.visit(corners, &mut search);
        search.best
    }

    /// The nearest points of two lines, or their crossing, if nearer than `best`.
    pub fn gap(
        (a, boxes_a): (&[Coord<f64>], &Self),
        (b, boxes_b): (&[Coord<f64>], &Self),
        best: Option<Gap>,
        budget: &Budget,
    ) -> Option<Gap> {
        let mut pair = Pair { a, b, boxes_a, boxes_b, best, budget };
        // Any two points are an upper bound: a good one rejects most of the rest at once.
        for c in [a.first(), a.get(a.len() / 2), a.last()].into_iter().flatten() {
            if let Some(foot) = boxes_b.nearest(b, *c, pair.best_2().sqrt(), budget) {
                pair.offer(Gap { ends: [*c, foot.place], distance_2: foot.distance_2 });
            }
        }
        for one in boxes_a.tops(a) {
            for two in boxes_b.tops(b) {
                pair.visit(one, two);
            }
        }
        pair.best
    }

    /// The number of run pairs whose boxes overlap: segments of other runs cannot cross. Counts up to `most`.
    pub fn meetings((a, boxes_a): (&[Coord<f64>], &Self), (b, boxes_b): (&[Coord<f64>], &Self), most: usize) -> usize {
        let mut count = 0;
        let mut open: Vec<(Node, Node)> =
            boxes_a.tops(a).flat_map(|one| boxes_b.tops(b).map(move |two| (one, two))).collect();
        while let Some((one, two)) = open.pop() {
            if count >= most {
                break;
            }
            if box_gap_2(boxes_a.bounds(a, one), boxes_b.bounds(b, two)) > 0.0 {
                continue;
            }
            match (one.level, two.level) {
                (0, 0) => count += 1,
                (x, y) if x >= y => open.extend(boxes_a.below(one).map(|one| (one, two))),
                _ => open.extend(boxes_b.below(two).map(|two| (one, two))),
            }
        }
        count
    }

    /// Whether an eastward ray from `c` crosses a closed ring an odd number of times. On the ring either answer is
    /// right.
    pub fn is_inside(&self, ring: &[Coord<f64>], c: Coord<f64>, budget: &Budget) -> bool {
        let mut ray = Ray { corners: ring, c, inside: false, budget };
        self.visit(ring, &mut ray);
        ray.inside
    }

    fn visit(&self, corners: &[Coord<f64>], visitor: &mut impl Visit) {
        for top in self.tops(corners) {
            self.visit_node(corners, top, visitor);
        }
    }

    fn visit_node(&self, corners: &[Coord<f64>], node: Node, visitor: &mut impl Visit) {
        let known = !self.levels.is_empty();
        if known && !visitor.enters(self.bounds(corners, node), self.corners_of(corners, node)) {
            return;
        }
        if node.level == 0 {
            let (from, end) = self.corners_of(corners, node);
            (from..end.max(from + 1)).for_each(|segment| visitor.segment(segment));
        } else {
            self.below(node).for_each(|below| self.visit_node(corners, below, visitor));
        }
    }

    /// The root nodes: for a short line one run with all its segments.
    fn tops(&self, corners: &[Coord<f64>]) -> impl Iterator<Item = Node> + use<> {
        let (level, count) = match self.levels.last() {
            Some(top) => (self.levels.len() - 1, top.len()),
            None => (0, usize::from(!corners.is_empty())),
        };
        (0..count).map(move |at| Node { level, at })
    }

    fn below(&self, node: Node) -> impl Iterator<Item = Node> + use<> {
        let level = node.level - 1;
        let end = self.levels[level].len().min((node.at + 1) * RUN);
        (node.at * RUN..end).map(move |at| Node { level, at })
    }

    fn bounds(&self, corners: &[Coord<f64>], node: Node) -> Box2 {
        self.levels.get(node.level).map_or_else(|| around(corners), |level| level[node.at])
    }

    /// The first and the last corner under a node.
    fn corners_of(&self, corners: &[Coord<f64>], node: Node) -> (usize, usize) {
        let last = corners.len() - 1;
        if self.levels.is_empty() {
            return (0, last);
        }
        let wide = (0..node.level).fold(RUN, |wide, _| wide * RUN);
        (node.at * wide, last.min((node.at + 1) * wide))
    }
}

/// A run: of segments at level 0, of lower runs above.
#[derive(Clone, Copy)]
struct Node {
    level: usize,
    at: usize,
}

trait Visit {
    /// Whether to descend into a box; `corners` are the first and the last one under it.
    fn enters(&mut self, bounds: Box2, corners: (usize, usize)) -> bool;
    fn segment(&mut self, segment: usize);
}

struct Nearest<'a> {
    corners: &'a [Coord<f64>],
    p: Coord<f64>,
    best: Option<Foot>,
    best_2: f64,
    budget: &'a Budget,
}

impl Visit for Nearest<'_> {
    fn enters(&mut self, bounds: Box2, _: (usize, usize)) -> bool {
        self.budget.spend(1) && box_gap_2(bounds, [self.p.x, self.p.y, self.p.x, self.p.y]) < self.best_2
    }

    fn segment(&mut self, segment: usize) {
        if !self.budget.spend(1) {
            return;
        }
        let (a, b) = ends(self.corners, segment);
        let (place, t) = foot(self.p, a, b);
        let d = place - self.p;
        let distance_2 = d.x * d.x + d.y * d.y;
        if distance_2 < self.best_2 {
            self.best_2 = distance_2;
            self.best = Some(Foot { segment, t, place, distance_2 });
        }
    }
}

struct Ray<'a> {
    corners: &'a [Coord<f64>],
    c: Coord<f64>,
    inside: bool,
    budget: &'a Budget,
}

impl Visit for Ray<'_> {
    fn enters(&mut self, [west, south, east, north]: Box2, (from, to): (usize, usize)) -> bool {
        if !self.budget.spend(1) || south > self.c.y || north <= self.c.y || east < self.c.x {
            return false;
        }
        if west > self.c.x {
            // All of it is to the east: it is crossed an odd number of times if its ends are on different sides.
            self.inside ^= (self.corners[from].y > self.c.y) != (self.corners[to].y > self.c.y);
            return false;
        }
        true
    }

    fn segment(&mut self, segment: usize) {
        self.budget.spend(1);
        let ((a, b), c) = (ends(self.corners, segment), self.c);
        self.inside ^= (a.y > c.y) != (b.y > c.y) && c.x < (b.x - a.x) * (c.y - a.y) / (b.y - a.y) + a.x;
    }
}

struct Pair<'a> {
    a: &'a [Coord<f64>],
    b: &'a [Coord<f64>],
    boxes_a: &'a Boxes,
    boxes_b: &'a Boxes,
    best: Option<Gap>,
    budget: &'a Budget,
}

impl Pair<'_> {
    fn best_2(&self) -> f64 {
        self.best.map_or(f64::INFINITY, |best| best.distance_2)
    }

    fn offer(&mut self, gap: Gap) {
        if gap.distance_2 < self.best_2() {
            self.best = Some(gap);
        }
    }

    fn visit(&mut self, one: Node, two: Node) {
        let gap_2 = box_gap_2(self.boxes_a.bounds(self.a, one), self.boxes_b.bounds(self.b, two));
        if !self.budget.spend(1) || self.best_2() <= 0.0 || gap_2 >= self.best_2() {
            return;
        }
        match (one.level, two.level) {
            (0, 0) => self.segments(one, two),
            (x, y) if x >= y => self.boxes_a.below(one).for_each(|one| self.visit(one, two)),
            _ => self.boxes_b.below(two).for_each(|two| self.visit(one, two)),
        }
    }

    fn segments(&mut self, one: Node, two: Node) {
        let (from_a, end_a) = self.boxes_a.corners_of(self.a, one);
        let (from_b, end_b) = self.boxes_b.corners_of(self.b, two);
        for at in from_a..end_a.max(from_a + 1) {
            let one = ends(self.a, at);
            let box_one = around(&[one.0, one.1]);
            if !self.budget.spend((end_b - from_b).max(1) as u64) {
                return;
            }
            for bt in from_b..end_b.max(from_b + 1) {
                let two = ends(self.b, bt);
                if box_gap_2(box_one, around(&[two.0, two.1])) < self.best_2() {
                    self.offer(gap_of_segments(one, two));
                }
            }
        }
    }
}

/// A line with fewer corners, nowhere further than `within_m` from the original: drops corners that are nearer than
/// that to the last kept one. The ends are kept. O(n).
pub fn thinned(corners: &[Coord<f64>], within_m: f64) -> Vec<Coord<f64>> {
    let mut kept: Vec<Coord<f64>> = Vec::new();
    for (at, c) in corners.iter().enumerate() {
        let stays = kept.last().is_none_or(|last| length(*c - *last) > within_m) || at + 1 == corners.len();
        if stays {
            kept.push(*c);
        }
    }
    kept
}

/// The ends of a segment; a single corner twice.
fn ends(corners: &[Coord<f64>], segment: usize) -> (Coord<f64>, Coord<f64>) {
    (corners[segment], corners[(segment + 1).min(corners.len() - 1)])
}

fn around(corners: &[Coord<f64>]) -> Box2 {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    corners.iter().fold(start, |[w, s, e, n], c| [w.min(c.x), s.min(c.y), e.max(c.x), n.max(c.y)])
}

fn joined(a: Box2, b: Box2) -> Box2 {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Squared distance of two boxes.
pub(super) fn box_gap_2(a: Box2, b: Box2) -> f64 {
    let dx = (b[0] - a[2]).max(a[0] - b[2]).max(0.0);
    let dy = (b[1] - a[3]).max(a[1] - b[3]).max(0.0);
    dx * dx + dy * dy
}

/// The point of a segment nearest to `p`, and its position there, 0 to 1.
fn foot(p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> (Coord<f64>, f64) {
    let (ab, ap) = (b - a, p - a);
    let whole_2 = ab.x * ab.x + ab.y * ab.y;
    let t = if whole_2 > 0.0 { ((ap.x * ab.x + ap.y * ab.y) / whole_2).clamp(0.0, 1.0) } else { 0.0 };
    (a + ab * t, t)
}

/// The nearest points of two segments; their crossing twice, if they cross.
fn gap_of_segments((a, b): (Coord<f64>, Coord<f64>), (c, d): (Coord<f64>, Coord<f64>)) -> Gap {
    let cross = |p: Coord<f64>, q: Coord<f64>| p.x * q.y - p.y * q.x;
    let side = |p: Coord<f64>, q: Coord<f64>, r: Coord<f64>| cross(q - p, r - p);
    if side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0 {
        // The two are not parallel, or their ends would not be on different sides.
        let t = (cross(c - a, d - c) / cross(b - a, d - c)).clamp(0.0, 1.0);
        let place = a + (b - a) * t;
        return Gap { ends: [place, place], distance_2: 0.0 };
    }
    [
        Gap::between(a, foot(a, c, d).0),
        Gap::between(b, foot(b, c, d).0),
        Gap::between(foot(c, a, b).0, c),
        Gap::between(foot(d, a, b).0, d),
    ]
    .into_iter()
    .reduce(|best, gap| if gap.distance_2 < best.distance_2 { gap } else { best })
    .expect("four candidates")
}

#[cfg(test)]
mod tests;
