//! The column "Song": what the file and its master measure as a whole, the destination, and the way to its loudness.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::destination::{Destination, OWN, destination, destinations, list_date};

use super::figures::{self, number};
use super::measures::Measures;
use super::mono::InMono;
use super::references::Comparison;
use crate::state::{Solved, Studio};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption};

/// Where a master goes unless another place is chosen.
const FIRST_DESTINATION: &str = "spotify";
/// The person's own target until it is set.
const OWN_LUFS: f64 = -12.0;
const OWN_DBTP: f64 = -1.0;

/// The chosen destination; a context of the page.
#[derive(Clone, Copy)]
pub struct Goal {
    id: RwSignal<String>,
    own: RwSignal<[f64; 2]>,
}

impl Goal {
    /// The first destination.
    pub fn new() -> Self {
        Self { id: RwSignal::new(FIRST_DESTINATION.into()), own: RwSignal::new([OWN_LUFS, OWN_DBTP]) }
    }

    /// The place with this id, the person's own among them; tracked.
    pub fn find(self, id: &str) -> Option<Destination> {
        if id == OWN {
            let [lufs, peak] = self.own.get();
            return Some(Destination::own(lufs, peak));
        }
        destination(id).cloned()
    }

    /// The chosen place, tracked.
    pub fn destination(self) -> Option<Destination> {
        self.find(&self.id.get())
    }
}

/// Every place as a line of a combobox.
pub fn lines() -> Vec<SelectOption> {
    let line = |place: &Destination| SelectOption::new(place.id.clone(), place.name.clone());
    destinations().iter().map(line).chain([SelectOption::new(OWN, "Own")]).collect()
}

/// The column "Song".
#[component]
pub fn SongColumn() -> impl IntoView {
    view! {
        <section class="goal" aria-label="Song measured">
            <Target />
            <Figures />
            <Places />
            <Comparison />
            <InMono />
        </section>
    }
}

#[component]
fn Target() -> impl IntoView {
    let goal = expect_context::<Goal>();
    let measures = expect_context::<Measures>();
    let studio = expect_context::<Studio>();
    let said = RwSignal::new(String::new());
    let song = Memo::new(move |_| studio.song_id());
    Effect::new(move |_| {
        song.track();
        said.set(String::new());
    });
    let is_busy = Signal::derive(move || measures.progress.get().is_some());
    let about = move || {
        let place = goal.destination();
        place.map(|place| format!("{} LUFS, peaks up to {} dBTP", number(place.target_lufs, 1), number(place.peak_dbtp, 1)))
    };
    let source = move || goal.destination().map(|place| place.source).filter(|source| !source.is_empty());
    let is_own = Memo::new(move |_| goal.id.get() == OWN);
    let reach = move |()| reach(studio, measures, goal, said);
    view! {
        <header class="meters-head"><h2 class="grow">"Target"</h2></header>
        <div class="goal-target">
            <Select name="Destination" class="goal-place" hint="Where the master goes; rules as of the date of the list" options=Signal::stored(lines()) chosen=goal.id
                on_choose=move |id: String| goal.id.set(id) />
            <Show when=move || is_own.get()><Own goal /></Show>
            <p>{about}</p>
            <p class="lbl">{source}</p>
            <Show when=move || is_busy.get() fallback=move || view! {
                <Button look=ButtonLook::Line class="goal-reach" hint="Renders the song until its loudness is within a tenth of a LU; undo takes it back" on_press=reach>
                    "Reach the target"
                </Button>
            }>
                <Busy />
            </Show>
            <p class="goal-said" role="status">{said}</p>
        </div>
    }
}

/// The person's own loudness and peak.
#[component]
fn Own(goal: Goal) -> impl IntoView {
    let field = move |at: usize, name: &'static str, lowest: f64, highest: f64| {
        let change = move |event: web_sys::Event| {
            let typed = event_target_value(&event).replace('−', "-").replace(',', ".").parse::<f64>();
            if let Ok(value) = typed {
                goal.own.update(|own| own[at] = value.clamp(lowest, highest));
            }
        };
        view! {
            <label class="goal-own"><span class="lbl">{name}</span>
                <input class="field n" type="number" step="0.1" min=lowest max=highest aria-label=name prop:value=move || goal.own.get()[at].to_string() on:change=change />
            </label>
        }
    };
    view! { <div class="goal-pair">{field(0, "Own loudness, LUFS", -40.0, -4.0)}{field(1, "Own peak, dBTP", -20.0, 0.0)}</div> }
}

#[component]
fn Busy() -> impl IntoView {
    let measures = expect_context::<Measures>();
    let percent = move || (measures.progress.get().unwrap_or(0.0) * 100.0).floor();
    view! {
        <div class="goal-busy">
            <progress class="goal-bar" aria-label="Measuring" max="100" value=percent></progress>
            <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| measures.cancel()>"Cancel measuring"</Button>
        </div>
    }
}

