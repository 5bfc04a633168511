//! Hearing the song as a place plays it: by the place's gain and, where it has one, through its limiter; references are treated alike.

use dsp::monitor::monitor_param;
use leptos::prelude::*;
use session::analysis::Analysis;
use session::destination::{Destination, Playback, destination, destinations};

use super::figures::{difference, number};
use super::measures::Measures;
use crate::state::Studio;
use crate::ui::widgets::{Select, SelectOption};

/// The place whose playing is previewed; a context of the page.
#[derive(Clone, Copy)]
pub struct Preview {
    measures: Measures,
    id: RwSignal<String>,
}

impl Preview {
    /// Off; from now on the monitor stage follows the choice and what was measured.
    pub fn install(studio: Studio, measures: Measures) -> Self {
        let this = Self { measures, id: RwSignal::new(String::new()) };
        Effect::new(move |before: Option<[f32; 2]>| {
            let place = this.place();
            let gain_db = place.and_then(|place| this.own().map(|own| gain_db(place, &own))).unwrap_or(0.0) as f32;
            let limits = f32::from(u8::from(place.is_some_and(|place| place.playback == Playback::Limits)));
            let now = [gain_db, limits];
            if before.unwrap_or([0.0; 2]) != now {
                studio.set_monitor(monitor_param::PREVIEW, gain_db);
                studio.set_monitor(monitor_param::PREVIEW_LIMIT, limits);
            }
            now
        });
        this
    }

    /// What a song of this analysis is turned by while a place is previewed, dB; tracked.
    pub fn gain_db(self, of: &Analysis) -> Option<f64> {
        self.place().map(|place| gain_db(place, of))
    }

    /// Whether a place is previewed; tracked.
    pub fn is_on(self) -> bool {
        self.place().is_some()
    }

    fn place(self) -> Option<&'static Destination> {
        destination(&self.id.get())
    }

    /// The song as it was measured: its master, or its file.
    fn own(self) -> Option<std::sync::Arc<Analysis>> {
        self.measures.master().or_else(|| self.measures.file())
    }
}

fn gain_db(place: &Destination, of: &Analysis) -> f64 {
    place.gain_db(of.integrated_lufs, of.true_peak_dbtp)
}

/// The combobox "As played by", and what becomes of the song there.
#[component]
pub fn PreviewChoice() -> impl IntoView {
    let preview = expect_context::<Preview>();
    // Who leaves songs as they are is heard already.
    let plays = |place: &&Destination| !matches!(place.playback, Playback::None | Playback::File);
    let line = |place: &Destination| SelectOption::new(place.id.clone(), place.name.clone());
    let options = std::iter::once(SelectOption::new("", "As played by: off"))
        .chain(destinations().iter().filter(plays).map(line))
        .collect::<Vec<_>>();
    let said = move || {
        let place = preview.place()?;
        let Some(own) = preview.own() else { return Some("not measured yet".to_owned()) };
        let gain = gain_db(place, &own);
        let (heard, of) = (number(own.integrated_lufs + gain, 1), if preview.measures.master().is_some() { "" } else { ", by the file" });
        Some(match gain {
            gain if gain <= -0.05 => format!("turned down {} dB to {heard} LUFS{of}", number(-gain, 1)),
            gain if gain >= 0.05 => format!("turned up {} dB to {heard} LUFS{of}", number(gain, 1)),
            _ => format!("{} dB, {heard} LUFS{of}", difference(0.0, 1)),
        })
    };
    view! {
        <Select name="As played by" hint="Plays the song, and references, at the loudness that a place gives them" class="is-quiet is-listen" options=Signal::stored(options) chosen=preview.id
            on_choose=move |id: String| preview.id.set(id) />
        <span class="lbl listen-said" role="status" aria-label="Preview">{said}</span>
    }
}
