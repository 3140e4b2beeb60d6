use super::*;
use geo::{line_string, point, polygon};

fn has(picture: &Drawing, colour: [u8; 3]) -> bool {
    let decoded = image::load_from_memory(&picture.png).unwrap().to_rgb8();
    assert_eq!(decoded.dimensions(), (WIDTH, HEIGHT));
    decoded.pixels().any(|pixel| pixel.0 == colour)
}

#[test]
fn two_roads_and_their_shared_metres_are_drawn_with_a_round_bar() {
    let road = line_string![(x: 114.30, y: -8.2), (x: 114.301, y: -8.2005), (x: 114.302, y: -8.2)];
    let scene = Scene {
        first: vec![road.clone().into()],
        second: vec![line_string![(x: 114.3, y: -8.2), (x: 114.301, y: -8.2005)].into()],
        shared: vec![line_string![(x: 114.3, y: -8.2), (x: 114.301, y: -8.2005)]],
        borders: vec![polygon![(x: 114.3, y: -8.3), (x: 114.4, y: -8.3), (x: 114.3005, y: -8.1)].into()],
        ..Scene::default()
    };
    let picture = draw(&scene).unwrap();
    assert_eq!(picture.scale_m, 50, "220 m over 964 pixels: a fifth of the width is 51 m");
    for colour in [TEAL, VERMILION, BAND, BORDER] {
        assert!(has(&picture, colour), "{colour:?}");
    }
}

#[test]
fn two_works_are_joined_where_they_come_nearest_and_not_where_they_share_metres() {
    let road = |lat: f64| LineString::from(vec![(114.305, lat), (114.308, lat)]);
    let ends = [Coord { x: 114.306, y: -8.2109 }, Coord { x: 114.306, y: -8.2101 }];
    let scene = Scene {
        first: vec![road(-8.211).into()],
        second: vec![road(-8.210).into()],
        nearest: Some(ends),
        ..Scene::default()
    };
    let ink = |scene: &Scene| {
        let decoded = image::load_from_memory(&draw(scene).unwrap().png).unwrap().to_rgb8();
        decoded.pixels().filter(|pixel| pixel.0 == INK).count()
    };
    let apart = ink(&Scene { nearest: None, ..scene.clone() });
    assert!(ink(&scene) > apart + 100, "{} {apart}", ink(&scene));
    let shared = Scene { shared: vec![road(-8.2105)], ..scene };
    assert!(ink(&shared) <= apart, "{} {apart}", ink(&shared));
}

#[test]
fn two_points_on_one_spot_have_surroundings_and_both_letters() {
    let here: Geometry<f64> = point! { x: 114.3, y: -8.2 }.into();
    let scene = Scene { first: vec![here.clone()], second: vec![here], numbers: [1, 2], ..Scene::default() };
    let picture = draw(&scene).unwrap();
    assert_eq!(picture.scale_m, 10);
    assert!(has(&picture, TEAL) && has(&picture, VERMILION));
    assert!(draw(&Scene::default()).is_none());
}

#[test]
fn a_wide_accuracy_is_shown_and_does_not_hide_the_works() {
    let scene = Scene {
        first: vec![point! { x: 114.3, y: -8.2 }.into()],
        second: vec![point! { x: 114.3001, y: -8.2 }.into()],
        ..Scene::default()
    };
    assert_eq!(draw_with_accuracy(&scene, [&[15.0], &[8.0]]).unwrap().scale_m, 10);
    assert_eq!(draw_with_accuracy(&scene, [&[3_000.0], &[f64::NAN]]).unwrap().scale_m, 50);
}

#[test]
fn a_long_track_far_from_its_double_is_drawn_in_time() {
    let walked: LineString<f64> =
        (0..20_000).map(|i| (114.0 + f64::from(i) * 1e-5, -8.0 + f64::from(i % 7) * 1e-5)).collect();
    let scene = Scene { first: vec![walked.clone().into()], second: vec![walked.into()], ..Scene::default() };
    assert!(draw(&scene).unwrap().scale_m >= 2_000);
}
