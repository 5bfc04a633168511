//! Tempo and metre of the song: shown beside the clock, changed in what opens under it, or tapped.

use dsp::params::{ParamSpec, Unit};
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::{Button as ButtonElement, Div};
use leptos::prelude::*;
use session::Edit;
use session::model::Tempo;
use wasm_bindgen::JsCast;
use web_sys::Node;

use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Control, Select, SelectOption, ValueBar};

/// Quarter notes in a minute, in the range that the document allows.
static TEMPO: ParamSpec =
    ParamSpec::new("tempo", "Tempo", Unit::Plain, 20.0, 400.0, 120.0, "Quarter notes in a minute; the ruler and the grid follow.")
        .stepped(1.0, 0.1, 10.0);
/// Metres that are offered: beats in a bar, and the note that is one beat.
const METRES: [(u8, u8); 9] = [(2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (3, 8), (6, 8), (7, 8), (12, 8)];
/// After such a pause a tap begins anew.
const PAUSE_MS: f64 = 2_500.0;
/// So many taps count.
const MOST_TAPS: usize = 9;

/// Quarter notes in a minute of taps at these times, each of them a beat of this note; `None` before the second tap.
fn tapped_bpm(taps_ms: &[f64], beat_unit: u8) -> Option<f32> {
    let (first, last) = (taps_ms.first()?, taps_ms.last()?);
    let beats = taps_ms.len().checked_sub(1).filter(|beats| *beats > 0)?;
    let beat_ms = (last - first) / beats as f64;
    let bpm = 60_000.0 / beat_ms * 4.0 / f64::from(beat_unit.max(1));
    Some(TEMPO.clamp((bpm * 10.0).round() as f32 / 10.0))
}

fn set(studio: Studio, change: impl FnOnce(Tempo) -> Tempo) {
    if let Some((song, tempo)) = studio.peek_song(|song| (song.id, song.tempo)) {
        let tempo = change(tempo);
        studio.gesture(format!("Tempo {} bpm, {}/{}", tempo.bpm, tempo.beats, tempo.beat_unit), Edit::SetTempo { song, tempo });
    }
}

/// The button with tempo and metre, and what opens under it.
#[component]
pub fn TempoButton() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let open = RwSignal::new(false);
    let (place, button) = (NodeRef::<Div>::new(), NodeRef::<ButtonElement>::new());
    let tempo = Memo::new(move |_| studio.song(|song| song.tempo).unwrap_or_default());
    let text = move || tempo.with(|tempo| format!("{} bpm · {}/{}", tempo.bpm, tempo.beats, tempo.beat_unit));
    let focus_left = move |event: FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        let is_inside = place.try_get_untracked().flatten().is_some_and(|place| place.contains(to.as_ref()));
        if !is_inside {
            studio.end_gesture();
            open.try_set(false);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            open.set(false);
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        }
    };
    let hint = move || studio.hints.show("Tempo and metre", "Opens them; the ruler and the grid follow");
    view! {
        <div class="tempo-place" node_ref=place on:focusout=focus_left on:keydown=key>
            <button node_ref=button type="button" class="clock-tempo n" aria-label=move || format!("Tempo {}", text()) aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open) on:focus=move |_| hint() on:pointerenter=move |_| hint()>
                {text}
            </button>
            <Show when=move || open.get()><TempoPanel tempo /></Show>
        </div>
    }
}

#[component]
fn TempoPanel(tempo: Memo<Tempo>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let control = Control {
        spec: &TEMPO,
        value: Signal::derive(move || tempo.with(|tempo| tempo.bpm)),
        set: Callback::new(move |bpm: f32| set(studio, |tempo| Tempo { bpm, ..tempo })),
        done: Callback::new(move |()| studio.end_gesture()),
        more: None,
    };
    let name_of = |beats: u8, unit: u8| format!("{beats}/{unit}");
    let metres = METRES.map(|(beats, unit)| SelectOption::new(name_of(beats, unit), name_of(beats, unit))).to_vec();
    let metre = Signal::derive(move || tempo.with(|tempo| name_of(tempo.beats, tempo.beat_unit)));
    let choose = move |chosen: String| {
        if let Some((beats, beat_unit)) = METRES.into_iter().find(|(beats, unit)| name_of(*beats, *unit) == chosen) {
            set(studio, |tempo| Tempo { beats, beat_unit, ..tempo });
            studio.end_gesture();
        }
    };
    let taps = StoredValue::new(Vec::<f64>::new());
    let tap = move |()| {
        let now_ms = window().performance().map_or(0.0, |clock| clock.now());
        let mut times = taps.get_value();
        if times.last().is_some_and(|last| now_ms - last > PAUSE_MS) {
            times.clear();
        }
        times.push(now_ms);
        times.drain(..times.len().saturating_sub(MOST_TAPS));
        if let Some(bpm) = tapped_bpm(&times, tempo.get_untracked().beat_unit) {
            set(studio, |tempo| Tempo { bpm, ..tempo });
        }
        taps.set_value(times);
    };
    view! {
        <div class="tempo-panel" role="group" aria-label="Tempo and metre">
            <span class="param-name" aria-hidden="true">"Tempo"</span>
            <ValueBar control name="Tempo" />
            <span class="param-name" aria-hidden="true">"Metre"</span>
            <Select name="Metre" hint="Beats in a bar, and the note that is one beat" options=Signal::stored(metres) chosen=metre on_choose=choose />
            <Button look=ButtonLook::Standard class="is-tap" hint="Press it in time with the song: each press is a beat" on_press=tap>"Tap tempo"</Button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::tapped_bpm;

    #[test]
    fn even_taps_are_a_tempo_and_one_alone_is_none() {
        let taps: Vec<f64> = (0..5).map(|tap| f64::from(tap) * 500.0).collect();
        assert_eq!(tapped_bpm(&taps, 4), Some(120.0));
        assert_eq!(tapped_bpm(&taps, 8), Some(60.0), "an eighth a beat");
        assert_eq!(tapped_bpm(&taps[..1], 4), None);
        assert_eq!(tapped_bpm(&[0.0, 1.0], 4), Some(400.0));
    }
}
