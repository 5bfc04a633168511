//! What was foreseen of a file, and what the file turned out to be when it was read back.

use leptos::prelude::*;
use session::analysis::Analysis;
use session::worker::Delivered;

use crate::ui::master::number;

/// Name, unit, places and value of what is compared.
type Line = (&'static str, fn(&Analysis) -> f64);
const LINES: [Line; 4] = [
    ("Integrated, LUFS", |analysis| analysis.integrated_lufs),
    ("True peak, dBTP", |analysis| analysis.true_peak_dbtp),
    ("Range, LU", |analysis| analysis.range_lu),
    ("Clipped runs", |analysis| f64::from(analysis.clipped_runs)),
];

/// The table "Predicted and measured" of a file.
#[component]
pub fn Measured(written: Delivered) -> impl IntoView {
    let line = |(name, read): Line| {
        let places = if name == "Clipped runs" { 0 } else { 2 };
        let file = written.file.as_ref().map_or_else(|| "–".to_owned(), |file| number(read(file), places));
        view! { <tr><th scope="row">{name}</th><td class="n">{number(read(&written.rendered), places)}</td><td class="n">{file}</td></tr> }
    };
    view! {
        <table class="export-measured" aria-label="Predicted and measured">
            <thead><tr><th scope="col"><span class="sr">"What"</span></th><th scope="col">"Predicted"</th><th scope="col">"Measured"</th></tr></thead>
            <tbody>{LINES.map(line).collect_view()}</tbody>
        </table>
    }
}
