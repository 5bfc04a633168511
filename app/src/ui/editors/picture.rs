//! A canvas of an editor: drawn again when a value, the size or the theme has changed, or what it shows moves by itself.

use leptos::html::Canvas;
use leptos::prelude::*;

use super::view::InsertView;
use crate::state::Studio;
use crate::ui::frame::{Frame, FrameLoop};
use crate::ui::paint::{Align, Surface};

/// Asked in every frame whether what is shown has moved.
pub type Moves = Box<dyn FnMut(&Frame<'_>) -> bool>;

/// The canvas; `draw` is given the values in the declaration's order.
#[component]
pub fn Picture(
    /// Whose picture it is.
    view: InsertView,
    /// What it shows, in words.
    #[prop(into)]
    label: Signal<String>,
    /// Asked in every frame.
    #[prop(optional)]
    moves: Option<Moves>,
    /// Draws it.
    draw: impl Fn(&Surface, &[f32]) + 'static,
) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let node = NodeRef::<Canvas>::new();
    let stale = StoredValue::new(true);
    Effect::new(move |_| {
        view.values.track();
        studio.theme.track();
        stale.set_value(true);
    });
    let mut moves = moves;
    let mut size = (0, 0);
    expect_context::<FrameLoop>().each(move |frame| {
        let (Some(canvas), Some(is_stale)) = (node.get_untracked(), stale.try_get_value()) else { return };
        let now = (canvas.client_width(), canvas.client_height());
        let is_resized = std::mem::replace(&mut size, now) != now;
        let has_moved = moves.as_mut().is_some_and(|moves| moves(frame));
        if (is_stale || is_resized || has_moved)
            && let Some(surface) = Surface::of(&canvas)
        {
            stale.set_value(false);
            view.values.with_untracked(|values| draw(&surface, values));
        }
    });
    view! { <canvas class="picture-canvas" node_ref=node role="img" aria-label=label></canvas> }
}

/// A number of decibels on a scale: "−12", "0", "+6".
pub fn scale_text(db: f64) -> String {
    if db > 0.0 { format!("+{db}") } else { format!("{db}").replace('-', "−") }
}

/// A name on a scale, in the ink of scales.
pub fn tick(surface: &Surface, text: &str, x: f64, y: f64, align: Align) {
    surface.ink("tx-3", 1.0);
    surface.text(text, x, y, 10, 400, align);
}
