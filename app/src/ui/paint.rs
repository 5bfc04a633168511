//! A canvas as the rooms draw on it: sharp at every pixel ratio, hairlines on half pixels, colours by their tokens.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

/// The type of all text on canvases.
const FAMILY: &str = "\"Archivo Variable\", Archivo, Arial, sans-serif";

fn font(size_px: u32, weight: u32) -> String {
    format!("{weight} semi-condensed {size_px}px {FAMILY}")
}

/// Where a text's anchor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left end.
    Left,
    /// Middle.
    Centre,
    /// Right end.
    Right,
}

/// A cleared canvas in CSS pixels, with the tokens that were in force when it was taken.
pub struct Surface {
    context: CanvasRenderingContext2d,
    tokens: CssStyleDeclaration,
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Device pixels in one CSS pixel.
    pub ratio: f64,
}

impl Surface {
    /// Takes a canvas, at its size on screen, cleared; `None` while it has none.
    pub fn of(canvas: &HtmlCanvasElement) -> Option<Self> {
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let ratio = window().device_pixel_ratio().max(1.0);
        let (across, down) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if canvas.width() != across || canvas.height() != down {
            canvas.set_width(across);
            canvas.set_height(down);
        }
        let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let tokens = window().get_computed_style(&document().document_element()?).ok()??;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, width, height);
        context.set_text_baseline("middle");
        Some(Self { context, tokens, width, height, ratio })
    }

    /// The value of a token, "ivory" for `--ivory`.
    pub fn token(&self, name: &str) -> String {
        self.tokens.get_property_value(&format!("--{name}")).unwrap_or_default().trim().to_owned()
    }

    /// What is drawn next has this colour and opacity.
    pub fn ink(&self, token: &str, alpha: f64) {
        self.ink_value(&self.token(token), alpha);
    }

    /// The same with a token's value that was read before.
    pub fn ink_value(&self, colour: &str, alpha: f64) {
        self.context.set_fill_style_str(colour);
        self.context.set_stroke_style_str(colour);
        self.context.set_global_alpha(alpha);
    }

    /// A filled rectangle.
    pub fn rect(&self, x: f64, y: f64, width: f64, height: f64) {
        self.context.fill_rect(x, y, width, height);
    }

    /// The outline of a rectangle, one pixel wide, inside it.
    pub fn frame(&self, x: f64, y: f64, width: f64, height: f64) {
        self.context.set_line_width(1.0);
        self.context.stroke_rect(x.round() + 0.5, y.round() + 0.5, (width.round() - 1.0).max(0.0), (height.round() - 1.0).max(0.0));
    }

    /// A hairline across.
    pub fn across(&self, y: f64, from: f64, to: f64) {
        self.rect(from, y.round(), to - from, 1.0);
    }

    /// A hairline down.
    pub fn down(&self, x: f64, from: f64, to: f64) {
        self.rect(x.round(), from, 1.0, to - from);
    }

    /// A filled shape.
    pub fn shape(&self, points: impl IntoIterator<Item = (f64, f64)>) {
        self.path(points);
        self.context.fill();
    }

    /// A line through points.
    pub fn line(&self, points: impl IntoIterator<Item = (f64, f64)>, width: f64) {
        self.path(points);
        self.context.set_line_width(width);
        self.context.set_line_join("round");
        self.context.stroke();
    }

    /// A dashed line through points: what is compared with, or aimed at.
    pub fn dashed(&self, points: impl IntoIterator<Item = (f64, f64)>, width: f64) {
        // A list of numbers is always taken.
        let _ = self.context.set_line_dash(&js_sys::Array::of2(&4.into(), &3.into()));
        self.line(points, width);
        let _ = self.context.set_line_dash(&js_sys::Array::new());
    }

    /// A filled disc.
    pub fn disc(&self, x: f64, y: f64, radius: f64) {
        self.context.begin_path();
        let _ = self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
        self.context.fill();
    }

    /// Diagonal lines over a rectangle: what is not there yet.
    pub fn hatch(&self, x: f64, y: f64, width: f64, height: f64) {
        const STEP_PX: f64 = 7.0;
        self.clipped(x, y, width, height, || {
            let mut at = x - height - (x - height).rem_euclid(STEP_PX);
            while at < x + width {
                self.line([(at, y + height), (at + height, y)], 1.0);
                at += STEP_PX;
            }
        });
    }

    /// Text of this size and weight in the present ink.
    pub fn text(&self, text: &str, x: f64, y: f64, size_px: u32, weight: u32, align: Align) {
        self.context.set_font(&font(size_px, weight));
        self.context.set_text_align(match align {
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        });
        let _ = self.context.fill_text(text, x, y + 0.5);
    }

    /// How wide a text of this size and weight is.
    pub fn text_width(&self, text: &str, size_px: u32, weight: u32) -> f64 {
        self.context.set_font(&font(size_px, weight));
        self.context.measure_text(text).map_or(0.0, |measured| measured.width())
    }

    /// Draws only inside a rectangle.
    pub fn clipped(&self, x: f64, y: f64, width: f64, height: f64, draw: impl FnOnce()) {
        self.context.save();
        self.context.begin_path();
        self.context.rect(x, y, width, height);
        self.context.clip();
        draw();
        self.context.restore();
    }

    /// The first pixels of another canvas, one for one, from `top` device pixels down.
    pub fn pixels(&self, canvas: &HtmlCanvasElement, (width, height): (f64, f64), top: f64) {
        let of_device = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.context.set_global_alpha(1.0);
        let drawn = self.context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            canvas, 0.0, 0.0, width, height, 0.0, top, width, height,
        );
        // None of these can fail: the transform is one, and the canvas has pixels.
        let _ = of_device.and(drawn).and(self.context.set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0));
    }

    fn path(&self, points: impl IntoIterator<Item = (f64, f64)>) {
        self.context.begin_path();
        for (x, y) in points {
            self.context.line_to(x, y);
        }
    }
}
