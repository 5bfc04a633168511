//! One processor's editor: header, and its parameters as the declaration groups them.

use dsp::params::ProcessorSpec;
use dsp::protocol::{InsertId, StripId};
use leptos::prelude::*;
use session::Edit;
use session::model::{Insert, SongKind, Values};

use super::band_reduction::BandReduction;
use super::compare::Compare;
use super::controls::{ParamKnob, ParamRow};
use super::decay::DecayPicture;
use super::echoes::EchoPicture;
use super::equalizer::EqualizerBody;
use super::history::{ReductionHistory, reduces};
use super::level_change::LevelChange;
use super::listening::Listening;
use super::ranges::{RangePicture, count, has_ranges};
use super::sections::{Layout, captions, layout};
use super::transfer::{TransferPicture, has_curve};
use super::view::InsertView;
use super::waveshape::{WaveshapePicture, has_shape};
use crate::state::Studio;
use crate::ui::console::toggle_bypass;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption, Switch};

/// The region "PROCESSOR on STRIP".
#[component]
pub fn Editor(strip: StripId, insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let spec = studio.peek_strip(strip, |strip| strip.insert(insert).and_then(Insert::spec)).flatten();
    let processor = studio.strip_memo(strip, move |strip| strip.insert(insert).map(|insert| insert.name().to_owned()).unwrap_or_default());
    let strip_name = studio.strip_memo(strip, |strip| strip.name.clone());
    let label = move || format!("{} on {}", processor.get(), strip_name.get());
    let bypassed = studio.strip_memo(strip, move |strip| strip.insert(insert).is_some_and(|insert| insert.bypassed));
    let shown = spec.map(|spec| InsertView::new(studio, strip, insert, spec));
    let body = match shown {
        Some(view) if view.spec.id == dsp::processors::equalizer::SPEC.id => view! { <EqualizerBody view /> }.into_any(),
        Some(view) => view! { <Body view /> }.into_any(),
        None => view! { <p class="editor-note">"This version does not know the processor. It is kept in the session and passes audio through."</p> }.into_any(),
    };
    view! {
        <section class="editor" class:is-bypassed=bypassed role="region" aria-label=label>
            <Header strip insert shown processor strip_name />
            {body}
        </section>
    }
}

#[component]
fn Header(strip: StripId, insert: InsertId, shown: Option<InsertView>, processor: Memo<String>, strip_name: Memo<String>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let bypassed = studio.strip_memo(strip, move |strip| strip.insert(insert).is_some_and(|insert| insert.bypassed));
    let colour = studio.strip_memo(strip, |strip| strip.colour);
    // What a head without room for the name shows of it.
    let short = move || processor.with(|name| name.split(' ').next().unwrap_or_default().to_owned());
    let remove = move |()| {
        if let Some(song) = studio.peek_song_id() {
            let name = studio.step_name(strip, &format!("remove {}", processor.get_untracked()));
            studio.dispatch(name, Edit::RemoveInsert { song, strip, insert });
        }
    };
    view! {
        <header class="editor-head">
            <div class="editor-what">
                <span class="tape-small" style=("--c", move || format!("var(--trk-{})", colour.get()))>{strip_name}</span>
                <h2 data-short=short><span>{processor}</span></h2>
                {shown.map(|view| view! { <Presets strip insert spec=view.spec /> <Compare view /> })}
            </div>
            <div class="editor-heard">
                {shown.map(|view| view! { <Listening insert /> {view.spec.sidechain.then(|| view! { <Sidechain strip insert /> })} <span class="grow"></span> <LevelChange view /> })}
            </div>
            <div class="editor-ends">
                <Switch name="Bypass" hint="Passes the sound by the processor" on=bypassed on_change=move |_| toggle_bypass(studio, strip, insert) />
                <Button look=ButtonLook::Quiet class="is-icon is-small" name="Remove insert" on_press=remove>
                    <IconView icon=Icon::Remove />
                </Button>
                <Button look=ButtonLook::Quiet class="is-icon is-small" name="Close editor" on_press=move |()| studio.toggle_editor(insert)>
                    <IconView icon=Icon::Close />
                </Button>
            </div>
        </header>
    }
}

/// The combobox "Preset".
#[component]
fn Presets(strip: StripId, insert: InsertId, spec: &'static ProcessorSpec) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let none = SelectOption::new("", "Preset");
    let options =
        std::iter::once(none).chain(spec.presets.iter().map(|preset| SelectOption::new(preset.name, preset.name))).collect::<Vec<_>>();
    let chosen = studio.strip_memo(strip, move |strip| strip.insert(insert).and_then(|insert| insert.preset.clone()).unwrap_or_default());
    let choose = move |name: String| {
        let Some(song) = studio.peek_song_id() else { return };
        let preset = spec.presets.iter().find(|preset| preset.name == name);
        let values: Values =
            preset.map(|preset| preset.values.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect()).unwrap_or_default();
        let step = studio.step_name(strip, &format!("{} preset", spec.name));
        studio.dispatch(step, Edit::SetInsertValues { song, strip, insert, values, preset: preset.map(|preset| preset.name.to_owned()) });
    };
    view! { <Select name="Preset" hint="Sets all parameters; undo takes it back" class="is-quiet" options=Signal::stored(options) chosen on_choose=choose /> }
}

