//! The tool "Match tone": references with their weights, how far and in what the song goes towards them, its figures before, after and wanted,
//! and the match as one step.

use leptos::prelude::*;
use session::assist::matching::{Figure, Options, figures};

use super::matching::{Matching, Reference};
use crate::ui::master::{Goal, Measures};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption, Switch};

/// The limits that can be chosen, dB.
const LIMITS_DB: [u32; 5] = [3, 6, 9, 12, 18];
/// How often neighbouring critical bands are averaged, and how that is said.
const SMOOTHINGS: [(u32, &str); 4] = [(0, "None"), (1, "Little"), (3, "More"), (8, "Much")];
/// What draws the curve.
const FILTERS: [&str; 2] = ["Ten bands of one Equalizer", "Match filter: three Equalizers"];
/// How it turns the phase.
const PHASES: [&str; 2] = ["Minimum", "Linear"];

/// Numbers of the choices, with what they are called.
fn choices(names: impl IntoIterator<Item = impl Into<String>>) -> Signal<Vec<SelectOption>> {
    Signal::stored(names.into_iter().enumerate().map(|(at, name)| SelectOption::new(at.to_string(), name)).collect())
}

/// The tool.
#[component]
pub fn MatchingView(
    /// What it knows.
    matching: Matching,
) -> impl IntoView {
    let (goal, measures) = (expect_context::<Goal>(), expect_context::<Measures>());
    let order = Memo::new(move |_| matching.order(goal, measures));
    let is_busy = Signal::derive(move || matching.progress.with(Option::is_some));
    let is_measured = move || matching.made().is_some_and(|made| order.with(|order| order.as_ref() == Some(&made.order)));
    let cannot_apply = Signal::derive(move || {
        let does_nothing = || matching.made().is_none_or(|made| made.matched.plan.is_empty());
        is_busy.get() || !matching.is_fresh() || !is_measured() || does_nothing()
    });
    let rows = move || {
        let made = matching.made()?;
        let notes = made.matched.notes.iter().cloned();
        let notes: Vec<_> = notes.map(|note| view! { <li class="assist-fault"><IconView icon=Icon::Warn />{note}</li> }).collect();
        let rows = figures(&made.matched, &made.order.target).into_iter().map(row).collect_view();
        Some(view! {
            <ul class="assist-refusals" aria-label="What could not be matched">{notes}</ul>
            <table>
                <thead><tr>
                    <th scope="col">"Figure"</th><th scope="col">"Before"</th><th scope="col">"After"</th><th scope="col">"References"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        })
    };
    let summary = move || match (matching.made(), matching.said.get()) {
        (None, _) => String::new(),
        (Some(_), said) if !said.is_empty() => said.to_owned(),
        (Some(_), _) if !is_measured() => "What is asked for has changed: measure it before it is applied.".to_owned(),
        (Some(made), _) => made.matched.plan.sentence(),
    };
    view! {
        <References matching />
        <HowFar matching />
        <Measure matching order is_busy />
        <div class="assist-table match-figures" role="region" aria-label="Figures of the match" tabindex="0">{rows}</div>
        <footer class="assist-foot">
            <p role="status">{summary}</p>
            <span class="grow"></span>
            <Button look=ButtonLook::Primary disabled=cannot_apply hint="One step; undo takes it back" on_press=move |()| matching.apply(measures)>"Apply"</Button>
        </footer>
    }
}

fn row(figure: Figure) -> impl IntoView {
    let [before, after, wanted] = figure.values;
    view! {
        <tr>
            <th scope="row">{figure.name}</th>
            <td class="n">{before}</td>
            <td class="n"><b>{after}</b></td>
            <td class="n">{wanted}</td>
        </tr>
    }
}

/// Each reference with how much it counts.
#[component]
fn References(matching: Matching) -> impl IntoView {
    let references = Memo::new(move |_| matching.references());
    let line = move |Reference { source, name, .. }: Reference| {
        let percent = move || (matching.weight(source) * 100.0).round();
        let label = format!("Weight of {name}");
        let set = move |event: web_sys::Event| {
            if let Ok(percent) = event_target_value(&event).parse::<f64>() {
                matching.set_weight(source, (percent / 100.0).clamp(0.0, 1.0));
            }
        };
        view! {
            <li class="match-reference">
                <span>{name}</span>
                <input type="range" class="assist-amount" min="0" max="100" step="5" aria-label=label
                    aria-valuetext=move || format!("{} percent", percent()) prop:value=move || percent().to_string() on:input=set />
                <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
            </li>
        }
    };
    view! {
        <Show when=move || references.with(Vec::is_empty)>
            <p class="assist-none">"There is no reference to match. Add one under Reference in the Master room."</p>
        </Show>
        <ul class="match-references" aria-label="References">{move || references.get().into_iter().map(line).collect_view()}</ul>
    }
}

