//! The loudest moments of the whole song, as buttons that go there; the history marks them with the same numbers.

use std::sync::Arc;

use leptos::prelude::*;
use session::analysis::{Analysis, Moment};

use super::figures::number;
use super::measures::Measures;
use crate::state::Studio;
use crate::ui::timeline::time;
use crate::ui::widgets::{Button, ButtonLook};

/// Marked moments.
pub const MOMENTS: usize = 4;

/// The song's measurement that the history draws: the master's, or the file's.
pub fn measured(measures: Measures) -> Option<Arc<Analysis>> {
    measures.master().or_else(|| measures.file()).filter(|analysis| !analysis.is_silent())
}

/// The group "Loudest moments".
#[component]
pub fn LoudestMoments() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let measures = expect_context::<Measures>();
    let moments = Memo::new(move |_| measured(measures).map(|analysis| (analysis.rate_hz, analysis.loudest_moments(MOMENTS))));
    let start = move || studio.peek_song(|song| song.whole().start).unwrap_or(0);
    let one = move |(at, rate_hz, moment): (usize, u32, Moment)| {
        let frame = (moment.seconds * f64::from(rate_hz)) as u64;
        let name = format!("Moment {} at {}, {} LUFS", at + 1, time::short(frame, rate_hz), number(moment.lufs, 1));
        let text = format!("{}\u{2002}{}", at + 1, number(moment.lufs, 1));
        let go = move |()| {
            let rate = studio.peek_song(|song| song.rate_hz).unwrap_or(rate_hz);
            studio.locate(start() + (moment.seconds * f64::from(rate)) as u64);
        };
        view! { <Button look=ButtonLook::Quiet class="is-small n" name hint="Goes there" on_press=go>{text}</Button> }
    };
    let buttons = move || {
        let found = moments.get();
        let list = found.into_iter().flat_map(|(rate_hz, moments)| moments.into_iter().map(move |moment| (rate_hz, moment)));
        list.enumerate().map(|(at, (rate_hz, moment))| one((at, rate_hz, moment))).collect_view()
    };
    view! {
        <Show when=move || moments.with(Option::is_some)>
            <div class="meters-moments" role="group" aria-label="Loudest moments"><span class="lbl">"Loudest"</span>{buttons}</div>
        </Show>
    }
}
