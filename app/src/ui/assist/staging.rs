//! Gain staging: every strip's numbers over the whole song, its faults, and the trims that are proposed.

use dsp::protocol::StripKind;
use leptos::prelude::*;
use session::Edit;
use session::assist::gain_staging::{Line, in_place, lines};
use session::assist::{Proposal, decibels, number};

use super::surveys::{MeasureBar, Surveys};
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// The tool "Gain staging".
#[component]
pub fn Staging(
    /// What was measured.
    surveys: Surveys,
) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let keeps_balance = RwSignal::new(true);
    if untrack(|| surveys.latest().is_none()) {
        surveys.measure();
    }
    let found = Memo::new(move |_| {
        let keeps_balance = keeps_balance.get();
        surveys.latest().map(|known| lines(&known.session, known.song, &known.survey, keeps_balance)).unwrap_or_default()
    });
    let cannot_apply = Signal::derive(move || surveys.is_busy() || !surveys.is_fresh());
    let all = Memo::new(move |_| found.with(|found| found.iter().flat_map(Line::proposals).cloned().collect::<Vec<_>>()));
    let apply_all = move |()| apply(studio, surveys, "Gain staging", &all.get_untracked());
    let summary = move || {
        let (good, sounding) = found.with(|found| in_place(found));
        (sounding > 0).then(|| format!("{good} of {sounding} tracks peak between −12 and −10 dBFS."))
    };
    let nothing_to_apply = Signal::derive(move || cannot_apply.get() || all.with(Vec::is_empty));
    view! {
        <MeasureBar surveys />
        <div class="assist-table" role="region" aria-label="Levels of every strip" tabindex="0">
            <table>
                <thead><tr>
                    <th scope="col">"Strip"</th><th scope="col">"Peak dBFS"</th><th scope="col">"LUFS"</th><th scope="col">"Crest dB"</th>
                    <th scope="col">"Offset %"</th><th scope="col">"Correlation"</th><th scope="col">"Found and proposed"</th>
                </tr></thead>
                <tbody>{move || found.get().into_iter().map(|line| row(studio, surveys, cannot_apply, line)).collect_view()}</tbody>
            </table>
        </div>
        <footer class="assist-foot">
            <p role="status">{summary}</p>
            <span class="grow"></span>
            <label class="export-check">
                <input type="checkbox" class="check" prop:checked=keeps_balance on:change=move |_| keeps_balance.update(|keeps| *keeps = !*keeps) />
                "Faders keep the balance"
            </label>
            <Button look=ButtonLook::Primary disabled=nothing_to_apply hint="One step; undo takes it back" on_press=apply_all>"Apply all"</Button>
        </footer>
    }
}

/// Takes proposals as one step, and measures what came of it.
fn apply(studio: Studio, surveys: Surveys, name: &str, proposals: &[Proposal]) {
    let edits = proposals.iter().flat_map(|proposal| proposal.edits.clone()).collect();
    if studio.dispatch(name, Edit::Batch(edits)) {
        surveys.measure();
    }
}

fn row(studio: Studio, surveys: Surveys, cannot_apply: Signal<bool>, line: Line) -> impl IntoView {
    let level = line.level;
    let offset = level.dc.into_iter().fold(0.0, |largest: f64, side| largest.max(side.abs())) * 100.0;
    let (peak, is_heard, is_over) = (decibels(level.peak_db), !level.is_silent(), level.peak_db > 0.0);
    let place = match (line.kind, is_heard, line.is_in_place()) {
        (StripKind::Audio, true, true) => {
            Some(view! { <span class="goal-result is-ok"><IconView icon=Icon::Check />"In place"</span> }.into_any())
        }
        (_, false, _) => Some(view! { <span class="lbl">"Silent"</span> }.into_any()),
        _ => None,
    };
    let song = studio.peek_song(Clone::clone);
    let faults = line.faults.iter().filter_map(|fault| song.as_ref().map(|song| fault.sentence(song)));
    let faults = faults.map(|sentence| view! { <p class="assist-fault"><IconView icon=Icon::Warn />{sentence}</p> }).collect_view();
    let note = line.note.map(|note| view! { <p class="lbl">{note}</p> });
    let proposals = line.proposals().cloned().map(|proposal| offer(studio, surveys, cannot_apply, proposal)).collect_view();
    let word = if line.kind == StripKind::Audio { "into its chain" } else { "at its output" };
    let dash = |text: String| if is_heard { text } else { "–".to_owned() };
    view! {
        <tr>
            <th scope="row"><b>{line.name.clone()}</b><span class="lbl">{word}</span></th>
            <td class="n" class:is-over=is_over>{peak}</td>
            <td class="n">{decibels(level.integrated_lufs)}</td>
            <td class="n">{decibels(level.crest_db())}</td>
            <td class="n">{dash(number(offset, 2))}</td>
            <td class="n">{dash(number(level.correlation, 2))}</td>
            <td>{place}{faults}{note}{proposals}</td>
        </tr>
    }
}

/// A proposal with its reason and its button.
fn offer(studio: Studio, surveys: Surveys, cannot_apply: Signal<bool>, proposal: Proposal) -> impl IntoView {
    let (title, reason) = (proposal.title.clone(), proposal.reason.clone());
    let take = move |()| apply(studio, surveys, &proposal.title, std::slice::from_ref(&proposal));
    let name = format!("Apply: {title}");
    view! {
        <div class="assist-offer">
            <div><b>{title}</b><p>{reason}</p></div>
            <Button look=ButtonLook::Line class="is-small" name=name disabled=cannot_apply on_press=take>"Apply"</Button>
        </div>
    }
}
