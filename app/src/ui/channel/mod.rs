//! The channel panel: the selected strip's chain, its sends and what the console has no row for.

mod chain;
mod note;
mod sends;

use dsp::engine::strip_param;
use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::Edit;

use self::chain::Chain;
use self::note::Note;
use self::sends::ChannelSends;
use crate::state::Studio;
use crate::ui::console::colour_of;
use crate::ui::editors::{ParamRow, param_row_class};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption};

/// Track colours of the design; 0 is none.
const COLOURS: u8 = 12;

/// The panel beside the timeline; it shows the selected strip, or the master.
#[component]
pub fn ChannelPanel() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let shown = Memo::new(move |_| {
        let selected = studio.selected.get();
        studio
            .song(|song| selected.filter(|strip| song.strip(*strip).is_some()).or_else(|| song.master().map(|master| master.id)))
            .flatten()
    });
    view! {
        <section class="channel" aria-label="Channel">
            {move || shown.get().map(|strip| view! { <Channel strip /> })}
        </section>
    }
}

#[component]
fn Channel(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let kind = studio.peek_strip(strip, |strip| strip.kind).unwrap_or(StripKind::Audio);
    let controls =
        [strip_param::WIDTH, strip_param::PAN_LAW].map(|index| view! { <ParamRow control=studio.strip_control(strip, index) /> });
    let is_master = kind == StripKind::Master;
    let solo_safe = (!is_master).then(|| view! { <ParamRow control=studio.strip_control(strip, strip_param::SOLO_SAFE) /> });
    let colour = (!is_master).then(|| view! { <Colour strip /> });
    let sends = matches!(kind, StripKind::Audio | StripKind::Group).then(|| view! { <ChannelSends strip /> });
    view! {
        <ChannelHead strip kind />
        <Chain strip />
        <div class="channel-rows">{controls.collect_view()} {solo_safe} {colour}</div>
        {sends}
        <Note strip />
    }
}

fn kind_word(kind: StripKind) -> &'static str {
    match kind {
        StripKind::Audio => "Track",
        StripKind::Group => "Group",
        StripKind::Return => "Return",
        StripKind::Master => "Everything",
    }
}

#[component]
fn ChannelHead(strip: StripId, kind: StripKind) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let name = studio.strip_memo(strip, |strip| strip.name.clone());
    let colour = studio.strip_memo(strip, |strip| strip.colour);
    let go = move |step: isize| {
        let next = studio.peek_song(|song| {
            let at = song.strip_index(strip)?.checked_add_signed(step)?;
            song.strips.get(at).map(|strip| strip.id)
        });
        if let Some(next) = next.flatten() {
            studio.selected.set(Some(next));
        }
    };
    view! {
        <header class="panel-head">
            <span class="tape-small" style=("--c", move || colour_of(colour.get()))>{name}</span>
            <span class="panel-note grow">{kind_word(kind)}</span>
            <Button look=ButtonLook::Quiet class="is-icon is-small" name="Previous strip" on_press=move |()| go(-1)>
                <IconView icon=Icon::Left />
            </Button>
            <Button look=ButtonLook::Quiet class="is-icon is-small" name="Next strip" on_press=move |()| go(1)>
                <IconView icon=Icon::Right />
            </Button>
        </header>
    }
}

#[component]
fn Colour(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let name = |colour| if colour == 0 { "None".to_owned() } else { format!("Colour {colour}") };
    let options = (0..=COLOURS).map(|colour| SelectOption::new(colour.to_string(), name(colour))).collect::<Vec<_>>();
    let chosen = studio.strip_memo(strip, |strip| strip.colour.to_string());
    let choose = move |value: String| {
        if let (Some(song), Ok(colour)) = (studio.peek_song_id(), value.parse()) {
            studio.dispatch(studio.step_name(strip, "colour"), Edit::SetColour { song, strip, colour });
        }
    };
    view! {
        <div class=param_row_class()>
            <span class="param-name" aria-hidden="true">"Colour"</span>
            <Select name="Colour" options=Signal::stored(options) chosen on_choose=choose />
        </div>
    }
}
