//! Whether a place is in, near or outside a village. Borders are accurate to 15–20 m, overlap in slivers and leave
//! gaps: containment is never certain.

use super::metres;
use crate::domain::footprint::Part;
use crate::domain::outline::simplified;
use crate::domain::scope::Scope;
use crate::domain::village::{Relation, Village};
use geo::{BoundingRect, Geometry, MultiLineString, MultiPolygon, Polygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::collections::HashMap;
use std::sync::OnceLock;
use uuid::Uuid;

type Box2 = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// Search radius for the nearest village, metres.
const FURTHEST_M: f64 = 5_000.0;

/// Maximum number of villages named where a place does not tell its village.
const NAMED: usize = 3;

/// Tolerance of simplified outlines for maps, degrees (some 5 m): a fifth of the bytes, invisible below zoom 15.
const DRAWN_WITHIN_DEG: f64 = 0.000_05;

/// All villages with their outlines, in an R-tree of their boxes.
#[derive(Debug, Default)]
pub struct Places {
    outlines: Vec<(Village, Geometry<f64>)>,
    by_id: HashMap<Uuid, usize>,
    tree: RTree<Box2>,
    /// Code and box (west, south, east, north) of each, by code.
    boxes: Vec<(String, [f64; 4])>,
    /// Built when a map first asks.
    drawn: OnceLock<Vec<Geometry<f64>>>,
}

/// The relation of a place to one village.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub village: Village,
    pub relation: Relation,
    /// Metres from the outline; 0 inside.
    pub distance_m: f64,
}

impl Places {
    /// O(n log n) in villages.
    pub fn new(outlines: Vec<(Village, MultiPolygon<f64>)>) -> Self {
        let outlines: Vec<(Village, Geometry<f64>)> =
            outlines.into_iter().map(|(village, boundary)| (village, Geometry::MultiPolygon(boundary))).collect();
        let boxes = outlines
            .iter()
            .enumerate()
            .filter_map(|(at, (_, boundary))| {
                let rect = boundary.bounding_rect()?;
                let corners = Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
                Some(Box2::new(corners, at))
            })
            .collect();
        let mut coded: Vec<(String, [f64; 4])> = outlines
            .iter()
            .filter_map(|(village, boundary)| Some((village.code.clone(), metres::bounds(boundary)?)))
            .collect();
        coded.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let by_id = outlines.iter().enumerate().map(|(at, (village, _))| (village.id, at)).collect();
        Self { outlines, by_id, tree: RTree::bulk_load(boxes), boxes: coded, drawn: OnceLock::new() }
    }

    pub fn len(&self) -> usize {
        self.outlines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.outlines.is_empty()
    }

    pub fn village(&self, id: Uuid) -> Option<&Village> {
        self.by_id.get(&id).map(|at| &self.outlines[*at].0)
    }

    pub fn outlines(&self) -> &[(Village, Geometry<f64>)] {
        &self.outlines
    }

    /// The villages with their outlines for maps, simplified to some 5 m. The first call simplifies all of them: do
    /// not make it on an async thread.
    pub fn drawn(&self) -> impl Iterator<Item = (&Village, &Geometry<f64>)> {
        let drawn = self
            .drawn
            .get_or_init(|| self.outlines.iter().map(|(_, outline)| simplified(outline, DRAWN_WITHIN_DEG)).collect());
        self.outlines.iter().map(|(village, _)| village).zip(drawn)
    }

    pub fn outline(&self, id: Uuid) -> Option<&Geometry<f64>> {
        self.by_id.get(&id).map(|at| &self.outlines[*at].1)
    }

    /// The box around the outlines of the villages in this scope: west, south, east, north. O(villages in the scope).
    pub fn bounds_within(&self, scope: &Scope) -> Option<[f64; 4]> {
        let inside = scope.ranges().iter().flat_map(|range| {
            let from = self.boxes.partition_point(|(code, _)| *code < range.low);
            self.boxes[from..].iter().take_while(|(code, _)| *code < range.high).map(|(_, bounds)| *bounds)
        });
        inside.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
    }