/// Solves and takes the step; what it costs, or why it cannot be, is said.
fn reach(studio: Studio, measures: Measures, goal: Goal, said: RwSignal<String>) {
    let (Some(song), Some(place)) = (studio.peek_song_id(), untrack(|| goal.destination())) else { return };
    let Some(canceller) = measures.begin() else { return };
    said.set(String::new());
    spawn_local(async move {
        let told = move |fraction| {
            let _ = measures.progress.try_set(Some(fraction));
        };
        let known = untrack(|| measures.master()).map(|analysis| (*analysis).clone());
        match studio.solve(song, &place, known, &canceller, told).await {
            Ok(solved) => {
                let cost = cost_text(&solved);
                if studio.dispatch(format!("Reach {} LUFS", number(place.target_lufs, 1)), solved.edit) {
                    measures.keep(song, solved.after);
                    said.set(cost);
                }
            }
            Err(_) if canceller.is_cancelled() => {}
            Err(sentence) => {
                said.set(sentence.clone());
                studio.messages.attention(sentence);
            }
        }
        measures.progress.set(None);
    });
}

fn cost_text(solved: &Solved) -> String {
    let (before, after, limiting) = (&solved.before, &solved.after, &solved.limiting);
    let lost = before.plr_lu() - after.plr_lu();
    let limiter = if limiting.deepest_db < -0.05 {
        format!("The limiter takes {} dB at most, {} dB on average", number(-limiting.deepest_db, 1), number(-limiting.mean_db, 1))
    } else {
        "The limiter has nothing to do".to_owned()
    };
    let ratio =
        if lost > 0.05 { format!("; PLR {} → {} LU", number(before.plr_lu(), 1), number(after.plr_lu(), 1)) } else { String::new() };
    format!("{} LUFS, {} dBTP. {limiter}{ratio}.", number(after.integrated_lufs, 1), number(after.true_peak_dbtp, 1))
}

/// What file and master measure.
#[component]
fn Figures() -> impl IntoView {
    let measures = expect_context::<Measures>();
    let is_busy = Signal::derive(move || measures.progress.get().is_some());
    let table = move || {
        let (file, master) = (measures.file(), measures.master());
        let shown = file.as_deref().or(master.as_deref());
        let rows = shown.map(figures::rows).unwrap_or_default();
        let values = |analysis: Option<&session::analysis::Analysis>| {
            let values = analysis.map(figures::rows).unwrap_or_default();
            move |at: usize| values.get(at).map_or_else(|| "–".to_owned(), |(_, _, value)| value.clone())
        };
        let (of_file, of_master) = (values(file.as_deref()), values(master.as_deref()));
        let line = |(at, (name, unit, _)): (usize, (&'static str, &'static str, String))| {
            view! { <tr><th scope="row">{name}" "<span class="u">{unit}</span></th><td class="n">{of_file(at)}</td><td class="n">{of_master(at)}</td></tr> }
        };
        rows.into_iter().enumerate().map(line).collect_view()
    };
    view! {
        <header class="meters-head">
            <h2 class="grow">"Whole song"</h2>
            <Button look=ButtonLook::Quiet class="is-small" disabled=is_busy hint="Renders the song through its chain and measures all of it" on_press=move |()| measures.measure_master()>
                "Measure master"
            </Button>
        </header>
        <table class="goal-table" aria-label="Whole song">
            <thead><tr><th scope="col"><span class="sr">"What"</span></th><th scope="col">"File"</th><th scope="col">"Master"</th></tr></thead>
            <tbody>{table}</tbody>
        </table>
    }
}

/// What becomes of the master at each place.
#[component]
fn Places() -> impl IntoView {
    let measures = expect_context::<Measures>();
    let basis = Memo::new(move |_| match (measures.master(), measures.file()) {
        (Some(_), _) => "of the master",
        (None, Some(_)) => "of the file; measure the master for its own",
        (None, None) => "not measured yet",
    });
    let table = move || {
        let analysis = measures.master().or_else(|| measures.file()).filter(|analysis| !analysis.is_silent());
        let line = |place: &Destination| {
            let outcome = analysis.as_ref().map(|analysis| place.outcome(analysis));
            let (gain, heard) = outcome.map_or_else(
                || ("–".to_owned(), "–".to_owned()),
                |outcome| (figures::difference(outcome.gain_db, 1), number(outcome.heard_lufs, 1)),
            );
            let result = outcome.map(|outcome| {
                let (text, is_well) = figures::verdict(&outcome);
                let (class, icon) = if is_well { ("goal-result is-ok", Icon::Check) } else { ("goal-result is-warn", Icon::Warn) };
                view! { <span class=class><IconView icon />{text}</span> }
            });
            view! { <tr title=place.source.clone()><th scope="row">{place.name.clone()}</th><td class="n">{gain}</td><td class="n">{heard}</td><td>{result}</td></tr> }
        };
        destinations().iter().map(line).collect_view()
    };
    view! {
        <header class="meters-head"><h2>"Destinations"</h2><span class="lbl el">{basis}</span></header>
        <table class="goal-table is-places" aria-label="Destinations">
            <thead><tr><th scope="col">"Place"</th><th scope="col">"Gain"</th><th scope="col">"Heard"</th><th scope="col">"Result"</th></tr></thead>
            <tbody>{table}</tbody>
        </table>
        <p class="lbl goal-date">{format!("Rules as of {}.", list_date())}</p>
    }
}