/// Amount, limit, smoothing, filter and phase, and what is matched.
#[component]
fn HowFar(matching: Matching) -> impl IntoView {
    let options = matching.options;
    let percent = move || (options.with(|options| options.amount) * 100.0).round();
    let set_amount = move |event: web_sys::Event| {
        if let Ok(percent) = event_target_value(&event).parse::<f64>() {
            options.update(|options| options.amount = (percent / 100.0).clamp(0.0, 1.0));
        }
    };
    let limit = Signal::derive(move || format!("{:.0}", options.with(|options| options.limit_db)));
    let limits = Signal::stored(LIMITS_DB.map(|db| SelectOption::new(db.to_string(), format!("{db}\u{2009}dB"))).to_vec());
    let smoothing = Signal::derive(move || {
        let times = options.with(|options| options.smoothing);
        SMOOTHINGS.iter().position(|(other, _)| *other == times).unwrap_or_default().to_string()
    });
    let smooth = move |choice: String| {
        if let Some((times, _)) = choice.parse().ok().and_then(|at: usize| SMOOTHINGS.get(at)) {
            options.update(|options| options.smoothing = *times);
        }
    };
    let flag = move |of: fn(&Options) -> bool| Signal::derive(move || u8::from(options.with(of)).to_string());
    view! {
        <div class="assist-measure">
            <span class="lbl">"Amount"</span>
            <input type="range" class="assist-amount" min="0" max="100" step="5" aria-label="Amount of the match"
                aria-valuetext=move || format!("{} percent", percent()) prop:value=move || percent().to_string() on:input=set_amount />
            <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
            <span class="lbl">"Limit"</span>
            <Select name="Limit" hint="The most that the curve lifts or lowers" options=limits chosen=limit
                on_choose=move |db: String| options.update(|options| options.limit_db = db.parse().unwrap_or(options.limit_db)) />
            <span class="lbl">"Smoothing"</span>
            <Select name="Smoothing" hint="How often neighbouring critical bands are averaged" options=choices(SMOOTHINGS.map(|(_, name)| name))
                chosen=smoothing on_choose=smooth />
        </div>
        <div class="assist-measure">
            <span class="lbl">"Curve"</span>
            <Select name="Curve" hint="Ordinary bands, or one for each critical band" options=choices(FILTERS) chosen=flag(|options| options.is_fine)
                on_choose=move |choice: String| options.update(|options| options.is_fine = choice == "1") />
            <span class="lbl">"Phase"</span>
            <Select name="Phase" hint="Linear turns no phase and makes the song late" options=choices(PHASES) chosen=flag(|options| options.is_linear)
                on_choose=move |choice: String| options.update(|options| options.is_linear = choice == "1") />
            <span class="grow"></span>
            {part(options, "Tone", "The curve, in critical bands", |options| &mut options.tone)}
            {part(options, "Width", "The side signal in four parts of the range, by an Imager", |options| &mut options.width)}
            {part(options, "Dynamics", "The loudness range, narrowed by a slow Compressor", |options| &mut options.dynamics)}
            {part(options, "Loudness", "By the limiter, under the destination’s true peak", |options| &mut options.level)}
        </div>
    }
}

/// A switch of what is matched.
fn part(options: RwSignal<Options>, name: &'static str, hint: &'static str, of: fn(&mut Options) -> &mut bool) -> impl IntoView {
    let on = Signal::derive(move || {
        let mut options = options.get();
        *of(&mut options)
    });
    view! { <Switch name=name hint=hint on on_change=move |is_on| options.update(|options| *of(options) = is_on) /> }
}

/// The button that measures, and how far it is.
#[component]
fn Measure(matching: Matching, order: Memo<Option<session::assist::matching::Order>>, is_busy: Signal<bool>) -> impl IntoView {
    let cannot = Signal::derive(move || order.with(Option::is_none));
    let run = move |()| {
        if let Some(order) = order.get_untracked() {
            matching.run(order);
        }
    };
    let percent = move || (matching.progress.get().unwrap_or(0.0) * 100.0).floor();
    view! {
        <div class="assist-measure">
            <Show when=move || is_busy.get() fallback=move || view! {
                <Button look=ButtonLook::Line disabled=cannot hint="Renders the song, matches it, and renders it with the match" on_press=run>"Measure and match"</Button>
            }>
                <progress class="goal-bar" aria-label="Measuring" max="100" value=percent></progress>
                <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
                <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| matching.cancel()>"Cancel measuring"</Button>
            </Show>
        </div>
    }
}