    /// The relation of parts to the village they are recorded in: the furthest part counts, and of each part its
    /// nearest point, since roads cross borders. `None` if the village has no outline. A part is near if its distance
    /// is at most its accuracy plus `tolerance_m`.
    pub fn relation(&self, village: Uuid, parts: &[Part], tolerance_m: f64) -> Option<(Relation, f64)> {
        let boundary = self.outline(village)?;
        let distances = metres::distances_m(parts.iter().map(|part| &part.geometry), boundary);
        parts
            .iter()
            .zip(distances)
            .map(|(part, distance_m)| {
                let relation = if distance_m <= 0.0 {
                    Relation::In
                } else if distance_m <= part.accuracy_m + tolerance_m {
                    Relation::Near
                } else {
                    Relation::Outside
                };
                (relation, distance_m)
            })
            .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
    }

    /// The villages nearest to a geometry within 5 km, nearest first, at most `most`.
    pub fn nearest(&self, geometry: &Geometry<f64>, accuracy_m: f64, tolerance_m: f64, most: usize) -> Vec<Place> {
        let Some(rect) = geometry.bounding_rect() else { return Vec::new() };
        let around = |radius_m: f64| {
            let bounds = [rect.min().x, rect.min().y, rect.max().x, rect.max().y];
            let [west, south, east, north] = metres::bounds_around(bounds, radius_m);
            AABB::from_corners([west, south], [east, north])
        };
        let mut near: Vec<Place> = Vec::new();
        for radius_m in [accuracy_m + tolerance_m, FURTHEST_M] {
            near = self
                .tree
                .locate_in_envelope_intersecting(around(radius_m))
                .map(|found| {
                    let (village, boundary) = &self.outlines[found.data];
                    let distance_m = metres::distance_m(geometry, boundary);
                    let relation = if distance_m <= 0.0 {
                        Relation::In
                    } else if distance_m <= accuracy_m + tolerance_m {
                        Relation::Near
                    } else {
                        Relation::Outside
                    };
                    Place { village: village.clone(), relation, distance_m }
                })
                .filter(|place| place.distance_m <= FURTHEST_M)
                .collect();
            if !near.is_empty() {
                break;
            }
        }
        near.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then_with(|| a.village.code.cmp(&b.village.code)));
        near.truncate(most);
        near
    }

    /// The one village that holds all of these parts. Borders are certain to `tolerance_m` and a part to its accuracy: nearer
    /// to any border, in a village whose outline is only drawn, or outside of all, the error names the villages near by,
    /// nearest first. O(log n) plus the corners of the outlines near by.
    pub fn holder(&self, parts: &[Part], tolerance_m: f64) -> Result<&Village, Vec<Place>> {
        let mut holder: Option<Uuid> = None;
        for part in parts {
            let near = self.nearest(&part.geometry, part.accuracy_m, tolerance_m, NAMED);
            let is_clear = match near.as_slice() {
                [only] if only.relation == Relation::In && !only.village.schematic => {
                    self.outline(only.village.id).is_some_and(|outline| {
                        metres::distance_m(&part.geometry, &border(outline)) > part.accuracy_m + tolerance_m
                    })
                }
                _ => false,
            };
            let id = near.first().map(|place| place.village.id);
            if !is_clear || holder.is_some_and(|other| Some(other) != id) {
                let of_others = holder.filter(|other| Some(*other) != id).and_then(|other| self.village(other));
                let others = of_others.map(|village| Place {
                    village: village.clone(),
                    relation: Relation::In,
                    distance_m: 0.0,
                });
                return Err(others.into_iter().chain(near).collect());
            }
            holder = id;
        }
        holder.and_then(|id| self.village(id)).ok_or_else(Vec::new)
    }

    /// The villages whose boxes come within `tolerance_m` of this village's box: those that may touch it.
    pub fn touching(&self, village: Uuid, tolerance_m: f64) -> Vec<Uuid> {
        let Some(rect) = self.outline(village).and_then(BoundingRect::bounding_rect) else { return Vec::new() };
        let bounds = [rect.min().x, rect.min().y, rect.max().x, rect.max().y];
        let [west, south, east, north] = metres::bounds_around(bounds, tolerance_m);
        let envelope = AABB::from_corners([west, south], [east, north]);
        self.tree
            .locate_in_envelope_intersecting(envelope)
            .map(|found| self.outlines[found.data].0.id)
            .filter(|id| *id != village)
            .collect()
    }
}

