//! The master strip's chain as a row: input trim, one card per processor, output volume.

use dsp::engine::strip_param;
use dsp::protocol::{InsertId, StripId, StripKind};
use leptos::html::Span;
use leptos::prelude::*;
use session::Edit;
use session::model::Insert;

use super::end_meter::EndMeter;
use crate::state::Studio;
use crate::ui::console::{AddInsert, toggle_bypass};
use crate::ui::editors::Thumbnail;
use crate::ui::frame::FrameLoop;
use crate::ui::widgets::{ValueBar, keep_focus};

/// What the suggestion adds, in this order.
const SUGGESTED: [&str; 3] = ["equalizer", "compressor", "limiter"];
/// Less is not shown.
const SMALLEST_REDUCTION_DB: f32 = 0.05;

/// The row.
#[component]
pub fn Chain() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let master = studio.master();
    // Only a stereo song has one track whose trim is the way in.
    let input = Memo::new(move |_| {
        let tracks = studio.song(|song| song.strips_of(StripKind::Audio).map(|strip| strip.id).collect::<Vec<_>>()).unwrap_or_default();
        if let [one] = tracks.as_slice() { Some(*one) } else { None }
    });
    let cards = move |strip: StripId| {
        let inserts = studio.strip_memo(strip, |strip| strip.inserts.iter().map(|insert| insert.id).collect::<Vec<_>>());
        view! {
            <ul class="master-cards" aria-label="Inserts">
                <For each=move || inserts.get() key=|insert| *insert children=move |insert| view! { <Card strip insert /> } />
            </ul>
            <AddInsert strip />
        }
    };
    let ends = move |strip: StripId, index: usize, what: &'static str| {
        let control = studio.strip_control(strip, index);
        view! {
            <div class="master-end" role="group" aria-label=what>
                <EndMeter strip what />
                <ValueBar control name=Signal::stored(control.spec.name.to_owned()) unit=true />
            </div>
        }
    };
    view! {
        <div class="master-chain">
            {move || input.get().map(|strip| ends(strip, strip_param::TRIM, "In"))}
            {move || master.get().map(cards)}
            {move || master.get().map(|strip| ends(strip, strip_param::VOLUME, "Out"))}
        </div>
    }
}

/// A processor of the chain: a press opens its editor.
#[component]
fn Card(strip: StripId, insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let name = studio.strip_memo(strip, move |strip| strip.insert(insert).map(|insert| insert.name().to_owned()).unwrap_or_default());
    // A card has room for a word.
    let short = move || name.with(|name| name.split(' ').next().unwrap_or_default().to_owned());
    let bypassed = studio.strip_memo(strip, move |strip| strip.insert(insert).is_some_and(|insert| insert.bypassed));
    let open = Memo::new(move |_| studio.editors.with(|open| open.contains(&insert)));
    let reduction = NodeRef::<Span>::new();
    let mut shown = f32::NAN;
    frames.each(move |frame| {
        let now = (frame.readings.reduction_db(insert) * 10.0).round() / 10.0;
        if frame.is_number_time
            && now != shown
            && let Some(node) = reduction.get_untracked()
        {
            let text = if -now < SMALLEST_REDUCTION_DB { String::new() } else { format!("−{:.1}\u{2009}dB", -now) };
            node.set_text_content(Some(&text));
            shown = now;
        }
    });
    let power = move |_| toggle_bypass(studio, strip, insert);
    view! {
        <li class="master-card" class:is-open=open class:is-bypassed=bypassed>
            <Thumbnail strip insert />
            <button type="button" class="master-power" aria-label=move || format!("{} on", name.get()) aria-pressed=move || if bypassed.get() { "false" } else { "true" }
                on:mousedown=keep_focus on:click=power></button>
            <button type="button" class="master-card-name" aria-label=name aria-expanded=move || if open.get() { "true" } else { "false" } on:mousedown=keep_focus on:click=move |_| studio.toggle_editor(insert)>
                <b>{short}</b>
                <span class="n master-card-reduction" node_ref=reduction aria-hidden="true"></span>
            </button>
        </li>
    }
}

/// Adds equalizer, compressor and limiter at their defaults as one step, and opens the two that are set first.
pub fn suggest(studio: Studio) {
    let Some(song) = studio.peek_song_id() else { return };
    let Some(strip) = studio.peek_song(|song| song.master().map(|strip| strip.id)).flatten() else { return };
    let Some(inserts) = studio.peek(|session| {
        let mut ids = session.ids();
        SUGGESTED.map(|processor| Insert::new(&mut ids, processor))
    }) else {
        return;
    };
    let opened = [inserts[0].id, inserts[2].id];
    let edits = inserts.into_iter().map(|insert| Edit::AddInsert { song, strip, at: usize::MAX, insert }).collect();
    if studio.dispatch("Add EQ, compressor and limiter", Edit::Batch(edits)) {
        studio.editors.set(opened.to_vec());
    }
}
