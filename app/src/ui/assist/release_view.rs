//! What the release check shows: the codec, what it changes, what becomes of the song at each place, and the ceiling that would hold there.

use std::sync::Arc;

use leptos::prelude::*;
use session::assist::{decibels, difference, number};
use session::codec::{CODECS, Checked};
use session::destination::{Destination, Playback, destinations, list_date};

use super::release::{Part, Release};
use crate::ui::master::Goal;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption, ToggleButton};

/// What can be heard.
const PARTS: [(Part, &str, &str); 3] = [
    (Part::Master, "Master", "The master as it goes into the encoder"),
    (Part::Decoded, "Decoded", "What comes out of the decoder, as loud"),
    (Part::Change, "What the codec changes", "The master less what was decoded: what the codec takes away and adds"),
];

/// The tool "Release check".
#[component]
pub fn ReleaseView(
    /// Its state.
    release: Release,
) -> impl IntoView {
    release.ask();
    on_cleanup(move || release.silence());
    let rows = move || {
        let checked = release.checked()?;
        let place = |place: &Destination| row(place, &checked);
        Some(destinations().iter().filter(|place| place.coded).map(place).collect_view())
    };
    view! {
        <Controls release />
        <Listening release />
        <div class="assist-table" role="region" aria-label="Destinations after decoding" tabindex="0">
            <table>
                <thead><tr>
                    <th scope="col">"Place"</th><th scope="col">"Turned by dB"</th><th scope="col">"Heard LUFS"</th><th scope="col">"Peak heard dBTP"</th>
                    <th scope="col">"After decoding"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="lbl release-note">{format!("Rules as of {}. Places encode with codecs and settings of their own: what this browser’s codec makes of the song is near theirs, not theirs.", list_date())}</p>
        </div>
        <Foot release />
    }
}

/// A place with what its listeners hear.
fn row(place: &Destination, checked: &Checked) -> impl IntoView + use<> {
    let outcome = place.outcome(&checked.decoded);
    let peak = checked.decoded.true_peak_dbtp + outcome.gain_db;
    let peak = if place.playback == Playback::Limits { peak.min(place.peak_dbtp) } else { peak };
    let (text, class, icon) = match checked.ceiling_dbtp(place.peak_dbtp) {
        None => (format!("Holds {} dBTP", decibels(place.peak_dbtp)), "goal-result is-ok", Icon::Check),
        Some(ceiling) => {
            let over = checked.decoded.true_peak_dbtp - place.peak_dbtp;
            let text = format!("{} dB over {} dBTP: ceiling {} dBTP", number(over, 2), decibels(place.peak_dbtp), decibels(ceiling));
            (text, "goal-result is-warn", Icon::Warn)
        }
    };
    view! {
        <tr title=place.source.clone()>
            <th scope="row">{place.name.clone()}</th>
            <td class="n">{difference(outcome.gain_db)}</td>
            <td class="n">{decibels(outcome.heard_lufs)}</td>
            <td class="n">{decibels(peak)}</td>
            <td><span class=class><IconView icon />{text}</span></td>
        </tr>
    }
}

/// The codec, and the button that checks.
#[component]
fn Controls(release: Release) -> impl IntoView {
    let usable = move || {
        let supported = release.supported.get().unwrap_or_default();
        CODECS.iter().zip(supported).filter(|(_, has)| *has).map(|(codec, _)| codec).collect::<Vec<_>>()
    };
    let options = Signal::derive(move || usable().into_iter().map(|codec| SelectOption::new(codec.id, codec.name)).collect::<Vec<_>>());
    let is_busy = Signal::derive(move || release.progress.with(Option::is_some));
    let cannot = Signal::derive(move || options.with(Vec::is_empty));
    let lacks = move || {
        let supported = release.supported.get()?;
        Some(lacks(&supported))
    };
    let percent = move || (release.progress.get().unwrap_or(0.0) * 100.0).floor();
    view! {
        <div class="assist-measure">
            <span class="lbl">"Codec"</span>
            <Select name="Codec" hint="Codecs of this browser, at rates that places stream with" options chosen=release.codec on_choose=move |id: String| release.codec.set(id) />
            <Show when=move || is_busy.get() fallback=move || view! {
                <Button look=ButtonLook::Line disabled=cannot hint="Renders the song, encodes and decodes it, and measures what comes out" on_press=move |()| release.run()>"Check the master"</Button>
                <span class="lbl">{lacks}</span>
            }>
                <progress class="goal-bar" aria-label="Checking" max="100" value=percent></progress>
                <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
                <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| release.cancel()>"Cancel checking"</Button>
            </Show>
        </div>
    }
}

