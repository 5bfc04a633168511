//! A and B of the mix: all of levels, chains, sends, routing and automation, or only the levels, or only the inserts; clips, names and markers
//! are shared by both.
//!
//! The side that is not heard is kept while the page is open; going to it is an edit like any other.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use session::model::{Lane, Song, Strip, Target};
use session::{Edit, freeze};

use super::mix_match::{MatchMixes, MixMatch};
use crate::state::{Room, Studio};
use crate::ui::widgets::{ButtonLook, ContextMenus, MenuItem, ToggleButton};

/// What the two sides differ in; all else stays as it is when the side is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole mix.
    All,
    /// Faders, pans, switches, sends and routing with their automation.
    Levels,
    /// Chains with their automation.
    Inserts,
}

impl Scope {
    /// All, with the lines of the menu.
    const ALL: [(Self, &'static str); 3] =
        [(Self::All, "Compare all of the mix"), (Self::Levels, "Compare the levels"), (Self::Inserts, "Compare the inserts")];
}

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
    scope: RwSignal<Scope>,
    matching: MixMatch,
}

impl MixSides {
    /// Only A.
    pub fn new() -> Self {
        Self { other: RwSignal::new(None), scope: RwSignal::new(Scope::All), matching: MixMatch::new() }
    }

    /// Whether B of the song on show is heard, tracked.
    fn hears_b(self, studio: Studio) -> bool {
        let song = studio.song_id();
        self.other.with(|other| other.as_ref().is_some_and(|other| !other.is_b && Some(other.song.id) == song))
    }

    /// The song as it is on the other side; `None` where that is a copy still.
    fn other_of(self, now: &Song) -> Option<Song> {
        let other = self.other.get_untracked().filter(|other| other.song.id == now.id)?;
        Some(with_mix_of(now, &other.song, self.scope.get_untracked())).filter(|other| other != now)
    }

    /// The song with the mix of the side that is not heard, where that is another one; tracked.
    pub fn other(self, studio: Studio) -> Option<Song> {
        self.other.track();
        self.scope.track();
        studio.song(Song::clone).and_then(|now| self.other_of(&now))
    }

    /// Goes to the other side; the first time it is a copy.
    pub fn turn(self, studio: Studio) {
        let Some(now) = studio.peek_song(Song::clone) else { return };
        let was_b = untrack(|| self.hears_b(studio));
        let next = self.other_of(&now);
        self.other.set(Some(Other { is_b: was_b, song: now.clone() }));
        if let Some(next) = next {
            let name = if was_b { "Mix to A" } else { "Mix to B" };
            studio.dispatch(name, Edit::PutSong { song: Box::new(next) });
        }
    }
}

/// A song with the mix of another state of it. Strips that the other state does not have keep their own; what leads to strips that
/// are gone is left out.
fn with_mix_of(song: &Song, mix: &Song, scope: Scope) -> Song {
    let exists = |id: dsp::protocol::StripId| song.strip(id).is_some();
    let mixed = |strip: &Strip| {
        let Some(other) = mix.strip(strip.id) else { return strip.clone() };
        let other = &in_scope(strip, other, scope);
        let mut sends = other.sends.clone();
        sends.retain(|send| exists(send.to));
        let mut inserts = other.inserts.clone();
        inserts.iter_mut().for_each(|insert| insert.key = insert.key.filter(|key| exists(*key)));
        let mut lanes = other.lanes.clone();
        lanes.retain(|lane| match &lane.target {
            Target::Send(send, _) => sends.iter().any(|kept| kept.id == *send),
            _ => true,
        });
        let mixed = Strip {
            output: other.output.filter(|output| exists(*output)),
            values: other.values.clone(),
            inserts,
            sends,
            lanes,
            ..strip.clone()
        };
        // A side in which the track is frozen and one in which it is not share what stands before the fader: both sound the same there.
        if strip.frozen == other.frozen { mixed } else { freeze::with_head_of(mixed, strip) }
    };
    Song { strips: song.strips.iter().map(mixed).collect(), ..song.clone() }
}

/// A strip of the other side as far as it is compared; the rest is this side's.
fn in_scope(strip: &Strip, other: &Strip, scope: Scope) -> Strip {
    let (levels, chain) = match scope {
        Scope::All => return other.clone(),
        Scope::Levels => (other, strip),
        Scope::Inserts => (strip, other),
    };
    let of_chain = |lane: &&Lane| matches!(lane.target, Target::Insert(..));
    let lanes = chain.lanes.iter().filter(of_chain).chain(levels.lanes.iter().filter(|lane| !of_chain(lane)));
    let mut lanes: Vec<Lane> = lanes.cloned().collect();
    lanes.sort_by(|a, b| a.target.cmp(&b.target));
    let (values, sends) = (levels.values.clone(), levels.sends.clone());
    Strip { output: levels.output, values, sends, inserts: chain.inserts.clone(), lanes, ..other.clone() }
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
        let hint = "Two states of the mix; the other one begins as a copy (Shift B). Right click: what is compared";
        view! { <ToggleButton class="is-small is-icon is-soft" look=ButtonLook::Quiet name hint pressed on_press=turn>{letter}</ToggleButton> }
    };
    let is_mix = move || studio.room.get() == Room::Mix;
    let other = Callback::new(move |()| studio.peek_song(|now| sides.other_of(now)).flatten());
    let matched = move || view! { <MatchMixes matching=sides.matching hears_b other /> };
    let menus = expect_context::<ContextMenus>();
    let offer = move |event: MouseEvent| {
        let line = |(scope, text): (Scope, &str)| {
            let text = if sides.scope.get_untracked() == scope { format!("{text} (now)") } else { text.to_owned() };
            MenuItem::new(text, "What changes between A and B", move || sides.scope.set(scope))
        };
        menus.open(&event, "Compare mixes", Scope::ALL.map(line).to_vec());
    };
    view! { <Show when=is_mix><div class="top-group" role="group" aria-label="Compare mixes" on:contextmenu=offer>{side(false)}{side(true)}{matched()}</div></Show> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::{Insert, Session};

    #[test]
    fn only_what_is_compared_changes() {
        let mut ids = Session::new("0", "Songs").ids();
        let mut song = Song::mix(&mut ids, "Mix", 48_000);
        song.strips.insert(0, Strip::audio(&mut ids, "Kick", 1));
        let mut other = song.clone();
        other.strips[0].values.insert("volume".into(), -6.0);
        other.strips[0].inserts.push(Insert::new(&mut ids, "equalizer"));
        let seen = |scope| {
            let mixed = with_mix_of(&song, &other, scope);
            (mixed.strips[0].values.contains_key("volume"), mixed.strips[0].inserts.len())
        };
        assert_eq!([Scope::All, Scope::Levels, Scope::Inserts].map(seen), [(true, 1), (true, 0), (false, 1)]);
    }

    #[test]
    fn the_other_mix_brings_its_levels_and_leaves_names_and_clips() {
        let mut ids = Session::new("0", "Songs").ids();
        let mut song = Song::mix(&mut ids, "Mix", 48_000);
        song.strips.insert(0, Strip::audio(&mut ids, "Kick", 1));
        let mut other = song.clone();
        other.strips[0].values.insert("volume".into(), -6.0);
        other.strips[0].name = "Old name".into();
        let mixed = with_mix_of(&song, &other, Scope::All);
        assert_eq!(mixed.strips[0].values.get("volume"), Some(&-6.0));
        assert_eq!(mixed.strips[0].name, "Kick");
        assert_eq!(mixed.strips[0].clips, song.strips[0].clips);
    }
}