/// The lines of an outline.
fn border(outline: &Geometry<f64>) -> Geometry<f64> {
    let rings = |polygon: &Polygon<f64>| {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).cloned().collect::<Vec<_>>()
    };
    Geometry::MultiLineString(MultiLineString(match outline {
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(rings).collect(),
        _ => Vec::new(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, line_string, polygon};

    /// Two villages 2 km wide beside each other near Banyuwangi, and one that is only drawn.
    fn places() -> Places {
        let village = |number: u128, west: f64, schematic: bool| {
            let ring = polygon![(x: west, y: -8.22), (x: west + 0.02, y: -8.22), (x: west + 0.02, y: -8.20), (x: west, y: -8.20)];
            let village = Village {
                id: Uuid::from_u128(number),
                code: format!("35.10.01.200{number}"),
                name: format!("Desa {number}"),
                kind: "desa".to_owned(),
                district: String::new(),
                regency: String::new(),
                centre: [west + 0.01, -8.21],
                schematic,
            };
            (village, MultiPolygon(vec![ring]))
        };
        Places::new(vec![village(1, 114.30, false), village(2, 114.32, false), village(3, 114.50, true)])
    }

    fn holder(geometries: &[Geometry<f64>]) -> Result<String, Vec<(String, Relation)>> {
        let part = |geometry: &Geometry<f64>| Part { label: None, accuracy_m: 10.0, geometry: geometry.clone() };
        let parts: Vec<Part> = geometries.iter().map(part).collect();
        let places = places();
        let held = places.holder(&parts, 50.0).map(|village| village.name.clone());
        held.map_err(|near| near.into_iter().map(|place| (place.village.name, place.relation)).collect())
    }

    #[test]
    fn a_place_tells_its_village_only_well_within_its_border() {
        let point = |lon: f64, lat: f64| Geometry::Point(Point::new(lon, lat));
        let name = |number: u8| format!("Desa {number}");
        assert_eq!(holder(&[point(114.31, -8.21)]), Ok(name(1)));
        assert_eq!(holder(&[point(114.31, -8.21), point(114.305, -8.205)]), Ok(name(1)));
        // 55 m from the neighbour, and 55 m from a border behind which no village is known.
        assert_eq!(holder(&[point(114.3195, -8.21)]), Err(vec![(name(1), Relation::In), (name(2), Relation::Near)]));
        assert_eq!(holder(&[point(114.3005, -8.21)]), Err(vec![(name(1), Relation::In)]));
        let outside = vec![(name(1), Relation::Outside), (name(2), Relation::Outside)];
        assert_eq!(holder(&[point(114.29, -8.21)]), Err(outside));
        assert_eq!(holder(&[point(115.0, -8.21)]), Err(vec![]));
        assert_eq!(holder(&[point(114.51, -8.21)]), Err(vec![(name(3), Relation::In)]), "only drawn");
        assert_eq!(holder(&[]), Err(vec![]));
        let across = line_string![(x: 114.31, y: -8.21), (x: 114.33, y: -8.21)];
        assert_eq!(holder(&[across.into()]), Err(vec![(name(1), Relation::In), (name(2), Relation::In)]));
        let two = [point(114.31, -8.21), point(114.33, -8.21)];
        assert_eq!(holder(&two), Err(vec![(name(1), Relation::In), (name(2), Relation::In)]));
    }
}
