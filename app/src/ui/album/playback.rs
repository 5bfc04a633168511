//! What players make of the album: one gain where albums are played as such, a gain for each song elsewhere.

use leptos::prelude::*;
use session::album::playback::{AlbumPlayback, everywhere};
use session::destination::list_date;

use super::desk::Desk;
use crate::ui::master::{difference, number};

/// Two ends as one number where they are one.
fn span(ends: [f64; 2], write: fn(f64, usize) -> String) -> String {
    let [from, to] = ends.map(|end| write(end, 1));
    if from == to { from } else { format!("{from} to {to}") }
}

/// The table "Album playback".
#[component]
pub fn Playback(desk: Desk) -> impl IntoView {
    let found = Memo::new(move |_| desk.levels().map(|(songs, whole)| (everywhere(&songs, whole), whole.lufs)).unwrap_or_default());
    let line = |(playback, whole_lufs): (AlbumPlayback, f64)| {
        let heard = if playback.is_one_gain() { number(whole_lufs + playback.gain_db[0], 1) } else { span(playback.heard_lufs, number) };
        let rule = if playback.is_one_gain() { "" } else { "each song" };
        view! {
            <tr title=playback.place.source.clone()>
                <th scope="row">{playback.place.name.clone()}" "<span class="u">{rule}</span></th>
                <td class="n">{span(playback.gain_db, difference)}</td>
                <td class="n">{heard}</td>
            </tr>
        }
    };
    let rows = move || found.with(|(all, whole)| all.iter().cloned().map(|playback| line((playback, *whole))).collect_view());
    let whole = move || {
        let lufs = found.with(|(_, lufs)| *lufs);
        (lufs < 0.0).then(|| format!("The whole album: {} LUFS, computed from the songs’ loudness and length.", number(lufs, 1)))
    };
    view! {
        <section class="album-playback" aria-label="Album playback">
            <header class="meters-head"><h2 class="grow">"Album playback"</h2></header>
            <table class="goal-table" aria-label="Album playback">
                <thead><tr><th scope="col">"Place"</th><th scope="col">"Gain, dB"</th><th scope="col">"Heard, LUFS"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="lbl goal-date">{whole}" "{format!("Rules as of {}.", list_date())}</p>
        </section>
    }
}
