//! The canvas beside the picture on which a mask gets its colours, and from which the picture takes it.

use leptos::prelude::document;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::mask::{Band, Mask};
use crate::ui::paint::Surface;

/// A mask and its canvas.
#[derive(Default)]
pub struct Stencil {
    /// What is laid on the picture next.
    pub mask: Mask,
    canvas: Option<HtmlCanvasElement>,
}

impl Stencil {
    /// Lays the mask on a surface, `top` device pixels down, each of its bands in its colour. A browser that gives no canvas leaves it out.
    pub fn put<'a>(&mut self, surface: &Surface, top: i64, bands: impl IntoIterator<Item = (Band, &'a str)>) {
        let (width, height) = (self.mask.width() as u32, self.mask.height() as u32);
        let Some((canvas, context)) = self.canvas_of(width, height) else { return };
        let Ok(data) = ImageData::new_with_u8_clamped_array_and_sh(Clamped(self.mask.bytes()), width, height) else { return };
        if context.put_image_data(&data, 0.0, 0.0).is_err() {
            return;
        }
        // Takes the colour of what comes and the opacity of what is there.
        let _ = context.set_global_composite_operation("source-atop");
        for (band, colour) in bands {
            context.set_fill_style_str(colour);
            context.fill_rect(0.0, band.top as f64, f64::from(width), band.height as f64);
        }
        surface.pixels(&canvas, (f64::from(width), f64::from(height)), top as f64);
    }

    /// The canvas with room for so many pixels; it only grows.
    fn canvas_of(&mut self, width: u32, height: u32) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
        if width == 0 || height == 0 {
            return None;
        }
        if self.canvas.is_none() {
            self.canvas = document().create_element("canvas").ok()?.dyn_into().ok();
        }
        let canvas = self.canvas.clone()?;
        if canvas.width() < width || canvas.height() < height {
            canvas.set_width(width.max(canvas.width()));
            canvas.set_height(height.max(canvas.height()));
        }
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some((canvas, context))
    }
}
