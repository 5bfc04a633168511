//! The export dialog: what is written, how, and the way there.

mod choice;
mod measured;
mod run;

use leptos::html::Dialog;
use leptos::prelude::*;
use session::model::{Range, SongId};
use session::worker::{DeliveryFormat, Dither};
use wasm_bindgen::JsCast;

use crate::state::Studio;
use crate::ui::master::{Goal, lines};
use crate::ui::start::size_text;
use crate::ui::status::rate_text;
use crate::ui::timeline::{TimelineState, time};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption};
pub use choice::safe_name;
use choice::{Choice, DITHERS, FORMATS, RATES_HZ, Stretch};
use measured::Measured;
use run::{Order, Run};

/// The dialog "Export".
#[component]
pub fn ExportDialog() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let open = studio.export_open;
    let node = NodeRef::<Dialog>::new();
    let run = Run::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            if open.get() && !dialog.open() {
                let _ = dialog.show_modal();
                request_animation_frame(move || focus_primary(&dialog));
            } else if !open.get() && dialog.open() {
                dialog.close();
            }
        }
    });
    // Another session's links lead to files that it did not write.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = studio.is_open();
        if was_open == Some(true) && !is_open {
            run.forget();
        }
        is_open
    });
    view! {
        <dialog class="dialog export" node_ref=node aria-labelledby="export-title" on:close=move |_| open.set(false)>
            <Show when=move || open.get()><Form run /></Show>
        </dialog>
    }
}

/// The safe choice has the focus when the dialog opens.
fn focus_primary(dialog: &web_sys::HtmlDialogElement) {
    let found = dialog.query_selector(".btn.is-primary:not([disabled])").ok().flatten();
    if let Some(button) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

#[component]
fn Form(run: Run) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let timeline = expect_context::<TimelineState>();
    let choice = RwSignal::new(Choice::default());
    let songs = Memo::new(move |_| studio.session(choice::deliverables).unwrap_or_default());
    let shown = studio.peek_song_id();
    let chosen = RwSignal::new(songs.get_untracked().into_iter().filter(|song| Some(*song) == shown).collect::<Vec<_>>());
    let selection = Memo::new(move |_| {
        let clip = timeline.selected.get()?;
        studio.song(|song| song.clip(clip).map(|(_, clip)| Range { start: clip.start, end: clip.end() })).flatten()
    });
    let name = studio.peek(|session| session.name.clone()).unwrap_or_default();
    let is_running = Signal::derive(move || run.progress.get().is_some());
    let goal = expect_context::<Goal>();
    let start = move |()| {
        let choice = choice.get_untracked();
        let place = choice.target.as_ref().and_then(|id| untrack(|| goal.find(id)));
        run.start(studio, chosen.get_untracked(), Order { choice, selection: selection.get_untracked(), place });
    };
    let cannot_start = Signal::derive(move || is_running.get() || chosen.with(Vec::is_empty));
    view! {
        <header class="dialog-head">
            <h2 id="export-title">"Export"</h2>
            <span class="dialog-of">{name}</span>
            <span class="grow"></span>
            <Button look=ButtonLook::Quiet class="is-icon" name="Close" on_press=move |()| studio.export_open.set(false)><IconView icon=Icon::Close /></Button>
        </header>
        <div class="export-body">
            <Deliverables songs chosen choice selection run />
            <Settings choice selection chosen />
            <Written run />
        </div>
        <footer class="export-foot">
            <Progress run />
            <Show
                when=move || is_running.get()
                fallback=move || view! { <Button look=ButtonLook::Primary class="is-large" disabled=cannot_start on_press=start>"Start export"</Button> }
            >
                <Button look=ButtonLook::Line class="is-large" on_press=move |()| run.cancel()>"Cancel export"</Button>
            </Show>
        </footer>
    }
}

