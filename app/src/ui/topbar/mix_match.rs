//! A and B of the mix as loud as each other: both are rendered and measured over the loop, or the whole song, and the louder one is turned down
//! in what is heard. Nothing of it is in an export.

use dsp::monitor::monitor_param;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::Edit;
use session::model::{Range, Song};

use crate::media::Canceller;
use crate::state::Studio;
use crate::ui::widgets::{ButtonLook, Icon, IconView, ToggleButton};

/// How far the two are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Off,
    Measuring,
    /// Loudness of A and of B, LUFS.
    Matched([f64; 2]),
}

impl State {
    /// What a side is turned by, dB: the louder one down to the other.
    fn gain_db(self, is_b: bool) -> f64 {
        let Self::Matched([a, b]) = self else { return 0.0 };
        let (own, other) = if is_b { (b, a) } else { (a, b) };
        (other - own).min(0.0)
    }

    /// What the button says: `None` while it is off, when a sign says it.
    fn text(self) -> Option<String> {
        Some(match self {
            Self::Off => return None,
            Self::Measuring => "…".to_owned(),
            Self::Matched([a, b]) => format!("{}{:.1}", if b >= a { "B −" } else { "A −" }, (b - a).abs()),
        })
    }
}

/// See the module's text.
#[derive(Clone, Copy)]
pub struct MixMatch(RwSignal<State>);

impl MixMatch {
    /// Off.
    pub fn new() -> Self {
        Self(RwSignal::new(State::Off))
    }

    fn measure(self, studio: Studio, is_b: bool, other: Song) {
        self.0.set(State::Measuring);
        let was_playing = studio.playing.get_untracked();
        spawn_local(async move {
            let own = loudness(studio, None).await;
            let other = loudness(studio, Some(other)).await;
            self.0.set(match (own, other) {
                (Ok(own), Ok(other)) => State::Matched(if is_b { [other, own] } else { [own, other] }),
                (Err(sentence), _) | (_, Err(sentence)) => {
                    studio.messages.attention(format!("The mixes were not matched. {sentence}"));
                    State::Off
                }
            });
            if was_playing {
                studio.play();
            }
        });
    }
}

/// What is heard again and again, or else the whole song.
fn range(song: &Song) -> Range {
    song.cycle.range.filter(|_| song.cycle.enabled).unwrap_or_else(|| song.whole())
}

/// The loudness of the song on show, or of another state of it.
async fn loudness(studio: Studio, state: Option<Song>) -> Result<f64, String> {
    let (song, range) = studio.peek_song(|song| (song.id, range(song))).ok_or("There is no song.")?;
    let edit = state.map(|song| Edit::PutSong { song: Box::new(song) });
    let measured = studio.measure_range((song, range), edit, &Canceller::default(), |_| {}).await?;
    if measured.is_silent() { Err("One of them is silent there.".to_owned()) } else { Ok(measured.integrated_lufs) }
}

/// The button "Same loudness".
#[component]
pub fn MatchMixes(
    /// How far they are.
    matching: MixMatch,
    /// Whether B is heard.
    hears_b: Memo<bool>,
    /// The song as it is on the other side.
    other: Callback<(), Option<Song>>,
) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = matching.0;
    Effect::new(move |before: Option<f32>| {
        let gain_db = state.get().gain_db(hears_b.get()) as f32;
        if before.unwrap_or(0.0) != gain_db {
            studio.set_monitor(monitor_param::MIX_MATCH, gain_db);
        }
        gain_db
    });
    on_cleanup(move || studio.set_monitor(monitor_param::MIX_MATCH, 0.0));
    let press = move |_| match state.get_untracked() {
        State::Measuring => {}
        State::Matched(_) => state.set(State::Off),
        State::Off => match other.run(()) {
            Some(other) => matching.measure(studio, hears_b.get_untracked(), other),
            None => studio.messages.news("A and B are the same still: go to B and change something first."),
        },
    };
    let pressed = Signal::derive(move || state.get() != State::Off);
    let hint = "Measures both mixes over the loop, or the song, and turns the louder one down in what you hear";
    view! {
        <ToggleButton class="is-small is-soft" look=ButtonLook::Quiet name="Same loudness" hint pressed on_press=press>
            {move || match state.get().text() {
                Some(text) => view! { <span class="n">{text}</span> }.into_any(),
                None => view! { <IconView icon=Icon::Equal /> }.into_any(),
            }}
        </ToggleButton>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_louder_mix_is_turned_down_to_the_other_and_the_other_is_left_alone() {
        let matched = State::Matched([-16.0, -14.5]);
        assert_eq!((matched.gain_db(false), matched.gain_db(true)), (0.0, -1.5));
        assert_eq!(matched.text().as_deref(), Some("B −1.5"));
        assert_eq!(State::Matched([-12.0, -14.0]).gain_db(false), -2.0);
        assert_eq!(State::Off.gain_db(true), 0.0);
    }
}
