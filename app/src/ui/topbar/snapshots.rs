//! A and B of the whole mix: levels, chains, sends, routing and automation; clips, names and markers are shared by both.
//!
//! The side that is not heard is kept while the page is open; going to it is an edit like any other.

use leptos::prelude::*;
use session::Edit;
use session::model::{Song, Strip};

use crate::state::{Room, Studio};
use crate::ui::widgets::{ButtonLook, ToggleButton};

/// The side that is not heard.
#[derive(Clone)]
struct Other {
    is_b: bool,
    song: Song,
}

/// The two sides; a context of the page.
#[derive(Clone, Copy)]
pub struct MixSides {
    other: RwSignal<Option<Other>>,
}

impl MixSides {
    /// Only A.
    pub fn new() -> Self {
        Self { other: RwSignal::new(None) }
    }

    /// Whether B of the song on show is heard, tracked.
    fn hears_b(self, studio: Studio) -> bool {
        let song = studio.song_id();
        self.other.with(|other| other.as_ref().is_some_and(|other| !other.is_b && Some(other.song.id) == song))
    }

    /// Goes to the other side; the first time it is a copy.
    pub fn turn(self, studio: Studio) {
        let Some(now) = studio.peek_song(Song::clone) else { return };
        let was_b = untrack(|| self.hears_b(studio));
        let next = self.other.get_untracked().filter(|other| other.song.id == now.id).map(|other| with_mix_of(&now, &other.song));
        self.other.set(Some(Other { is_b: was_b, song: now.clone() }));
        if let Some(next) = next.filter(|next| *next != now) {
            let name = if was_b { "Mix to A" } else { "Mix to B" };
            studio.dispatch(name, Edit::PutSong { song: Box::new(next) });
        }
    }
}

/// A song with the mix of another state of it. Strips that the other state does not have keep their own; what leads to strips that
/// are gone is left out.
fn with_mix_of(song: &Song, mix: &Song) -> Song {
    let exists = |id: dsp::protocol::StripId| song.strip(id).is_some();
    let mixed = |strip: &Strip| {
        let Some(other) = mix.strip(strip.id) else { return strip.clone() };
        let mut sends = other.sends.clone();
        sends.retain(|send| exists(send.to));
        let mut inserts = other.inserts.clone();
        inserts.iter_mut().for_each(|insert| insert.key = insert.key.filter(|key| exists(*key)));
        let mut lanes = other.lanes.clone();
        lanes.retain(|lane| match &lane.target {
            session::model::Target::Send(send, _) => sends.iter().any(|kept| kept.id == *send),
            _ => true,
        });
        Strip {
            output: other.output.filter(|output| exists(*output)),
            values: other.values.clone(),
            inserts,
            sends,
            lanes,
            ..strip.clone()
        }
    };
    Song { strips: song.strips.iter().map(mixed).collect(), ..song.clone() }
}

/// The pair of buttons "Mix A" and "Mix B".
#[component]
pub fn CompareMixes() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let sides = expect_context::<MixSides>();
    let hears_b = Memo::new(move |_| sides.hears_b(studio));
    let side = move |is_b: bool| {
        let pressed = Signal::derive(move || hears_b.get() == is_b);
        let turn = move |_| {
            if hears_b.get_untracked() != is_b {
                sides.turn(studio);
            }
        };
        let (name, letter) = if is_b { ("Mix B", "B") } else { ("Mix A", "A") };
        let hint = "Two states of the mix; the other one begins as a copy (Shift B)";
        view! { <ToggleButton class="is-small is-icon is-soft" look=ButtonLook::Quiet name hint pressed on_press=turn>{letter}</ToggleButton> }
    };
    let is_mix = move || studio.room.get() == Room::Mix;
    view! { <Show when=is_mix><div class="top-group" role="group" aria-label="Compare mixes">{side(false)}{side(true)}</div></Show> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::Session;

    #[test]
    fn the_other_mix_brings_its_levels_and_leaves_names_and_clips() {
        let mut ids = Session::new("0", "Songs").ids();
        let mut song = Song::mix(&mut ids, "Mix", 48_000);
        song.strips.insert(0, Strip::audio(&mut ids, "Kick", 1));
        let mut other = song.clone();
        other.strips[0].values.insert("volume".into(), -6.0);
        other.strips[0].name = "Old name".into();
        let mixed = with_mix_of(&song, &other);
        assert_eq!(mixed.strips[0].values.get("volume"), Some(&-6.0));
        assert_eq!(mixed.strips[0].name, "Kick");
        assert_eq!(mixed.strips[0].clips, song.strips[0].clips);
    }
}
