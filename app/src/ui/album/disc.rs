//! The CD: what it asks for and how the album has it; and the album's files.

use leptos::prelude::*;
use session::album::cd::{Check, checks, tracks};

use super::desk::Desk;
use super::files::Files;
use crate::ui::widgets::{Icon, IconView};

/// The panels "CD" and "Files".
#[component]
pub fn Disc(desk: Desk) -> impl IntoView {
    let found = Memo::new(move |_| desk.studio.session(|session| checks(&tracks(session))).unwrap_or_default());
    let is_met = Memo::new(move |_| found.with(|found| found.iter().all(|check| check.is_met)));
    let line = |check: Check| {
        let (class, icon, word) =
            if check.is_met { ("goal-result is-ok", Icon::Check, "met") } else { ("goal-result is-warn", Icon::Warn, "not met") };
        view! {
            <tr><th scope="row">{check.what}</th><td class="n">{check.value}</td><td><span class=class><IconView icon />{word}</span></td></tr>
        }
    };
    let verdict = move || if is_met.get() { "Fits a CD" } else { "Does not fit a CD" };
    view! {
        <section class="album-disc" aria-label="CD">
            <header class="meters-head"><h2 class="grow">"CD"</h2><span class="lbl" role="status">{verdict}</span></header>
            <table class="goal-table is-places" aria-label="CD check">
                <thead><tr><th scope="col">"What"</th><th scope="col">"Album"</th><th scope="col">"Result"</th></tr></thead>
                <tbody>{move || found.get().into_iter().map(line).collect_view()}</tbody>
            </table>
            <Files desk />
        </section>
    }
}