/// A checkbox for every song that can be written.
#[component]
fn Deliverables(
    songs: Memo<Vec<SongId>>,
    chosen: RwSignal<Vec<SongId>>,
    choice: RwSignal<Choice>,
    selection: Memo<Option<Range>>,
    run: Run,
) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let line = move |id: SongId| {
        let title = Memo::new(move |_| studio.session(|session| session.song(id).map(choice::title)).flatten().unwrap_or_default());
        let detail = move || {
            let choice = choice.get();
            let selection = selection.get();
            studio
                .session(|session| {
                    let song = session.song(id)?;
                    let range = choice::range(song, choice.stretch, selection)?;
                    let length = time::clock(range.end - range.start, song.rate_hz);
                    Some(format!("{length}, {}", size_text(choice::bytes(choice.format, range) as f64)))
                })
                .flatten()
                .unwrap_or_else(|| "nothing in this range".to_owned())
        };
        let is_on = move || chosen.with(|chosen| chosen.contains(&id));
        let turn = move |_| chosen.update(|chosen| if chosen.contains(&id) { chosen.retain(|song| *song != id) } else { chosen.push(id) });
        view! {
            <li class:is-now=move || run.now.get() == Some(id)>
                <label>
                    <input type="checkbox" class="check" prop:checked=is_on on:change=turn disabled=move || run.progress.get().is_some() aria-label=title />
                    <span class="export-title">{title}</span>
                    <span class="n lbl">{detail}</span>
                </label>
            </li>
        }
    };
    view! {
        <section aria-labelledby="export-what">
            <h3 id="export-what">"Deliverables"</h3>
            <ol class="export-list"><For each=move || songs.get() key=|id| *id children=line /></ol>
            {move || songs.with(Vec::is_empty).then(|| view! { <p class="export-note">"There is no audio in this session yet."</p> })}
        </section>
    }
}

#[component]
fn Settings(choice: RwSignal<Choice>, selection: Memo<Option<Range>>, chosen: RwSignal<Vec<SongId>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let rate = move || {
        let chosen = chosen.get();
        let rates = studio.session(|session| {
            let mut rates: Vec<u32> = chosen.iter().filter_map(|id| session.song(*id)).map(|song| song.rate_hz).collect();
            rates.sort_unstable();
            rates.dedup();
            rates
        });
        match rates.unwrap_or_default().as_slice() {
            [one] => format!("{}, as the song", rate_text(*one)),
            _ => "As each song".to_owned(),
        }
    };
    let formats = FORMATS.map(|(format, name)| SelectOption::new(format!("{format:?}"), name)).to_vec();
    let depth = Signal::derive(move || format!("{:?}", choice.with(|choice| choice.format)));
    let choose_depth = move |value: String| {
        let found = FORMATS.into_iter().find(|(format, _)| format!("{format:?}") == value);
        choice.update(|choice| choice.format = found.map_or(choice.format, |found| found.0));
    };
    let dithers = Signal::derive(move || {
        let is_float = choice.with(|choice| choice.format == DeliveryFormat::WavFloat);
        let offered = DITHERS.into_iter().filter(|(dither, _)| !is_float || *dither == Dither::None);
        offered.map(|(dither, name)| SelectOption::new(format!("{dither:?}"), name)).collect::<Vec<_>>()
    });
    let dither = Signal::derive(move || format!("{:?}", choice.with(Choice::applied_dither)));
    let choose_dither = move |value: String| {
        let found = DITHERS.into_iter().find(|(dither, _)| format!("{dither:?}") == value);
        choice.update(|choice| choice.dither = found.map_or(choice.dither, |found| found.0));
    };
    let has_loop = Memo::new(move |_| studio.song(|song| song.cycle.range.is_some()).unwrap_or(false));
    let stretches = Signal::derive(move || {
        let mut all = vec![SelectOption::new("Whole", "Whole song")];
        if has_loop.get() {
            all.push(SelectOption::new("Loop", "Loop"));
        }
        if selection.get().is_some() {
            all.push(SelectOption::new("Selection", "Selection"));
        }
        all
    });
    let stretch = Signal::derive(move || format!("{:?}", choice.with(|choice| choice.stretch)));
    let choose_stretch = move |value: String| {
        choice.update(|choice| {
            choice.stretch = match value.as_str() {
                "Loop" => Stretch::Loop,
                "Selection" => Stretch::Selection,
                _ => Stretch::Whole,
            };
        });
    };
    let only = |text: String| Signal::stored(vec![SelectOption::new("only", text)]);
    let rates = Signal::derive(move || {
        let line = |rate_hz: u32| SelectOption::new(rate_hz.to_string(), rate_text(rate_hz));
        [SelectOption::new("song", rate())].into_iter().chain(RATES_HZ.map(line)).collect::<Vec<_>>()
    });
    let file_rate = Signal::derive(move || choice.with(|choice| choice.rate_hz.map_or_else(|| "song".to_owned(), |rate| rate.to_string())));
    let choose_rate = move |value: String| choice.update(|choice| choice.rate_hz = value.parse().ok());
    let targets = Signal::stored([SelectOption::new("none", "None")].into_iter().chain(lines()).collect::<Vec<_>>());
    let target = Signal::derive(move || choice.with(|choice| choice.target.clone().unwrap_or_else(|| "none".to_owned())));
    let choose_target = move |value: String| choice.update(|choice| choice.target = Some(value).filter(|value| value != "none"));
    let keep = |_: String| {};
    let stays = Signal::stored("only".to_owned());
    view! {
        <section aria-labelledby="export-how">
            <h3 id="export-how">"Settings"</h3>
            <div class="export-settings">
                <span>"Format"</span>
                <div class="export-pair">
                    <Select name="Format" options=only("WAV".into()) chosen=stays on_choose=keep />
                    <Select name="Bit depth" options=Signal::stored(formats) chosen=depth on_choose=choose_depth />
                </div>
                <span>"Sample rate"</span><Select name="Sample rate" options=rates chosen=file_rate on_choose=choose_rate />
                <span>"Dither"</span><Select name="Dither" options=dithers chosen=dither on_choose=choose_dither />
                <span>"Range"</span><Select name="Range" options=stretches chosen=stretch on_choose=choose_stretch />
                <span>"Loudness target"</span><Select name="Loudness target" options=targets chosen=target on_choose=choose_target />
            </div>
            <Soloed choice />
            <p class="export-note">"The tail of reverbs and delays after the end is included."</p>
        </section>
    }
}

