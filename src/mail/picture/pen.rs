//! The canvas of a picture: lines, areas, points and letters in pixels, y downwards.

use super::letters::Letter;
use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform};

type Spot = (f32, f32);

/// Colour, width and style of a line.
#[derive(Clone, Copy)]
pub struct Pen {
    colour: [u8; 3],
    width: f32,
    dash: Option<[f32; 2]>,
    cap: LineCap,
}

impl Pen {
    /// A solid line with round ends.
    pub fn new(colour: [u8; 3], width: f32) -> Self {
        Self { colour, width, dash: None, cap: LineCap::Round }
    }

    /// `on` pixels drawn, `off` skipped.
    pub fn dashed(self, on: f32, off: f32) -> Self {
        Self { dash: Some([on, off]), cap: LineCap::Butt, ..self }
    }

    pub fn square(self) -> Self {
        Self { cap: LineCap::Square, ..self }
    }

    fn paint(&self, alpha: u8) -> Paint<'static> {
        let mut paint = Paint::default();
        let [r, g, b] = self.colour;
        paint.set_color_rgba8(r, g, b, alpha);
        paint.anti_alias = true;
        paint
    }

    fn stroke(&self) -> Stroke {
        Stroke {
            width: self.width,
            line_cap: self.cap,
            line_join: if self.cap == LineCap::Square { LineJoin::Miter } else { LineJoin::Round },
            dash: self.dash.and_then(|dash| StrokeDash::new(dash.to_vec(), 0.0)),
            ..Stroke::default()
        }
    }
}

/// White paper.
pub struct Sheet {
    pixmap: Pixmap,
}

impl Sheet {
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let mut pixmap = Pixmap::new(width, height)?;
        pixmap.fill(Color::WHITE);
        Some(Self { pixmap })
    }

    #[expect(clippy::cast_precision_loss, reason = "a sheet has far fewer pixels than a float can count")]
    pub fn size(&self) -> Spot {
        (self.pixmap.width() as f32, self.pixmap.height() as f32)
    }

    pub fn png(&self) -> Option<Vec<u8>> {
        self.pixmap.encode_png().ok()
    }

    pub fn lines(&mut self, lines: Vec<Vec<Spot>>, pen: &Pen) {
        if let Some(path) = trace(&lines, false) {
            self.stroke(&path, pen, 255);
        }
    }

    /// A lightly filled area (`alpha` of 255) with its outline; inner rings are holes.
    pub fn area(&mut self, rings: Vec<Vec<Spot>>, pen: &Pen, alpha: u8) {
        let Some(path) = trace(&rings, true) else { return };
        self.fill(&path, pen, alpha);
        self.stroke(&path, pen, 255);
    }

    /// A circle with faint fill and outline (alpha of 255 each).
    pub fn circle(&mut self, (x, y): Spot, radius: f32, pen: &Pen, ground: u8, line: u8) {
        let Some(circle) = PathBuilder::from_circle(x, y, radius) else { return };
        self.fill(&circle, pen, ground);
        self.stroke(&circle, pen, line);
    }

    /// A solid disc in a solid ring.
    pub fn first_point(&mut self, at: Spot, colour: [u8; 3]) {
        let pen = Pen::new(colour, 5.0);
        self.circle(at, 21.0, &pen, 0, 255);
        self.circle(at, 11.0, &pen, 255, 0);
    }

    /// A small diamond in a wider, dashed ring: it remains visible on top of a first point, and that one around it.
    pub fn second_point(&mut self, (x, y): Spot, colour: [u8; 3]) {
        // Seven dashes close a ring of this radius without a seam.
        self.circle((x, y), 31.0, &Pen::new(colour, 6.0).dashed(17.0, 10.83), 0, 255);
        let diamond = vec![vec![(x, y - 9.0), (x + 9.0, y), (x, y + 9.0), (x - 9.0, y)]];
        self.area(diamond.clone(), &Pen::new([255; 3], 3.0), 0);
        if let Some(path) = trace(&diamond, true) {
            self.fill(&path, &Pen::new(colour, 1.0), 255);
        }
    }

    /// A disc with a white edge and a letter.
    pub fn badge(&mut self, (x, y): Spot, colour: [u8; 3], letter: Letter) {
        self.circle((x, y), 24.0, &Pen::new([255; 3], 4.0), 255, 255);
        self.circle((x, y), 21.0, &Pen::new(colour, 1.0), 255, 255);
        if let Some(path) = trace(&letter.around((x, y)), false) {
            self.stroke(&path, &Pen::new([255; 3], 4.0), 255);
        }
    }

    /// An arrow that points up.
    pub fn north(&mut self, (x, y): Spot, colour: [u8; 3]) {
        let arrow = vec![vec![(x, y - 24.0), (x + 13.0, y + 15.0), (x, y + 7.0), (x - 13.0, y + 15.0)]];
        self.area(arrow.clone(), &Pen::new([255; 3], 8.0), 255);
        if let Some(path) = trace(&arrow, true) {
            self.fill(&path, &Pen::new(colour, 1.0), 255);
        }
    }

    fn fill(&mut self, path: &Path, pen: &Pen, alpha: u8) {
        if alpha > 0 {
            self.pixmap.fill_path(path, &pen.paint(alpha), FillRule::EvenOdd, Transform::identity(), None);
        }
    }

    fn stroke(&mut self, path: &Path, pen: &Pen, alpha: u8) {
        if alpha > 0 {
            self.pixmap.stroke_path(path, &pen.paint(alpha), &pen.stroke(), Transform::identity(), None);
        }
    }
}

fn trace(lines: &[Vec<Spot>], closed: bool) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for line in lines {
        for (at, (x, y)) in line.iter().enumerate() {
            if at == 0 {
                builder.move_to(*x, *y);
            } else {
                builder.line_to(*x, *y);
            }
        }
        if closed && !line.is_empty() {
            builder.close();
        }
    }
    builder.finish()
}
