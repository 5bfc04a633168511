//! How the song fares elsewhere, before it is heard there: a cell per device with its button, what is softer, and what is gone.

use std::sync::Arc;

use dsp::monitor::{DEVICES, Device, monitor_param};
use leptos::html::Canvas;
use leptos::prelude::*;
use session::analysis::{Analysis, BANDS};
use session::translation::{self, Gone, MONO, Translated};

use super::figures::{difference, hertz};
use super::measures::Measures;
use super::moments::measured;
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;
use crate::ui::widgets::{ButtonLook, ToggleButton};

/// What a cell's picture reaches to.
const MOST_DB: f64 = 15.0;

/// The row "Translation".
#[component]
pub fn Translation() -> impl IntoView {
    let measures = expect_context::<Measures>();
    let of = move || match (measures.master(), measured(measures)) {
        (Some(_), Some(_)) => "of the whole master, at one loudness; nothing of it is exported",
        (None, Some(_)) => "of the whole file, at one loudness; nothing of it is exported",
        _ => "not measured yet",
    };
    let devices: &'static [Device] = &DEVICES;
    let devices = devices.iter().enumerate().map(|(at, device)| view! { <Cell device choice=Some(at + 1) /> }).collect_view();
    view! {
        <section class="translation" aria-label="Translation">
            <header class="meters-head"><h2>"Translation"</h2><span class="lbl el">{of}</span></header>
            <div class="translation-cells"><Cell device=&MONO choice=None />{devices}</div>
        </section>
    }
}

/// What a device makes of the song.
#[component]
fn Cell(
    device: &'static Device,
    /// Which choice of the monitor stage it is; `None` is the switch "Mono".
    choice: Option<usize>,
) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let measures = expect_context::<Measures>();
    let translated = Memo::new(move |_| measured(measures).map(|song: Arc<Analysis>| translation::through(&song, device)));
    let (index, on) = choice.map_or((monitor_param::MONO, 1.0), |choice| (monitor_param::DEVICE, choice as f32));
    let pressed = Signal::derive(move || studio.monitor.with(|values| (values[index] - on).abs() < 0.5));
    let press = move |_| studio.set_monitor(index, if pressed.get_untracked() { 0.0 } else { on });
    let name = if choice.is_none() { "Hear in mono".to_owned() } else { format!("Hear on {}", device.name) };
    let louder =
        move || translated.with(|it| it.as_ref().map_or_else(|| "–".to_owned(), |it| format!("{} LU", difference(it.louder_lu, 1))));
    let gone = move || translated.with(|it| it.as_ref().map(|it| gone_text(&it.gone)));
    view! {
        <div class="translation-cell">
            <ToggleButton look=ButtonLook::Listen class="is-small" name=name hint="Plays the song as it is heard there, as loud as before" pressed on_press=press>{device.name}</ToggleButton>
            <span class="n translation-louder">{louder}</span>
            <span class="lbl translation-gone">{gone}</span>
            <Curve translated />
        </div>
    }
}

/// What is gone, in words.
fn gone_text(gone: &[Gone]) -> String {
    let one = |gone: &Gone| match gone {
        Gone::Under(hz) => format!("under {}", hertz(*hz)),
        Gone::Between(low_hz, high_hz) => format!("{} to {}", hertz(*low_hz), hertz(*high_hz)),
        Gone::Over(hz) => format!("over {}", hertz(*hz)),
        Gone::All => "all".to_owned(),
    };
    if gone.is_empty() { "Nothing is lost".into() } else { format!("Lost: {}", gone.iter().map(one).collect::<Vec<_>>().join(", ")) }
}

/// Each third octave of the song at one loudness.
#[component]
fn Curve(translated: Memo<Option<Translated>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let node = NodeRef::<Canvas>::new();
    let stale = StoredValue::new(true);
    Effect::new(move |_| {
        translated.track();
        studio.theme.track();
        node.track();
        stale.set_value(true);
    });
    let mut size = (0, 0);
    expect_context::<FrameLoop>().each(move |_| {
        let Some(canvas) = node.get_untracked() else { return };
        let now = (canvas.client_width(), canvas.client_height());
        let is_resized = std::mem::replace(&mut size, now) != now;
        if (is_resized || stale.try_get_value() == Some(true))
            && let Some(surface) = Surface::of(&canvas)
        {
            stale.set_value(false);
            translated.with_untracked(|translated| draw(&surface, translated.as_ref()));
        }
    });
    view! { <canvas class="translation-curve" node_ref=node aria-hidden="true"></canvas> }
}

fn draw(surface: &Surface, translated: Option<&Translated>) {
    let middle = surface.height / 2.0;
    surface.ink("line-2", 1.0);
    surface.across(middle, 0.0, surface.width);
    let Some(translated) = translated else { return };
    let x = |at: usize| at as f64 / (BANDS - 1) as f64 * surface.width;
    let y = |db: f64| middle - (db / MOST_DB).clamp(-1.0, 1.0) * (middle - 1.0);
    surface.ink("ref", 1.0);
    surface.dashed(translated.bands_db.iter().enumerate().map(|(at, db)| (x(at), y(*db))), 1.25);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_is_said_from_the_lowest_on() {
        assert_eq!(gone_text(&[Gone::Under(281.8), Gone::Over(11_220.0)]), "Lost: under 282 Hz, over 11.2 kHz");
        assert_eq!(gone_text(&[Gone::Between(89.1, 112.2)]), "Lost: 89 Hz to 112 Hz");
        assert_eq!(gone_text(&[]), "Nothing is lost");
    }
}
