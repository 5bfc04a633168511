//! The sides of a record: minutes, what they cost, and what a cutting engineer would ask about.

use leptos::prelude::*;
use session::album::vinyl::{FORMATS, Format, Groove, Length, Order, Side, plan};

use super::desk::{Desk, Line};
use crate::ui::master::number;
use crate::ui::timeline::time;
use crate::ui::widgets::{Icon, IconView, Select, SelectOption};

/// Names of sides.
const LETTERS: [&str; 12] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"];

/// A song on a side: its title, its length, and what is to be said of it.
#[derive(Clone, Debug, PartialEq)]
struct OnSide {
    title: String,
    length: String,
    notes: Vec<String>,
}

/// A side as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    side: Side,
    songs: Vec<OnSide>,
}

fn length(line: &Line) -> Length {
    let song_s = (line.range.end - line.range.start) as f64 / f64::from(line.rate_hz.max(1));
    Length { song_s, gap_s: f64::from(line.gap_ms) / 1_000.0 }
}

/// What a song's groove asks for, in words.
fn notes(groove: Option<Groove>, is_last: bool, brightest_db: f64) -> Vec<String> {
    let Some(groove) = groove else { return Vec::new() };
    let mut notes = Vec::new();
    if groove.is_bass_wide() {
        notes.push(format!("bass under 150 Hz is wide: side at {} dB", number(groove.bass_side_db, 1)));
    }
    if groove.is_sibilant() {
        notes.push(format!("sibilants: 5 to 10 kHz at {} dB of 1 to 3 kHz", number(groove.sibilance_db, 1)));
    }
    if is_last && groove.brightness_db >= brightest_db {
        notes.push("the brightest of the side, and innermost".to_owned());
    }
    notes
}

fn shown(desk: Desk, format: &Format, order: Order) -> Vec<Shown> {
    let lines = desk.lines();
    let lengths: Vec<Length> = lines.iter().map(length).collect();
    let grooves: Vec<Option<Groove>> = lines.iter().map(|line| desk.file(line).map(|analysis| Groove::of(&analysis))).collect();
    let bright = |song: usize| grooves[song].map_or(f64::NAN, |groove| groove.brightness_db);
    let brightness: Vec<f64> = (0..lines.len()).map(bright).collect();
    let side = |side: Side| {
        let brightest_db = side.songs.iter().map(|song| brightness[*song]).fold(f64::NEG_INFINITY, f64::max);
        let count = side.songs.len();
        let song = |(at, song): (usize, &usize)| OnSide {
            title: lines[*song].title.clone(),
            length: time::short(lines[*song].range.end - lines[*song].range.start, lines[*song].rate_hz),
            notes: notes(grooves[*song], at + 1 == count && count > 1, brightest_db),
        };
        Shown { songs: side.songs.iter().enumerate().map(song).collect(), side }
    };
    plan(&lengths, &brightness, format, order).into_iter().map(side).collect()
}

/// The panel "Vinyl".
#[component]
pub fn Record(desk: Desk) -> impl IntoView {
    let (format, order) = (RwSignal::new(FORMATS[0].id.to_owned()), RwSignal::new("kept".to_owned()));
    let chosen = move || FORMATS.into_iter().find(|known| format.with(|format| known.id == format.as_str())).unwrap_or(FORMATS[0]);
    let sides =
        Memo::new(move |_| shown(desk, &chosen(), if order.with(|order| order == "bright") { Order::Brightness } else { Order::Kept }));
    let formats = FORMATS.map(|format| SelectOption::new(format.id, format.name)).to_vec();
    let orders = vec![SelectOption::new("kept", "The album's order"), SelectOption::new("bright", "Brightest outside")];
    let about = move || {
        let format = chosen();
        format!("Up to {} min a side at full level, {} at most; each minute over costs about 1 dB.", format.best_min, format.most_min)
    };
    view! {
        <section class="album-record" aria-label="Vinyl">
            <header class="meters-head">
                <h2>"Vinyl"</h2>
                <Select name="Record" options=Signal::stored(formats) chosen=format on_choose=move |id: String| format.set(id) />
                <Select name="Order on the sides" options=Signal::stored(orders) chosen=order on_choose=move |id: String| order.set(id) />
                <span class="lbl el grow">{about}</span>
            </header>
            <div class="album-sides">{move || sides.get().into_iter().enumerate().map(side).collect_view()}</div>
        </section>
    }
}

fn side((at, shown): (usize, Shown)) -> impl IntoView {
    let letter = LETTERS.get(at).copied().unwrap_or("–");
    let Shown { side, songs } = shown;
    let minutes = time::short((side.seconds * 1_000.0).round() as u64, 1_000);
    let too_long =
        side.is_too_long.then(|| view! { <span class="album-warn"><IconView icon=Icon::Warn />"too long for this record"</span> });
    let song = |song: OnSide| {
        let notes = song.notes.into_iter().map(|note| view! { <span class="album-warn"><IconView icon=Icon::Warn />{note}</span> });
        view! { <li><span class="el">{song.title}</span><span class="n lbl">{song.length}</span>{notes.collect_view()}</li> }
    };
    view! {
        <div class="album-one-side" role="group" aria-label=format!("Side {letter}")>
            <p><b>{format!("Side {letter}")}</b>" "<span class="n">{minutes}</span><span class="grow"></span><span class="lbl">"Level "</span><span class="n">{format!("{} dB", number(side.level_db, 1))}</span></p>
            {too_long}
            <ol>{songs.into_iter().map(song).collect_view()}</ol>
        </div>
    }
}
