//! What of the album is worth a look: peaks over the ceiling, loudness and tone apart from the anchor.

use leptos::prelude::*;
use session::Edit;
use session::album::of;
use session::model::Insert;
use session::target;

use super::desk::{Desk, TOLERANCE_LU};
use super::tone;
use crate::ui::master::{difference, number};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// The ceiling of an album without a limiter.
const CEILING_DBTP: f64 = -1.0;
/// Meters of two makes differ by so much at a limit.
const PEAK_TOLERANCE_DB: f64 = 0.05;

/// What is to be said of a song.
#[derive(Clone, Debug, PartialEq)]
struct Finding {
    text: String,
    detail: String,
    is_peak: bool,
}

fn ceiling(desk: Desk) -> (f64, bool) {
    let found = desk.studio.session(|session| of(session).and_then(|(_, song)| target::ceiling_dbtp(session, song.id))).flatten();
    (found.map_or(CEILING_DBTP, f64::from), found.is_some())
}

/// Everything that stands out; empty when nothing does or nothing is known.
fn findings(desk: Desk) -> Vec<Finding> {
    let (ceiling_dbtp, _) = ceiling(desk);
    let mut found = Vec::new();
    for line in desk.lines() {
        let Some(level) = desk.level(&line) else { continue };
        let over_db = level.peak_dbtp - ceiling_dbtp;
        if over_db > PEAK_TOLERANCE_DB {
            let detail = format!("{} dB over {} dBTP: so much a limiter there has to take.", number(over_db, 1), number(ceiling_dbtp, 1));
            found.push(Finding { text: format!("{}, true peak {} dBTP", line.title, number(level.peak_dbtp, 1)), detail, is_peak: true });
        }
        if !level.lufs.is_finite() {
            found.push(Finding {
                text: format!("{} is silent", line.title),
                detail: "It has no loudness to bring.".into(),
                is_peak: false,
            });
        } else if let Some(off) = desk.off_by_lu(line.clip).filter(|off| off.abs() > TOLERANCE_LU) {
            let way = if off > 0.0 { "louder" } else { "softer" };
            let text = format!("{} is {} LU {way} than wanted", line.title, number(off.abs(), 1));
            found.push(Finding { text, detail: "Against the anchor, its offset counted in.".into(), is_peak: false });
        }
        for one in tone::of_line(desk, &line).into_iter().filter(tone::Difference::is_apart) {
            let text = format!("{}, {} {} dB", line.title, one.region.to_lowercase(), difference(one.db, 1));
            found.push(Finding { text, detail: "Its share of the whole spectrum, against the anchor's.".into(), is_peak: false });
        }
    }
    found
}

/// The list "To look at".
#[component]
pub fn ToLookAt(desk: Desk) -> impl IntoView {
    let found = Memo::new(move |_| findings(desk));
    let wants_limiter = Memo::new(move |_| found.with(|found| found.iter().any(|one| one.is_peak)) && !ceiling(desk).1);
    let is_known = Memo::new(move |_| desk.standings().is_some());
    let line = |one: Finding| view! { <li><IconView icon=Icon::Warn /><div><b>{one.text}</b><p class="lbl">{one.detail}</p></div></li> };
    let none = move || match (is_known.get(), found.with(Vec::is_empty)) {
        (false, _) => Some("The songs are being measured."),
        (true, true) => Some("Nothing: loudness within 0.2 LU of the anchor, tone within 1.5 dB, peaks under the ceiling."),
        (true, false) => None,
    };
    view! {
        <section class="album-look" aria-label="To look at">
            <header class="meters-head"><h2 class="grow">"To look at"</h2><span class="n lbl">{move || found.with(Vec::len)}</span></header>
            <p class="album-none" role="status">{none}</p>
            <Show when=move || wants_limiter.get()>
                <div class="album-mend"><Button look=ButtonLook::Line class="is-small" hint="Behind all songs, at −1 dBTP; undo takes it away" on_press=move |()| add_limiter(desk)>"Add a limiter at −1 dBTP"</Button></div>
            </Show>
            <ul>{move || found.get().into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

/// Puts a true-peak limiter at the end of the shared chain.
fn add_limiter(desk: Desk) {
    let edit = desk.studio.peek(|session| {
        let (_, song) = of(session)?;
        let mut insert = Insert::new(&mut session.ids(), "limiter");
        insert.values.extend([("ceiling".to_owned(), CEILING_DBTP as f32), ("true_peak".to_owned(), 1.0)]);
        Some(Edit::AddInsert { song: song.id, strip: song.master()?.id, at: usize::MAX, insert })
    });
    if let Some(edit) = edit.flatten() {
        desk.studio.dispatch("Add a limiter to the album", edit);
    }
}