/// The combobox "Sidechain".
#[component]
fn Sidechain(strip: StripId, insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let options = Memo::new(move |_| {
        let others = studio.song(|song| {
            // A finished song has one track, which is what its master hears already.
            let is_mix = song.kind == SongKind::Mix;
            let others = song.strips.iter().filter(|other| is_mix && other.id != strip && other.kind != dsp::protocol::StripKind::Master);
            others.map(|other| SelectOption::new(other.id.0.to_string(), other.name.clone())).collect::<Vec<_>>()
        });
        let own = SelectOption::new("", "This strip");
        std::iter::once(own).chain(others.unwrap_or_default()).collect::<Vec<_>>()
    });
    let chosen = studio.strip_memo(strip, move |strip| {
        strip.insert(insert).and_then(|insert| insert.key).map(|key| key.0.to_string()).unwrap_or_default()
    });
    let choose = move |value: String| {
        let Some(song) = studio.peek_song_id() else { return };
        let key = value.parse().ok().map(StripId);
        studio.dispatch(studio.step_name(strip, "sidechain"), Edit::SetKey { song, strip, insert, key });
    };
    // A song of one strip has nothing else to listen to.
    let has_others = Memo::new(move |_| options.with(|options| options.len() > 1));
    view! {
        <Show when=move || has_others.get()>
            <span class="editor-key">
                <span class="param-name" aria-hidden="true">"Sidechain"</span>
                <Select name="Sidechain" hint="The strip that the processor listens to" options chosen on_choose=choose />
            </span>
        </Show>
    }
}

/// What a processor does, drawn; nothing for those without a picture.
#[component]
fn Pictures(view: InsertView) -> impl IntoView {
    let spec = view.spec;
    let own = if has_curve(spec) {
        Some(view! { <TransferPicture view /> }.into_any())
    } else if has_shape(spec) {
        Some(view! { <WaveshapePicture view /> }.into_any())
    } else if has_ranges(spec) {
        Some(view! { <RangePicture view /> }.into_any())
    } else {
        match spec.id {
            "delay" => Some(view! { <EchoPicture view /> }.into_any()),
            "reverb" => Some(view! { <DecayPicture view /> }.into_any()),
            _ => None,
        }
    };
    let history = reduces(spec).then(|| view! { <ReductionHistory view /> });
    (own.is_some() || history.is_some()).then(|| view! { <div class="editor-pictures">{own} {history}</div> })
}

#[component]
fn Body(view: InsertView) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let spec = view.spec;
    let control = move |param| studio.insert_control(view.strip, view.insert, param);
    let Layout { knobs, choices, rest, groups } = layout(spec);
    let knobs = knobs.into_iter().map(|param| view! { <ParamKnob control=control(param) /> }).collect_view();
    let rows = choices.into_iter().chain(rest).map(|param| view! { <ParamRow control=control(param) /> }).collect_view();
    let parts = Memo::new(move |_| view.values.with(|values| count(spec, values)));
    let has_band_reductions = has_ranges(spec) && reduces(spec);
    // Groups of one form are a table: what is set is said once at the left, and each group is a column.
    let table = captions(&groups).map(|captions| {
        let lines: Vec<String> = has_band_reductions.then(|| "Reduction".to_owned()).into_iter().chain(captions).collect();
        let rows = lines.len() + 1;
        let line = |caption: String| view! { <span class="param-name">{caption}</span> };
        (rows, view! { <div class="param-captions" aria-hidden="true"><span></span>{lines.into_iter().map(line).collect_view()}</div> })
    });
    let groups = groups.into_iter().enumerate().map(|(place, group)| {
        let rows = group.params.into_iter().map(|param| view! { <ParamRow control=control(param) /> }).collect_view();
        // The groups of a processor with bands are its bands; those that are not there are not shown.
        view! {
            <div class="param-group" role="group" aria-label=group.name hidden=move || parts.get().is_some_and(|parts| place >= parts)>
                <h3>{group.name}</h3>
                {has_band_reductions.then(|| view! { <BandReduction insert=view.insert band=place name=group.name /> })}
                {rows}
            </div>
        }
    });
    let (row_count, names) = table.unzip();
    let is_table = row_count.is_some();
    let groups = view! {
        <div class="editor-groups" class:is-table=is_table style=("--rows", row_count.unwrap_or(1).to_string())>{names} {groups.collect_view()}</div>
    };
    // A table is what its editor is about: it stands under the picture, in the place of the knobs.
    let (first, last) = if is_table { (Some(groups), None) } else { (None, Some(groups)) };
    view! {
        <div class="editor-body">
            <Pictures view />
            {first}
            <div class="editor-values">
                <div class="editor-knobs">{knobs}</div>
                <div class="editor-rows">{rows}</div>
            </div>
            {last}
        </div>
    }
}
