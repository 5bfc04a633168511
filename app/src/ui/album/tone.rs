//! The tone of a song against the anchor's: six regions of the spectrum by their share of the whole, so that loudness does not count.

use leptos::prelude::*;
use session::analysis::Analysis;

use super::desk::{Desk, Line};
use crate::ui::master::difference;

/// The bars' scale, up and down.
const SCALE_DB: f64 = 3.0;
/// A region this far from the anchor's is named.
const APART_DB: f64 = 1.5;

/// A region's difference to the anchor's.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The region's name.
    pub region: &'static str,
    /// By how much its share is larger.
    pub db: f64,
}

impl Difference {
    /// Whether it is worth a look.
    pub fn is_apart(&self) -> bool {
        self.db.abs() > APART_DB
    }
}

/// The regions of a song against another's.
pub fn differences(song: &Analysis, anchor: &Analysis) -> Vec<Difference> {
    let pairs = song.regions().into_iter().zip(anchor.regions());
    let both = pairs.map(|(own, other)| Difference { region: own.name, db: own.level_db - other.level_db });
    both.filter(|difference| difference.db.is_finite()).collect()
}

/// The differences of a song of the album; none while they are not known. Tracked.
pub fn of_line(desk: Desk, line: &Line) -> Vec<Difference> {
    let anchor = desk.anchor().and_then(|anchor| desk.lines().into_iter().find(|other| other.clip == anchor));
    match (desk.file(line), anchor.and_then(|anchor| desk.file(&anchor))) {
        (Some(own), Some(anchor)) => differences(&own, &anchor),
        _ => Vec::new(),
    }
}

/// The six bars of a row.
#[component]
pub fn Tone(
    /// The desk.
    desk: Desk,
    /// The song.
    line: Memo<Option<Line>>,
) -> impl IntoView {
    let found = Memo::new(move |_| line.get().map(|line| of_line(desk, &line)).unwrap_or_default());
    let told = move || {
        let parts = found.with(|found| found.iter().map(|one| format!("{} {} dB", one.region, difference(one.db, 1))).collect::<Vec<_>>());
        if parts.is_empty() { "Tone not measured yet".to_owned() } else { format!("Tone against the anchor: {}", parts.join(", ")) }
    };
    let bar = |one: Difference| {
        let part = (one.db.abs() / SCALE_DB).min(1.0) * 50.0;
        let top = if one.db > 0.0 { 50.0 - part } else { 50.0 };
        let value = one.is_apart().then(|| difference(one.db, 1));
        view! {
            <span class="album-tone-bar" class:is-apart=one.is_apart()>
                <i style:top=format!("{top}%") style:height=format!("{part}%")></i>
                <b class="n">{value}</b>
            </span>
        }
    };
    view! {
        <div class="album-tone" role="img" aria-label=told title=told>{move || found.get().into_iter().map(bar).collect_view()}</div>
    }
}
