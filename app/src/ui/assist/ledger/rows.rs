//! The rows of the ledger: each move with its reason, its amount, its figures, its lock, and the way to hear it alone.

use leptos::prelude::*;
use session::assist::ledger::{Move, Row};

use super::Assistant;
use crate::ui::widgets::{ButtonLook, Icon, IconView, ToggleButton};

/// Whether a move has an amount: a loudness is reached or not.
fn scales(what: &Move) -> bool {
    !matches!(what, Move::Loudness { .. })
}

/// A whole percentage of a share.
fn percent(share: f64) -> f64 {
    (share * 100.0).round()
}

/// The share that a slider was moved to.
fn slid(event: &web_sys::Event) -> Option<f64> {
    event_target_value(event).parse::<f64>().ok().map(|percent| (percent / 100.0).clamp(0.0, 1.0))
}

impl Assistant {
    fn amount(self, at: usize) -> f64 {
        self.amounts.with(|amounts| amounts.get(at).copied().unwrap_or(0.0))
    }

    fn is_locked(self, at: usize) -> bool {
        self.locks.with(|locks| locks.get(at).copied().unwrap_or(false))
    }

    fn set_amount(self, at: usize, amount: f64) {
        self.alone.end();
        self.amounts.update(|amounts| amounts.iter_mut().skip(at).take(1).for_each(|held| *held = amount));
    }

    /// The places of the rows that all amounts are those of.
    fn turned_together(self) -> Vec<usize> {
        let turns = |(at, row): (usize, &Row)| (scales(&row.what) && !self.is_locked(at)).then_some(at);
        self.made().map(|made| made.ledger.rows.iter().enumerate().filter_map(turns).collect()).unwrap_or_default()
    }
}

/// The slider of all amounts but those of locked rows; its own place is their mean.
#[component]
pub fn AllMoves(
    /// Whose.
    assistant: Assistant,
) -> impl IntoView {
    let places = Memo::new(move |_| assistant.turned_together());
    let mean = move || {
        let places = places.get();
        percent(places.iter().map(|at| assistant.amount(*at)).sum::<f64>() / places.len().max(1) as f64)
    };
    let set = move |event: web_sys::Event| {
        if let Some(amount) = slid(&event) {
            places.get_untracked().into_iter().for_each(|at| assistant.set_amount(at, amount));
        }
    };
    view! {
        <Show when=move || !places.with(Vec::is_empty)>
            <div class="assist-all">
                <span class="lbl">"All moves"</span>
                <input type="range" class="assist-amount" min="0" max="100" step="5" aria-label="Amount of all moves"
                    aria-valuetext=move || format!("{} percent", mean()) prop:value=move || mean().to_string() on:input=set />
                <span class="n lbl">{move || format!("{}\u{2009}%", mean())}</span>
            </div>
        </Show>
    }
}

/// A move.
pub fn line(assistant: Assistant, at: usize, row: Row) -> impl IntoView {
    let what = row.what;
    let slider = scales(&what).then(|| amount(assistant, at, what));
    let after = what.figure(row.after);
    view! {
        <li class="assist-move">
            <div class="assist-title">
                <p><span class="assist-module">{what.processor()}</span>" "<b>{move || what.title(assistant.amount(at))}</b></p>
                <span class="grow"></span>
                {hear(assistant, at, what)}
                {lock(assistant, at, what)}
            </div>
            <p>{row.reason.clone()}</p>
            <div class="assist-figures">
                {slider}
                <span class="grow"></span>
                <span class="n">{what.figure(row.before)}" → "<b>{move || if assistant.is_measured() { after.clone() } else { "–".to_owned() }}</b></span>
            </div>
        </li>
    }
}

fn amount(assistant: Assistant, at: usize, what: Move) -> impl IntoView {
    let percent = move || percent(assistant.amount(at));
    let set = move |event: web_sys::Event| {
        if let Some(amount) = slid(&event) {
            assistant.set_amount(at, amount);
        }
    };
    view! {
        <input type="range" class="assist-amount" min="0" max="100" step="5" aria-label=format!("Amount of {}", what.title(1.0))
            aria-valuetext=move || format!("{} percent", percent()) prop:value=move || percent().to_string()
            disabled=move || assistant.is_locked(at) on:input=set />
        <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
    }
}

/// Only this move, as loud as the song without any.
fn hear(assistant: Assistant, at: usize, what: Move) -> impl IntoView {
    let pressed = Signal::derive(move || assistant.alone.hears(at));
    let press = move |_| {
        if pressed.get_untracked() {
            return assistant.alone.end();
        }
        // A ledger of another state of the song cannot be heard in this one.
        if !untrack(|| assistant.is_known()) {
            return assistant.said.set("The song has changed since this was proposed: propose again to hear a step.".to_owned());
        }
        if let Some((made, row)) = untrack(|| assistant.made().zip(assistant.rows().into_iter().nth(at))) {
            assistant.alone.hear(made.session, made.song, at, row);
        }
    };
    view! {
        <ToggleButton look=ButtonLook::Listen class="is-icon is-small" name=format!("Hear only: {}", what.title(1.0))
            hint="The song with this move and no other, as loud as without any" pressed on_press=press>
            <IconView icon=Icon::Listen />
        </ToggleButton>
    }
}

fn lock(assistant: Assistant, at: usize, what: Move) -> impl IntoView {
    let pressed = Signal::derive(move || assistant.is_locked(at));
    let press = move |_| assistant.locks.update(|locks| locks.iter_mut().skip(at).take(1).for_each(|held| *held = !*held));
    view! {
        <ToggleButton look=ButtonLook::Quiet class="is-icon is-small" name=format!("Lock: {}", what.title(1.0))
            hint="Keeps this move as it is when moves are proposed anew, or all amounts are changed" pressed on_press=press>
            <IconView icon=Icon::Lock />
        </ToggleButton>
    }
}
