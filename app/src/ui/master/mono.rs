//! What vanishes when both sides are summed: the third octaves that lose more than 6 dB, by the side signal's share in them.

use leptos::prelude::*;
use session::analysis::Analysis;

use super::figures::{hertz, number};
use super::measures::Measures;

/// The list "In mono".
#[component]
pub fn InMono() -> impl IntoView {
    let measures = expect_context::<Measures>();
    let found = Memo::new(move |_| measures.master().or_else(|| measures.file()).filter(|analysis| !analysis.is_silent()));
    let said = move || found.get().map(|analysis| sentence(&analysis));
    let lines = move || {
        let losses = found.get().map(|analysis| analysis.mono_losses()).unwrap_or_default();
        losses
            .into_iter()
            .map(
                |loss| view! { <tr><th scope="row">{hertz(loss.hz)}</th><td class="n">{format!("−{}", number(loss.loss_db, 1))}</td></tr> },
            )
            .collect_view()
    };
    let has_losses = move || found.with(|found| found.as_ref().is_some_and(|analysis| !analysis.mono_losses().is_empty()));
    view! {
        <Show when=move || found.with(Option::is_some)>
            <header class="meters-head"><h2>"In mono"</h2><span class="lbl el">{said}</span></header>
            <Show when=has_losses>
                <table class="goal-table" aria-label="Lost in mono">
                    <thead><tr><th scope="col">"Band"</th><th scope="col">"dB"</th></tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </Show>
        </Show>
    }
}

fn sentence(analysis: &Analysis) -> String {
    match analysis.mono_losses().len() {
        0 => "no band loses more than 6 dB".into(),
        1 => "one band loses more than 6 dB".into(),
        count => format!("{count} bands lose more than 6 dB"),
    }
}
