//! From symptom to culprit: what stands out on the master, the tracks that cause it with their shares, the way to each, and the cut that mends it in
//! the first.

use dsp::protocol::StripId;
use leptos::prelude::*;
use session::Edit;
use session::assist::Proposal;
use session::assist::culprits::{Culprit, Symptom, critical_bands, culprits, mend, symptoms};
use session::model::Song;

use super::Assist;
use super::ledger::ToneTarget;
use super::surveys::{MeasureBar, Surveys};
use crate::state::Studio;
use crate::ui::master::Measures;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// The tool "What stands out".
#[component]
pub fn Culprits(
    /// What was measured, and which tool is open.
    assist: Assist,
) -> impl IntoView {
    let (studio, measures) = (expect_context::<Studio>(), expect_context::<Measures>());
    let surveys = assist.surveys;
    if untrack(|| surveys.latest().is_none()) {
        surveys.measure();
    }
    let show = move |strip: StripId| {
        studio.select_strip(strip);
        assist.open.set(None);
    };
    let list = move || {
        let (known, target) = (surveys.latest()?, assist.assistant.target(measures)?);
        let song = known.session.song(known.song)?;
        let target = critical_bands(&target);
        let found = symptoms(song, &known.survey, &target);
        if found.is_empty() {
            return Some(view! { <p class="assist-none">"Nothing stands out on the master."</p> }.into_any());
        }
        let row = |symptom: Symptom| {
            let found = culprits(song, &known.survey, &symptom);
            let mend = found.first().and_then(|first| mend(&known.session, known.song, &known.survey, &target, &symptom, first.strip));
            let offer = mend.map(|mend| offer(studio, surveys, mend.proposal));
            view! { <li class="assist-move">{row(song, symptom.sentence(&known.survey), found, show)}{offer}</li> }
        };
        let rows = found.into_iter().map(row).collect_view();
        Some(view! { <ol class="assist-rows" aria-label="What stands out">{rows}</ol> }.into_any())
    };
    view! {
        <div class="assist-measure">
            <span class="lbl">"Tone"</span>
            <ToneTarget assistant=assist.assistant />
        </div>
        <MeasureBar surveys />
        <div class="assist-table" role="region" aria-label="What stands out on the master" tabindex="0">{list}</div>
    }
}

/// A symptom and the tracks that cause it.
fn row(song: &Song, sentence: String, found: Vec<Culprit>, show: impl Fn(StripId) + Copy + Send + Sync + 'static) -> impl IntoView {
    let nobody =
        found.is_empty().then(|| view! { <p class="lbl">"No track causes it alone: look at the groups and the master’s chain."</p> });
    let tracks = found.into_iter().map(|culprit| {
        let name = song.strip(culprit.strip).map(|strip| strip.name.clone()).unwrap_or_default();
        let share = format!("{:.0}\u{2009}% of it", culprit.share * 100.0);
        let hint = format!("Show {name}");
        view! {
            <div class="assist-offer">
                <p><b>{name}</b>" "<span class="n">{share}</span></p>
                <Button look=ButtonLook::Line class="is-small" name=hint on_press=move |()| show(culprit.strip)>"Show"</Button>
            </div>
        }
    });
    view! {
        <p class="assist-fault"><IconView icon=Icon::Warn /><b>{sentence}</b></p>
        {nobody}
        {tracks.collect_view()}
    }
}

/// The cut that mends it, and its button; what it did is measured at once.
fn offer(studio: Studio, surveys: Surveys, proposal: Proposal) -> impl IntoView {
    let cannot_apply = Signal::derive(move || surveys.is_busy() || !surveys.is_fresh());
    let Proposal { title, reason, edits } = proposal;
    let name = format!("Apply: {title}");
    let said = title.clone();
    let take = move |()| {
        if studio.dispatch(title.clone(), Edit::Batch(edits.clone())) {
            surveys.measure();
        }
    };
    view! {
        <div class="assist-offer">
            <div><b>{said}</b><p>{reason}</p></div>
            <Button look=ButtonLook::Line class="is-small" name=name disabled=cannot_apply on_press=take>"Apply"</Button>
        </div>
    }
}
