//! Masking: the track that matters, who covers it and where, the cut that makes room, for good or only while the track sounds, and what it
//! gained by a new measurement.

use dsp::protocol::{InsertId, StripId, StripKind};
use leptos::prelude::*;
use session::Edit;
use session::assist::masking::{Cover, Cut, covers, masking_db};
use session::assist::{decibels, readable_hz};

use super::surveys::{MeasureBar, Surveyed, Surveys};
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption};

/// A cut that was applied, to be measured.
#[derive(Clone, Copy)]
struct Applied {
    insert: InsertId,
    track: StripId,
    by: StripId,
    bands: [usize; 2],
    before_db: f64,
    predicted_db: f64,
}

impl Applied {
    fn new(track: StripId, cover: &Cover, cut: &Cut) -> Option<Self> {
        let insert = cut.proposal.edits.iter().find_map(|edit| match edit {
            Edit::AddInsert { insert, .. } => Some(insert.id),
            _ => None,
        })?;
        Some(Self { insert, track, by: cover.by, bands: cover.bands, before_db: cover.masking_db, predicted_db: cut.predicted_db })
    }

    /// What it gained, while it is in the song that was measured.
    fn sentence(&self, known: &Surveyed) -> Option<String> {
        known.session.song(known.song)?.insert(self.insert)?;
        let measured = masking_db(&known.session, known.song, &known.survey, self.track, self.by, self.bands)?;
        let [before, predicted, after] = [self.before_db, self.predicted_db, measured].map(decibels);
        Some(format!("Measured after the cut: masking {before} → {after} dB; {predicted} dB was predicted."))
    }
}

/// The tool "Masking".
#[component]
pub fn Masking(
    /// What was measured.
    surveys: Surveys,
) -> impl IntoView {
    let studio = expect_context::<Studio>();
    if untrack(|| surveys.latest().is_none()) {
        surveys.measure();
    }
    let tracks = Signal::derive(move || {
        let line = |strip: &session::model::Strip| SelectOption::new(strip.id.0.to_string(), strip.name.clone());
        studio.song(|song| song.strips_of(StripKind::Audio).map(line).collect::<Vec<_>>()).unwrap_or_default()
    });
    let first = untrack(|| {
        let selected = studio.selected.get().map(|strip| strip.0.to_string());
        let tracks = tracks.get();
        selected.filter(|id| tracks.iter().any(|track| track.value == *id)).or_else(|| tracks.first().map(|track| track.value.clone()))
    });
    let chosen = RwSignal::new(first.unwrap_or_default());
    let applied = RwSignal::new(None::<Applied>);
    let list = move || {
        let (known, track) = (surveys.latest()?, chosen.with(|chosen| chosen.parse().ok().map(StripId))?);
        if known.survey.strip(track).is_none_or(|measured| measured.output.is_silent()) {
            return Some(none("Nothing of this track is heard."));
        }
        let found = covers(&known.session, known.song, &known.survey, track);
        if found.is_empty() {
            return Some(none("No other track covers it for a fifth of the time or more."));
        }
        let rows = found.into_iter().map(|cover| row(studio, surveys, applied, track, cover)).collect_view();
        Some(view! { <ol class="assist-rows" aria-label="Who covers it">{rows}</ol> }.into_any())
    };
    let gained = move || applied.get()?.sentence(&surveys.latest().filter(|_| surveys.is_fresh())?);
    view! {
        <div class="assist-measure">
            <span class="lbl">"Track that matters"</span>
            <Select name="Track that matters" hint="Who covers this one?" options=tracks chosen on_choose=move |id: String| chosen.set(id) />
        </div>
        <MeasureBar surveys />
        <div class="assist-table" role="region" aria-label="Masking" tabindex="0">{list}</div>
        <footer class="assist-foot"><p role="status">{gained}</p></footer>
    }
}

fn none(sentence: &'static str) -> AnyView {
    view! { <p class="assist-none">{sentence}</p> }.into_any()
}

/// A track that covers the chosen one, with the cuts that are proposed in it.
fn row(studio: Studio, surveys: Surveys, applied: RwSignal<Option<Applied>>, track: StripId, cover: Cover) -> impl IntoView {
    let name = studio.peek_strip(cover.by, |strip| strip.name.clone()).unwrap_or_default();
    let [low, high] = cover.range_hz().map(readable_hz);
    let cuts = [cover.cut.clone(), cover.ducked.clone()].into_iter().flatten();
    let offers = cuts.map(|cut| offer(studio, surveys, applied, track, cover.clone(), cut)).collect_view();
    view! {
        <li class="assist-move">
            <p class="assist-fault"><IconView icon=Icon::Warn /><b>{format!("{name} covers it from {low} to {high} Hz")}</b></p>
            {offers}
        </li>
    }
}

/// A cut with its reason and its button.
fn offer(studio: Studio, surveys: Surveys, applied: RwSignal<Option<Applied>>, track: StripId, cover: Cover, cut: Cut) -> impl IntoView {
    let cannot_apply = Signal::derive(move || surveys.is_busy() || !surveys.is_fresh());
    let (title, reason) = (cut.proposal.title.clone(), cut.proposal.reason.clone());
    let take = move |()| {
        if studio.dispatch(cut.proposal.title.clone(), Edit::Batch(cut.proposal.edits.clone())) {
            applied.set(Applied::new(track, &cover, &cut));
            surveys.measure();
        }
    };
    view! {
        <div class="assist-offer">
            <div><b>{title.clone()}</b><p>{reason}</p></div>
            <Button look=ButtonLook::Line class="is-small" name=format!("Apply: {title}") disabled=cannot_apply on_press=take>"Apply"</Button>
        </div>
    }
}