/// What the browser cannot encode.
fn lacks(supported: &[bool]) -> String {
    let families = [("Opus", session::codec::OPUS), ("AAC", session::codec::AAC)];
    let has = |registered: &str| CODECS.iter().zip(supported).any(|(codec, has)| *has && codec.registered == registered);
    let missing: Vec<&str> = families.iter().filter(|(_, registered)| !has(registered)).map(|(name, _)| *name).collect();
    match missing.as_slice() {
        [] => String::new(),
        all if all.len() == families.len() => {
            "This browser has no encoder for Opus or AAC, so nothing can be checked in it. Another browser may have one.".to_owned()
        }
        some => format!("This browser has no encoder for {}.", some.join(" and ")),
    }
}

/// The three ways to hear it.
#[component]
fn Listening(release: Release) -> impl IntoView {
    let one = move |(part, name, hint): (Part, &'static str, &'static str)| {
        let pressed = Signal::derive(move || release.hears(part));
        let press = move |_| if pressed.get_untracked() { release.silence() } else { release.hear(part) };
        view! { <ToggleButton look=ButtonLook::Listen name=name hint=hint pressed on_press=press>{name}</ToggleButton> }
    };
    let has_any = Memo::new(move |_| release.checked().is_some());
    view! {
        <Show when=move || has_any.get()>
            <div class="assist-measure" role="group" aria-label="Hear the check">
                <span class="lbl">"Hear"</span>
                {PARTS.map(one).collect_view()}
                <span class="lbl">"As loud as the master, through the listening controls; not in the export."</span>
            </div>
        </Show>
    }
}

fn summary(checked: &Arc<Checked>, is_fresh: bool) -> String {
    let (before, after) = (checked.rendered.true_peak_dbtp, checked.decoded.true_peak_dbtp);
    let age = if is_fresh { "" } else { " The song has changed since it was checked." };
    format!(
        "True peak {} → {} dBTP after decoding. The change is {} dB against the master; {:.0} kbit/s.{age}",
        number(before, 2),
        number(after, 2),
        decibels(checked.change_db),
        checked.bit_rate() / 1_000.0
    )
}

/// What was found, and what can be done with it.
#[component]
fn Foot(release: Release) -> impl IntoView {
    let goal = expect_context::<Goal>();
    let said = move || {
        let said = release.said.get();
        if release.progress.with(Option::is_some) {
            return "The master is rendered, encoded, decoded and measured.".to_owned();
        }
        if !said.is_empty() {
            return said;
        }
        release.checked().map_or_else(|| "Not checked yet.".to_owned(), |checked| summary(&checked, release.is_fresh()))
    };
    let ceiling = Memo::new(move |_| {
        let checked = release.checked().filter(|_| release.is_fresh())?;
        checked.ceiling_dbtp(goal.destination()?.peak_dbtp)
    });
    let has_file = Signal::derive(move || release.has_file());
    let set = move || {
        let ceiling_dbtp = ceiling.get()?;
        let text = format!("Set the ceiling to {} dBTP", decibels(ceiling_dbtp));
        let hint = "What the chosen destination asks for would then hold after decoding; undo takes it back";
        Some(view! { <Button look=ButtonLook::Primary hint=hint on_press=move |()| release.set_ceiling(ceiling_dbtp)>{text}</Button> })
    };
    view! {
        <footer class="assist-foot">
            <p role="status">{said}</p>
            <span class="grow"></span>
            <Show when=move || has_file.get()>
                <Button look=ButtonLook::Quiet hint="What the encoder made, as a file" on_press=move |()| release.save_file()>"Save the encoded file"</Button>
            </Show>
            {set}
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_lacks_is_said_by_family() {
        assert_eq!(lacks(&CODECS.map(|_| true)), "");
        assert_eq!(lacks(&CODECS.map(|codec| codec.registered == "opus")), "This browser has no encoder for AAC.");
        assert!(lacks(&CODECS.map(|_| false)).starts_with("This browser has no encoder for Opus or AAC"));
    }
}
