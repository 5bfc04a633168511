//! The column at the console's left: what each row is, and the decibel scale that faders and meters share.

use dsp::engine::{STRIP_PARAMS, strip_param};
use dsp::protocol::StripId;
use leptos::prelude::*;

use super::meters::MeterBoard;
use crate::state::Studio;
use crate::ui::widgets::{ButtonLook, ToggleButton};

/// Levels that the scale names.
const SCALE_DB: [f32; 6] = [6.0, 0.0, -6.0, -12.0, -20.0, -40.0];

/// Where a level stands on the shared scale: 0 at the bottom, 1 at the top.
pub fn scale_position(db: f32) -> f32 {
    STRIP_PARAMS[strip_param::VOLUME].to_position(db)
}

/// A level as the scale writes it.
fn scale_text(db: f32) -> String {
    match db {
        db if db > 0.0 => format!("+{db}"),
        db if db < 0.0 => format!("−{}", -db),
        _ => "0".to_owned(),
    }
}

/// The column of row labels. The cells of the table carry their own names, so readers pass the labels by, but not the switch among them.
#[component]
pub fn RowLabels(returns: Memo<Vec<StripId>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let return_label = move |strip: StripId| {
        let name = studio.strip_memo(strip, |strip| strip.name.clone());
        view! { <span class="row-label">{name}</span> }
    };
    view! {
        <div class="console-labels console-grid">
            <div aria-hidden="true"><span class="row-label">"Inserts"</span></div>
            <div class="sends" aria-hidden="true">
                <For each=move || returns.get() key=|strip| *strip children=return_label />
            </div>
            <div aria-hidden="true"><span class="row-label">"Trim"</span></div>
            <div aria-hidden="true"><span class="row-label">"Pan"</span></div>
            <div aria-hidden="true"><span class="row-label">"dB, max"</span></div>
            <div class="scale" aria-hidden="true"><ScaleNumbers /></div>
            <div><MeterPoint /></div>
            <div aria-hidden="true"><span class="row-label">"Output"</span></div>
            <div></div>
        </div>
    }
}

/// Whether the strips' meters show what comes out of the fader or what goes in.
#[component]
fn MeterPoint() -> impl IntoView {
    let pre = expect_context::<MeterBoard>().pre;
    view! {
        <ToggleButton
            look=ButtonLook::Quiet
            class="is-small meter-point"
            name="Pre-fader meters"
            hint="Peaks before the fader in the strips' meters; otherwise peak and RMS after it"
            pressed=pre
            on_press=move |_| pre.update(|pre| *pre = !*pre)
        >
            "Pre"
        </ToggleButton>
    }
}

/// The levels that the scale names, each at its height.
#[component]
pub fn ScaleNumbers() -> impl IntoView {
    let ticks = SCALE_DB.map(|db| {
        let top = format!("{:.4}", 1.0 - scale_position(db));
        view! { <span class="tick n" class:is-zero=db == 0.0 style=("--t", top)>{scale_text(db)}</span> }
    });
    ticks.collect_view()
}

/// The lines of the scale behind a fader and its meter.
#[component]
pub fn ScaleLines() -> impl IntoView {
    let lines = SCALE_DB[1..].iter().map(|db| {
        let top = format!("{:.4}", 1.0 - scale_position(*db));
        view! { <i class="scale-line" class:is-zero=*db == 0.0 style=("--t", top)></i> }
    });
    lines.collect_view()
}