/// What happens with solo, when anything is soloed.
#[component]
fn Soloed(choice: RwSignal<Choice>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let has_solo = Memo::new(move |_| studio.song(session::model::Song::has_solo).unwrap_or(false));
    view! {
        <Show when=move || has_solo.get()>
            <p class="export-note">"Solo is for listening: the export ignores it."</p>
            <label class="export-check">
                <input type="checkbox" class="check" prop:checked=move || choice.with(|choice| choice.as_soloed)
                    on:change=move |_| choice.update(|choice| choice.as_soloed = !choice.as_soloed) />
                "As soloed"
            </label>
        </Show>
    }
}

#[component]
fn Progress(run: Run) -> impl IntoView {
    let percent = move || (run.progress.get().unwrap_or(0.0) * 100.0).floor();
    let text = move || run.progress.get().map(|_| format!("{}\u{2009}%", percent()));
    view! {
        <div class="export-progress" class:is-idle=move || run.progress.get().is_none() role="progressbar" aria-label="Export progress"
            aria-valuemin="0" aria-valuemax="100" aria-valuenow=move || percent().to_string()>
            <i style:width=move || format!("{}%", percent())></i>
        </div>
        <span class="n export-percent">{text}</span>
    }
}

/// The links to what was written, each with what was foreseen of it and what it turned out to be.
#[component]
fn Written(run: Run) -> impl IntoView {
    let links = move || {
        let line = |written: run::Written| {
            view! {
                <li>
                    <IconView icon=Icon::Check />
                    <a href=written.address download=written.name.clone()>{format!("Download {}", written.name)}</a>
                    <span class="n lbl">{size_text(written.bytes as f64)}</span>
                    <Measured written=written.measured />
                </li>
            }
        };
        run.written.get().into_iter().map(line).collect_view()
    };
    let is_empty = Memo::new(move |_| run.written.with(Vec::is_empty));
    view! {
        <section aria-labelledby="export-result">
            <h3 id="export-result">"Predicted and measured"</h3>
            <ul class="export-written" aria-label="Written files">{links}</ul>
            <Show when=move || is_empty.get()>
                <p class="export-note is-first">"Every file is read back after it is written. What was foreseen of it and what it measures stand here side by side."</p>
            </Show>
        </section>
    }
}
